package unet

import (
	"github.com/ddpm-go/ddpm/core/kernel"
	"github.com/ddpm-go/ddpm/core/nn"
)

// Pass is the memory of one image's way through a network. A Pass is for one
// goroutine; several on one Net run side by side.
type Pass struct {
	net   *Net
	team  *kernel.Team // nil: Forward is its caller's work alone
	class int

	time      nn.TimeState
	emb, demb nn.Image
	image     nn.Image // the input, with a border
	first     nn.Image // what init_conv makes of it
	levels    []level
	bot       stageState
	botOut    nn.Image
	outNorm   nn.NormState
	final     nn.Image // what the last convolution reads
	room      nn.Room  // of the first convolution and the last
	dout      nn.Image // gradient of the output, with a border
	dfinal    nn.Image
	dbot      nn.Image
	dfirst    nn.Image
	scratch   []float32
	weights   *weightGradients // nil but in a training pass by itself
}

// level is the memory of what happens at one resolution.
type level struct {
	down, up stageState
	joined   nn.Image // [upsampled, skip]; the way down writes its half first
	pooled   nn.Image
	out      nn.Image // of the way up

	djoined, dpooled, dout nn.Image
}

// half is the number of channels of each half of a level's joined image.
func (n *Net) half(level int) int { return n.downs[level].out }

func (n *Net) upsampled(level int, joined nn.Image) nn.Image {
	return joined.Channels(0, n.half(level))
}

func (n *Net) skip(level int, joined nn.Image) nn.Image {
	return joined.Channels(n.half(level), n.half(level))
}

// NewPass plans the memory for Forward, each piece used again once its content
// has been read for the last time.
func (n *Net) NewPass() *Pass { return n.NewSharedPass(1) }

// NewSharedPass is NewPass for an image that so many goroutines compute together.
// They run while Forward does. How many they are does not show in the result.
func (n *Net) NewSharedPass(hands int) *Pass {
	p := &Pass{net: n, levels: make([]level, n.config.Depth), team: kernel.NewTeam(hands)}
	plan := nn.Plan{Team: p.team}
	p.plan(&plan)
	plan.Allocate()
	return p
}

// NewTrainingPass plans the memory for Forward and Backward. The first call
// makes the Net keep what backward passes read, so no other pass may run
// meanwhile.
func (n *Net) NewTrainingPass() *Pass {
	p := n.newTrainingPass()
	p.weights = newWeightGradients(n, []*Pass{p})
	return p
}

func (n *Net) newTrainingPass() *Pass {
	n.weights.Train()
	p := &Pass{net: n, levels: make([]level, n.config.Depth)}
	plan := nn.Plan{Keep: true}
	p.plan(&plan)
	plan.Keep = false
	p.planBackward(&plan)
	plan.Allocate()
	return p
}

// plan takes memory in the order in which Forward uses it.
func (p *Pass) plan(m *nn.Plan) {
	n, c := p.net, p.net.config
	m.Image(&p.emb, 1, 1, c.EmbCh, 0)
	p.time.Plan(m, n.time)
	m.Image(&p.image, c.ImageSize, c.ImageSize, c.InChannels, 1)
	m.Image(&p.first, c.ImageSize, c.ImageSize, c.BaseCh, 0)
	m.Release(&p.image.Data)
	x := &p.first
	for i := range p.levels {
		l, size := &p.levels[i], c.size(i)
		m.Image(&l.joined, size, size, 2*n.half(i), 0)
		l.down.plan(m, n.downs[i])
		m.Release(&x.Data)
		m.Image(&l.pooled, size/2, size/2, n.half(i), 0)
		x = &l.pooled
	}
	m.Image(&p.botOut, x.H, x.W, n.bot.out, 0)
	p.bot.plan(m, n.bot)
	m.Release(&x.Data)
	x = &p.botOut
	for i := len(p.levels) - 1; i >= 0; i-- {
		l, size := &p.levels[i], c.size(i)
		m.Release(&x.Data)
		m.Image(&l.out, size, size, n.ups[i].out, 0)
		l.up.plan(m, n.ups[i])
		m.Release(&l.joined.Data)
		x = &l.out
	}
	p.outNorm.Plan(m, c.BaseCh)
	m.Image(&p.final, c.ImageSize, c.ImageSize, c.BaseCh, 1)
	m.Room(&p.room, max(n.init.Scratch(c.ImageSize, c.ImageSize, m.Team), n.outConv.Scratch(c.ImageSize, c.ImageSize, m.Team)))
}

// Forward writes to out, [H][W][OutChannels], the network's prediction for the
// image x, [H][W][InChannels], at the paper's t = 1…T and for a class, or Null.
func (p *Pass) Forward(out, x []float32, t, class int) {
	n, c := p.net, p.net.config
	pixels := c.ImageSize * c.ImageSize
	if len(out) != pixels*c.OutChannels || len(x) != pixels*c.InChannels {
		panic("unet: Forward on images of another size")
	}
	if t < 1 {
		panic("unet: t counts from 1")
	}
	if class != Null && (class < 0 || class >= c.NumClasses) {
		panic("unet: no such class")
	}
	p.class = class
	p.team.Begin()
	defer p.team.End()
	n.time.Forward(p.emb, t-1, &p.time)
	if class != Null {
		n.label.Add(p.emb, class)
	}
	nn.Copy(p.image, nn.Plain(x, c.ImageSize, c.ImageSize, c.InChannels))
	p.image.ClearBorder()
	n.init.Forward(p.first, p.image, n.init.Bias(), p.room)
	in := p.first
	for i := range p.levels {
		l := &p.levels[i]
		skip := n.skip(i, l.joined)
		n.downs[i].forward(skip, in, p.emb, &l.down)
		nn.AvgPool2(l.pooled, skip)
		in = l.pooled
	}
	n.bot.forward(p.botOut, in, p.emb, &p.bot)
	in = p.botOut
	for i := len(p.levels) - 1; i >= 0; i-- {
		l := &p.levels[i]
		nn.Upsample2(n.upsampled(i, l.joined), in)
		n.ups[i].forward(l.out, l.joined, p.emb, &l.up)
		in = l.out
	}
	n.outNorm.ForwardSiLU(p.final, in, &p.outNorm)
	p.final.ClearBorder()
	n.outConv.Forward(nn.Plain(out, c.ImageSize, c.ImageSize, c.OutChannels), p.final, n.outConv.Bias(), p.room)
}
