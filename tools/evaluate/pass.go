package evaluate

import "github.com/ddpm-go/ddpm/core/nn"

// pass is the memory of reading one image, and of the way back.
type pass struct {
	c        *Classifier
	blocks   []blockPass
	features nn.Image // 1×1×Features
	logits   nn.Image // 1×1×Classes, and behind them the noise
	room     nn.Room

	dfeatures nn.Image
	scratch   []float32
}

type blockPass struct {
	in   nn.Image // with a border
	sum  nn.Image // what the convolution computes
	norm nn.NormState
	out  nn.Image // only of the last block of a level; others write to the next one's in
	half nn.Image // out averaged over 2×2, unless it is the last level's

	dout, dhalf nn.Image
	dsum        nn.Image // with a border
}

func (c *Classifier) newPass(training bool) *pass {
	p := &pass{c: c, blocks: make([]blockPass, len(c.blocks))}
	plan := nn.Plan{Keep: true} // so that borders stay zero
	room := 0
	for i, b := range c.blocks {
		s := &p.blocks[i]
		room = max(room, b.conv.Scratch(b.size, b.size, nil))
		plan.Image(&s.in, b.size, b.size, b.conv.In, 1)
		plan.Image(&s.sum, b.size, b.size, b.conv.Out, 0)
		s.norm.Plan(&plan, b.conv.Out)
		if b.last {
			plan.Image(&s.out, b.size, b.size, b.conv.Out, 0)
			if i+1 < len(c.blocks) {
				plan.Image(&s.half, b.size/2, b.size/2, b.conv.Out, 0)
			}
		}
	}
	plan.Image(&p.features, 1, 1, c.config.Features(), 0)
	plan.Image(&p.logits, 1, 1, c.config.outputs(), 0)
	plan.Room(&p.room, room)
	if training {
		p.planBackward(&plan)
	}
	plan.Allocate()
	return p
}

func (p *pass) planBackward(plan *nn.Plan) {
	scratch := p.c.head.BackwardScratch(p.logits, p.features)
	for i, b := range p.c.blocks {
		s := &p.blocks[i]
		plan.Image(&s.dout, b.size, b.size, b.conv.Out, 0)
		plan.Image(&s.dsum, b.size, b.size, b.conv.Out, 1)
		if b.last && i+1 < len(p.c.blocks) {
			plan.Image(&s.dhalf, b.size/2, b.size/2, b.conv.Out, 0)
		}
		scratch = max(scratch, b.conv.BackwardScratch(s.dsum, s.in))
	}
	plan.Image(&p.dfeatures, 1, 1, p.c.config.Features(), 0)
	plan.Floats(&p.scratch, scratch)
}

// forward reads the image x, [H][W][C] in [−1, 1], into p.features and p.logits.
func (p *pass) forward(x []float32) {
	size := p.c.config.ImageSize
	nn.Copy(p.blocks[0].in, nn.Plain(x, size, size, p.c.config.Channels))
	for i, b := range p.c.blocks {
		s := &p.blocks[i]
		b.conv.Forward(s.sum, s.in, b.conv.Bias(), p.room)
		if !b.last {
			b.norm.ForwardSiLU(p.blocks[i+1].in, s.sum, &s.norm)
			continue
		}
		b.norm.ForwardSiLU(s.out, s.sum, &s.norm)
		if i+1 < len(p.c.blocks) {
			nn.AvgPool2(s.half, s.out)
			nn.Copy(p.blocks[i+1].in, s.half)
		}
	}
	mean(p.features.Data, p.blocks[len(p.blocks)-1].out)
	p.c.head.Forward(p.logits, p.features, p.c.head.Bias(), nn.Room{})
}

// backward adds to grad the gradient of the weights, given that of the logits of
// the last forward.
func (p *pass) backward(grad, dlogits []float32) {
	d := nn.Plain(dlogits, 1, 1, p.logits.C)
	p.c.head.BackwardBias(grad, d)
	p.c.head.BackwardWeight(grad, d, p.features, p.scratch)
	p.c.head.BackwardInput(p.dfeatures, d, p.scratch)
	meanBackward(p.blocks[len(p.blocks)-1].dout, p.dfeatures.Data)
	for i := len(p.blocks) - 1; i >= 0; i-- {
		b, s := p.c.blocks[i], &p.blocks[i]
		b.norm.BackwardSiLU(s.dout, s.sum, &s.norm)
		b.norm.Backward(grad, s.dsum, s.dout, s.sum, &s.norm)
		b.conv.BackwardBias(grad, s.dsum)
		b.conv.BackwardWeight(grad, s.dsum, s.in, p.scratch)
		if i == 0 {
			return
		}
		before := &p.blocks[i-1]
		if p.c.blocks[i-1].last {
			b.conv.BackwardInput(before.dhalf, s.dsum, p.scratch)
			clear(before.dout.Data)
			nn.AvgPool2BackwardAdd(before.dout, before.dhalf)
		} else {
			b.conv.BackwardInput(before.dout, s.dsum, p.scratch)
		}
	}
}

// mean writes the mean over the pixels of x, which has neither border nor gaps.
func mean(dst []float32, x nn.Image) {
	clear(dst)
	for i, v := range x.Data[:x.H*x.W*x.C] {
		dst[i%x.C] += v
	}
	for c := range dst {
		dst[c] /= float32(x.H * x.W)
	}
}

// meanBackward writes the gradient of mean's x.
func meanBackward(dx nn.Image, dy []float32) {
	for i := range dx.Data[:dx.H*dx.W*dx.C] {
		dx.Data[i] = dy[i%dx.C] / float32(dx.H*dx.W)
	}
}
