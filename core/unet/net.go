package unet

import (
	"strconv"

	"github.com/ddpm-go/ddpm/core/nn"
)

// Net is the network's parameters. Several passes may use one Net at a time, as
// long as nobody writes its weights.
type Net struct {
	config  Config
	weights nn.Weights

	time    *nn.TimeEmbedding
	label   *nn.ClassEmbedding // nil: unconditional
	init    *nn.Conv
	downs   []*stage // by level
	bot     *stage
	ups     []*stage // by level, so the last is the first to run
	outNorm *nn.GroupNorm
	outConv *nn.Conv
}

// Param is one named parameter: PyTorch's name and shape, and its place in the
// flat slice.
type Param = nn.Param

// Convolution says how 3×3 convolutions are computed; the zero value is the best
// for each layer.
type Convolution = nn.Convolution

// New makes a network with all weights zero. The error is Validate's.
func New(c Config) (*Net, error) { return NewWith(c, nn.Auto) }

// NewWith is New for a network that computes its convolutions in one way.
func NewWith(c Config, way Convolution) (*Net, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	n := declare(c)
	n.weights.SetConvolution(way)
	n.weights.Allocate()
	return n, nil
}

// Load makes a network to run and not to train, with weights from read, which writes
// the rows of a parameter from first on that fill dst, in PyTorch's layout. They are
// read in the order in which they stand in a file, of which at knows where each begins.
// It keeps no more of them than passes read, so its Weights are nil. The error is
// Validate's or read's.
func Load(c Config, way Convolution, read func(p Param, first int, dst []float32) error, at func(Param) int64) (*Net, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	n := declare(c)
	n.weights.SetConvolution(way)
	if err := n.weights.Load(read, at); err != nil {
		return nil, err
	}
	return n, nil
}

// declare lists the layers in the order in which PyTorch lists the ancestor's
// parameters, without memory for them. A level's second block, which the ancestor
// does not have, is named after the first, as in downs.0.block2 and bot2, and
// stands behind it.
func declare(c Config) *Net {
	n := &Net{config: c}
	w := &n.weights
	n.time = w.TimeEmbedding("time_mlp", timeWidth, c.EmbCh)
	if c.NumClasses > 0 {
		n.label = w.ClassEmbedding("label_emb", c.NumClasses, c.EmbCh)
	}
	n.init = w.Conv("init_conv", 3, c.ImageSize, c.InChannels, c.BaseCh, nn.Linear)
	for level := range c.Depth {
		name := "downs." + strconv.Itoa(level)
		n.downs = append(n.downs, newStage(w, c, name+".block", name+".attention", level, c.width(level), c.width(level+1)))
		n.downs[level].part = true
	}
	n.bot = newStage(w, c, "bot", "bot_attention", c.Depth, c.width(c.Depth), c.width(c.Depth))
	n.ups = make([]*stage, c.Depth)
	for level := c.Depth - 1; level >= 0; level-- {
		name := "ups." + strconv.Itoa(c.Depth-1-level)
		n.ups[level] = newStage(w, c, name+".block", name+".attention", level, 2*c.width(level+1), c.width(level))
	}
	n.outNorm = w.GroupNorm("out_conv.0", c.BaseCh, normGroups, normEps)
	n.outConv = w.Conv("out_conv.2", 3, c.ImageSize, c.BaseCh, c.OutChannels, nn.Zero)
	return n
}

// Parameters is the number of parameters of a network with a config whose
// fields are within bounds.
func (c Config) Parameters() int64 { return declare(c).Parameters() }

// Params lists the parameters that a network with a valid config has, in
// PyTorch's order.
func (c Config) Params() []Param { return declare(c).weights.Params() }

// MulAdds is the number of multiply-adds that a valid config's network takes for
// one image.
func (c Config) MulAdds() int64 { return declare(c).MulAdds() }

// Parameters is Config's, of a network that is there already.
func (n *Net) Parameters() int64 { return int64(n.weights.Len()) }

// MulAdds is Config's, of a network that is there already.
func (n *Net) MulAdds() int64 {
	c := n.config
	total := n.time.MulAdds() + n.init.MulAdds(c.ImageSize, c.ImageSize) +
		n.bot.mulAdds() + n.outConv.MulAdds(c.ImageSize, c.ImageSize)
	for level := range c.Depth {
		total += n.downs[level].mulAdds() + n.ups[level].mulAdds()
	}
	return total
}

// Config returns the config the network was made from.
func (n *Net) Config() Config { return n.config }

// Weights is all parameters in one slice, laid out as Params says; nil for a
// network from Load. Gradients, moments and averages are slices of the same length
// and layout. Call Pack after writing to it.
func (n *Net) Weights() []float32 { return n.weights.Flat }

// Pack renews what is derived from Weights. No pass may run meanwhile.
func (n *Net) Pack() { n.weights.Pack() }

// Layers is the number of layers that PackLayer knows.
func (n *Net) Layers() int { return n.weights.Layers() }

// PackLayer is Pack for one layer; several goroutines may each do some.
func (n *Net) PackLayer(i int) { n.weights.PackLayer(i) }

// Params lists the parameters in PyTorch's order.
func (n *Net) Params() []Param { return n.weights.Params() }

// Init draws the weights for training; the same seed gives the same weights.
// The last convolution of each residual block, attention's output projection
// and the network's last convolution begin at zero, so that every block begins
// as its skip.
func (n *Net) Init(seed uint64) { n.weights.Init(seed) }
