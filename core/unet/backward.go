package unet

import "github.com/ddpm-go/ddpm/core/nn"

// below is the gradient that level i hands down: of the way up's output one
// level below.
func (p *Pass) below(i int) *nn.Image {
	if i == len(p.levels)-1 {
		return &p.dbot
	}
	return &p.levels[i+1].dout
}

// above is the gradient that the way down's level i hands up: of its input.
func (p *Pass) above(i int) *nn.Image {
	if i == 0 {
		return &p.dfirst
	}
	return &p.levels[i-1].dpooled
}

// planBackward takes memory in the order in which Backward uses it.
func (p *Pass) planBackward(m *nn.Plan) {
	n, c := p.net, p.net.config
	m.Image(&p.demb, 1, 1, c.EmbCh, 0)
	p.time.PlanBackward(m, n.time)
	m.Image(&p.dout, c.ImageSize, c.ImageSize, c.OutChannels, 1)
	m.Image(&p.dfinal, c.ImageSize, c.ImageSize, c.BaseCh, 0)
	m.Floats(&p.scratch, max(n.outConv.BackwardScratch(p.dout, p.final), n.init.BackwardScratch(p.first, p.image)))
	m.Image(&p.levels[0].dout, c.ImageSize, c.ImageSize, c.BaseCh, 0)
	m.Release(&p.dout.Data, &p.dfinal.Data)
	for i := range p.levels {
		l, size := &p.levels[i], c.size(i)
		m.Image(&l.djoined, size, size, 2*n.half(i), 0)
		l.up.planBackward(m, n.ups[i], c.EmbCh)
		m.Release(&l.dout.Data)
		m.Image(p.below(i), size/2, size/2, n.half(i), 0)
	}
	last := len(p.levels) - 1
	m.Image(&p.levels[last].dpooled, p.botOut.H, p.botOut.W, n.bot.in, 0)
	p.bot.planBackward(m, n.bot, c.EmbCh)
	m.Release(&p.dbot.Data)
	for i := last; i >= 0; i-- {
		l, size := &p.levels[i], c.size(i)
		m.Release(&l.dpooled.Data)
		m.Image(p.above(i), size, size, n.downs[i].in, 0)
		l.down.planBackward(m, n.downs[i], c.EmbCh)
		m.Release(&l.djoined.Data)
	}
}

// Backward adds to grad, laid out like Weights, the gradient of a loss whose
// gradient with respect to the last Forward's out is dout, [H][W][OutChannels].
// It may be called once after a Forward of a training pass.
func (p *Pass) Backward(grad, dout []float32) {
	if p.weights == nil {
		panic("unet: Backward on a pass for inference, or on one of a batch")
	}
	p.backward(grad, dout)
	p.weights.backward(grad, 1)
}

// backward is Backward without what the batch's weights are left to do.
func (p *Pass) backward(grad, dout []float32) {
	n, c := p.net, p.net.config
	if len(grad) != len(n.Weights()) || len(dout) != c.ImageSize*c.ImageSize*c.OutChannels {
		panic("unet: Backward on slices of another size")
	}
	clear(p.demb.Data)
	p.backwardOut(grad, nn.Plain(dout, c.ImageSize, c.ImageSize, c.OutChannels))
	for i := range p.levels {
		l := &p.levels[i]
		n.ups[i].backward(grad, l.djoined, p.demb, l.dout, l.joined, p.emb, &l.up)
		nn.Upsample2Backward(*p.below(i), n.upsampled(i, l.djoined))
	}
	last := len(p.levels) - 1
	n.bot.backward(grad, p.levels[last].dpooled, p.demb, p.dbot, p.levels[last].pooled, p.emb, &p.bot)
	for i := last; i >= 0; i-- {
		l := &p.levels[i]
		x := p.first
		if i > 0 {
			x = p.levels[i-1].pooled
		}
		dskip := n.skip(i, l.djoined)
		nn.AvgPool2BackwardAdd(dskip, l.dpooled)
		n.downs[i].backward(grad, *p.above(i), p.demb, dskip, x, p.emb, &l.down)
	}
	n.init.BackwardBias(grad, p.dfirst)
	n.init.BackwardWeight(grad, p.dfirst, p.image, p.scratch)
	if p.class != Null {
		n.label.Backward(grad, p.demb, p.class)
	}
	n.time.Backward(grad, p.demb, &p.time)
}

// backwardOut goes back through the output's norm and convolution.
func (p *Pass) backwardOut(grad []float32, dout nn.Image) {
	n, x := p.net, p.levels[0].out
	nn.Copy(p.dout, dout)
	p.dout.ClearBorder()
	n.outConv.BackwardBias(grad, p.dout)
	n.outConv.BackwardWeight(grad, p.dout, p.final, p.scratch)
	n.outConv.BackwardInput(p.dfinal, p.dout, p.scratch)
	n.outNorm.BackwardSiLU(p.dfinal, x, &p.outNorm)
	n.outNorm.Backward(grad, p.levels[0].dout, p.dfinal, x, &p.outNorm)
}
