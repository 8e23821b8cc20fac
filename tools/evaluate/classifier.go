package evaluate

import (
	"fmt"

	"github.com/ddpm-go/ddpm/core/nn"
)

// Classifier is a network that reads images. Several passes may share it, but
// not while its weights change.
type Classifier struct {
	config  Config
	weights nn.Weights
	blocks  []block
	head    *nn.Conv
}

// block is a convolution, a group norm and SiLU.
type block struct {
	conv *nn.Conv
	norm *nn.GroupNorm
	size int  // height and width of its images
	last bool // of its level: what it computes is averaged, over 2×2 or over all
}

// NewClassifier makes a classifier whose weights are all zero.
func NewClassifier(config Config) (*Classifier, error) {
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	c := &Classifier{config: config}
	size, in := config.ImageSize, config.Channels
	for level, width := range config.Widths {
		depth := min(level+1, 2)
		for i := range depth {
			name := fmt.Sprintf("levels.%d.%d.", level, i)
			c.blocks = append(c.blocks, block{
				conv: c.weights.Conv(name+"conv", 3, size, in, width, nn.Linear),
				norm: c.weights.GroupNorm(name+"norm", width, width/groupSize, 1e-5),
				size: size, last: i == depth-1,
			})
			in = width
		}
		size /= 2
	}
	c.head = c.weights.Linear("head.weight", "head.bias", in, config.outputs(), nn.Linear)
	c.weights.Allocate()
	return c, nil
}

// Config is the network's shape.
func (c *Classifier) Config() Config { return c.config }
