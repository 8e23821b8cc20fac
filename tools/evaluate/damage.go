package evaluate

import (
	"context"
	"math"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// Scale is what distances between sets of real images are: what a distance of
// samples has to be held against. Held is a part of the training images, and the
// damages are done to it.
type Scale struct {
	Test    float64  `json:"test"` // all test images from the training images
	Held    float64  `json:"held"` // a sixth of the training images from the others
	HeldOf  int      `json:"held_of"`
	Others  int      `json:"others"`
	Damages []Damage `json:"damages"`
}

// Damage is the distance of damaged images, and how many times that of whole
// ones it is.
type Damage struct {
	Name     string  `json:"name"`
	Distance float64 `json:"distance"`
	Times    float64 `json:"times_held"`
}

// damageNoise is the standard deviation of the noise that features have to see,
// in units of x (−1 to 1).
const damageNoise = 0.05

// heldOf is how many of n training images are held out.
func heldOf(n int) int { return min(10_000, n/6) }

// scaleDistances measures the training images against themselves, whole and
// damaged.
func (j Judge) scaleDistances(ctx context.Context, train *dataset.Dataset, read *Reading, test []float32, workers int, observe func(n int)) (*Scale, error) {
	length := j.config.Features()
	isHeld := make([]bool, train.Len())
	for _, i := range shuffled(train.Len())[:heldOf(train.Len())] {
		isHeld[i] = true
	}
	var heldFeatures, others []float32
	var heldImages []byte
	var labels []uint8
	for i := range train.Len() {
		features := read.Features[i*length : (i+1)*length]
		if isHeld[i] {
			heldFeatures, heldImages = append(heldFeatures, features...), append(heldImages, train.Bytes(i)...)
			labels = append(labels, train.Labels[i])
		} else {
			others = append(others, features...)
		}
	}
	s := &Scale{HeldOf: len(labels), Others: len(others) / length}
	all, err := Fit(read.Features, length, nil)
	if err != nil {
		return nil, err
	}
	if s.Test, err = distanceTo(all, test, length, nil); err != nil {
		return nil, err
	}
	reference, err := Fit(others, length, nil)
	if err != nil {
		return nil, err
	}
	if s.Held, err = distanceTo(reference, heldFeatures, length, nil); err != nil {
		return nil, err
	}
	add := func(name string, features []float32) error {
		d, err := distanceTo(reference, features, length, nil)
		s.Damages = append(s.Damages, Damage{name, d, d / s.Held})
		return err
	}
	noisy, err := j.Read(ctx, withNoise(heldImages), workers, observe)
	if err != nil {
		return nil, err
	}
	if err := add("noise of σ = 0.05", noisy.Features); err != nil {
		return nil, err
	}
	blurred, err := j.Read(ctx, blurred(heldImages, train.Height, train.Width, train.Channels), workers, observe)
	if err != nil {
		return nil, err
	}
	if err := add("3×3 blur", blurred.Features); err != nil {
		return nil, err
	}
	least := Damage{Distance: math.Inf(1)}
	for class, name := range train.Classes {
		var rest []float32
		for i, label := range labels {
			if int(label) != class {
				rest = append(rest, heldFeatures[i*length:(i+1)*length]...)
			}
		}
		if len(rest) < 2*length {
			continue // a set of nearly nothing else
		}
		d, err := distanceTo(reference, rest, length, nil)
		if err != nil {
			return nil, err
		}
		if d < least.Distance {
			least = Damage{"no " + name + ", the class missed least", d, d / s.Held}
		}
	}
	if !math.IsInf(least.Distance, 1) {
		s.Damages = append(s.Damages, least)
	}
	return s, nil
}

// withNoise adds noise of damageNoise to a copy of images, and rounds it to bytes.
func withNoise(images []byte) []byte {
	const part = 1 << 16
	noisy, z := make([]byte, len(images)), make([]float32, part)
	for first := 0; first < len(images); first += part {
		noise.Normal(z, 1, noise.Forward, uint32(first/part), 0)
		for i := first; i < min(first+part, len(images)); i++ {
			v := float64(images[i]) + 127.5*damageNoise*float64(z[i-first])
			noisy[i] = byte(math.Round(min(255, max(0, v))))
		}
	}
	return noisy
}

// blurred is the mean of 3×3 pixels in place of each, those that the image has.
func blurred(images []byte, height, width, channels int) []byte {
	soft, row := make([]byte, len(images)), width*channels
	for i := range images {
		image, y, x, c := i/(height*row), i/row%height, i/channels%width, i%channels
		sum, n := 0, 0
		for v := max(0, y-1); v <= min(height-1, y+1); v++ {
			for u := max(0, x-1); u <= min(width-1, x+1); u++ {
				sum += int(images[image*height*row+v*row+u*channels+c])
				n++
			}
		}
		soft[i] = byte((sum + n/2) / n)
	}
	return soft
}
