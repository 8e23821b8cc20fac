// Package evaluate measures what a diffusion model draws: whether a classifier
// reads each sample as the class that was asked for, and how far the samples
// are from real images in the space of the classifier's features.
//
// The classifier is made of core/nn's layers and trained by this package; one
// for each of some sets is embedded (BuiltIn). Images are bytes, [n][H][W][C], as data
// sets and files of samples have them; the network sees x/127.5 − 1.
package evaluate

import "fmt"

// groupSize is the number of channels that each group of a norm has.
const groupSize = 8

// Config is the shape of a classifier: at each level but the first, two 3×3
// convolutions, each behind it a group norm and SiLU; at the first, where
// pixels are many, one. Between levels the image is halved by averaging. The
// mean over the last level's pixels is the feature vector; a linear layer turns
// it into one logit a class and an estimate of how noisy the image is. A reader of
// classes alone learns to look past noise, and features that do not see it cannot
// tell noisy samples from clean ones.
type Config struct {
	ImageSize int   `json:"image_size"`
	Channels  int   `json:"channels"`
	Classes   int   `json:"classes"`
	Noise     bool  `json:"noise"`  // whether noise is estimated
	Widths    []int `json:"widths"` // channels of each level; the last is the number of features
}

// Validate says what is wrong with the first thing that is.
func (c Config) Validate() error {
	const most = 4096
	if c.ImageSize < 1 || c.ImageSize > most || c.Channels < 1 || c.Channels > most {
		return fmt.Errorf("images of size %d with %d channels; each must be from 1 to %d", c.ImageSize, c.Channels, most)
	}
	if c.Classes < 2 || c.Classes > most {
		return fmt.Errorf("%d classes; there must be from 2 to %d", c.Classes, most)
	}
	if len(c.Widths) < 1 || len(c.Widths) > 8 {
		return fmt.Errorf("%d widths; there must be from 1 to 8, one for each level", len(c.Widths))
	}
	for _, w := range c.Widths {
		if w < groupSize || w%groupSize != 0 || w > most {
			return fmt.Errorf("width %d is not a multiple of %d from %d to %d", w, groupSize, groupSize, most)
		}
	}
	if n := 1 << (len(c.Widths) - 1); c.ImageSize%n != 0 {
		return fmt.Errorf("image size %d cannot be halved %d times", c.ImageSize, len(c.Widths)-1)
	}
	return nil
}

// outputs is how many numbers the last layer has.
func (c Config) outputs() int {
	if c.Noise {
		return c.Classes + 1
	}
	return c.Classes
}

// Features is the length of the feature vector.
func (c Config) Features() int { return c.Widths[len(c.Widths)-1] }

// Pixels is the number of bytes of an image.
func (c Config) Pixels() int { return c.ImageSize * c.ImageSize * c.Channels }
