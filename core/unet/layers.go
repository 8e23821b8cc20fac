package unet

import "github.com/ddpm-go/ddpm/core/nn"

// Kind is what a layer does.
type Kind int

// The kinds of layers.
const (
	Conv3     Kind = iota // a 3×3 convolution
	Conv1                 // a 1×1 convolution; of one pixel, a linear layer
	NormSiLU              // group norm and SiLU
	Attention             // self-attention with its norm and residual
	Pool                  // the mean of each 2×2 pixels
	Upsample              // each pixel four times
	Time                  // the embedding of t
)

// Layer is the shape of one layer. Equal layers do equal work.
type Layer struct {
	Kind          Kind
	Size          int // pixels a side of the image that comes in; 1 for a vector
	In, Out       int // channels; what a Time layer has between its two is Out too
	Groups, Heads int // of norms and attention
}

// Layers lists a valid config's layers in the order in which Forward runs them.
func (c Config) Layers() []Layer {
	n := declare(c)
	var l layers
	l.add(Layer{Kind: Time, Size: 1, In: n.time.Width, Out: n.time.Out})
	l.conv(n.init, c.ImageSize)
	for _, s := range n.downs {
		l.stage(s)
		l.add(Layer{Kind: Pool, Size: s.size, In: s.out, Out: s.out})
	}
	l.stage(n.bot)
	below := n.bot
	for i := c.Depth - 1; i >= 0; i-- {
		l.add(Layer{Kind: Upsample, Size: below.size, In: below.out, Out: below.out})
		below = n.ups[i]
		l.stage(below)
	}
	l.norm(n.outNorm, c.ImageSize)
	l.conv(n.outConv, c.ImageSize)
	return l
}

type layers []Layer

func (l *layers) add(x Layer) { *l = append(*l, x) }

func (l *layers) conv(c *nn.Conv, size int) {
	kind := Conv1
	if c.Side == 3 {
		kind = Conv3
	}
	l.add(Layer{Kind: kind, Size: size, In: c.In, Out: c.Out})
}

func (l *layers) norm(g *nn.GroupNorm, size int) {
	l.add(Layer{Kind: NormSiLU, Size: size, In: g.Channels, Out: g.Channels, Groups: g.Groups})
}

func (l *layers) stage(s *stage) {
	for _, b := range s.blocks {
		l.norm(b.norm1, s.size)
		l.conv(b.proj, 1)
		l.conv(b.conv1, s.size)
		l.norm(b.norm2, s.size)
		if b.skip != nil {
			l.conv(b.skip, s.size)
		}
		l.conv(b.conv2, s.size)
	}
	if a := s.attention; a != nil {
		l.add(Layer{Kind: Attention, Size: s.size, In: a.Channels, Out: a.Channels, Groups: attentionGroups, Heads: a.Heads})
	}
}
