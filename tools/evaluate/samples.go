package evaluate

import (
	"fmt"

	"github.com/ddpm-go/ddpm/core/checkpoint"
)

// Samples are images and the classes that were asked for.
type Samples struct {
	Height, Width, Channels int
	Images                  []byte // [n][Height][Width][Channels]
	Classes                 []int  // [n]; −1 is none
	Recipe                  string // that drew them, if it is known
}

// OpenSamples reads a file as `ddpm sample --out FILE.safetensors` writes it:
// images, U8 [N,H,W,C], and classes, I64 [N], in which −1 is none.
func OpenSamples(file []byte) (*Samples, error) {
	f, err := checkpoint.Parse(file)
	if err != nil {
		return nil, err
	}
	images, shape, err := f.Uint8("images")
	if err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	if len(shape) != 4 {
		return nil, fmt.Errorf("samples: images have shape %v; wanted [N, H, W, C]", shape)
	}
	classes, of, err := f.Int64("classes")
	if err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	if len(of) != 1 || of[0] != shape[0] {
		return nil, fmt.Errorf("samples: classes have shape %v; wanted [%d], one for each image", of, shape[0])
	}
	s := &Samples{Height: shape[1], Width: shape[2], Channels: shape[3], Images: images,
		Classes: make([]int, len(classes)), Recipe: f.Metadata()["recipe"]}
	for i, class := range classes {
		s.Classes[i] = int(class)
	}
	return s, nil
}

// Check says whether a classifier can read the samples.
func (s *Samples) Check(c *Classifier) error {
	want := c.Config()
	if s.Height != want.ImageSize || s.Width != want.ImageSize || s.Channels != want.Channels {
		return fmt.Errorf("the samples are %d×%d×%d; the classifier reads %d×%d×%d",
			s.Height, s.Width, s.Channels, want.ImageSize, want.ImageSize, want.Channels)
	}
	if len(s.Classes) < 2 {
		return fmt.Errorf("%d samples are too few to evaluate; give at least 2", len(s.Classes))
	}
	for i, class := range s.Classes {
		if class < -1 || class >= want.Classes {
			return fmt.Errorf("sample %d is of class %d; the classifier knows 0 to %d, and −1 for none", i, class, want.Classes-1)
		}
	}
	return nil
}
