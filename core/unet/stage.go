package unet

import "github.com/ddpm-go/ddpm/core/nn"

// stage is a residual block and, at some levels, attention behind it.
type stage struct {
	size      int // pixels a side
	block     *block
	attention *nn.Attention // nil: none
}

func newStage(w *nn.Weights, c Config, block, attention string, level, in, out int) *stage {
	s := &stage{size: c.size(level), block: newBlock(w, block, c.size(level), in, out, c.EmbCh)}
	if c.attends(level) {
		s.attention = w.Attention(attention, out, attentionHeads, attentionGroups, attentionEps)
	}
	return s
}

const attentionEps = 1e-6

func (g *stage) mulAdds() int64 {
	n := g.block.mulAdds(g.size)
	if g.attention != nil {
		n += g.attention.MulAdds(g.size * g.size)
	}
	return n
}

// stageState is a stage's memory for one image.
type stageState struct {
	block     blockState
	attention nn.AttentionState
	between   nn.Image // what attention reads
	dbetween  nn.Image
}

func (s *stageState) plan(p *nn.Plan, g *stage) {
	if g.attention == nil {
		s.block.plan(p, g.block, g.size)
		return
	}
	p.Image(&s.between, g.size, g.size, g.block.out, 0)
	s.block.plan(p, g.block, g.size)
	s.attention.Plan(p, g.attention, g.size, g.size)
	p.Release(&s.between.Data)
}

func (g *stage) forward(out, x, emb nn.Image, s *stageState) {
	if g.attention == nil {
		g.block.forward(out, x, emb, &s.block)
		return
	}
	g.block.forward(s.between, x, emb, &s.block)
	g.attention.Forward(out, s.between, &s.attention)
}

func (s *stageState) planBackward(p *nn.Plan, g *stage, emb int) {
	if g.attention == nil {
		s.block.planBackward(p, g.block, g.size, emb)
		return
	}
	p.Image(&s.dbetween, g.size, g.size, g.block.out, 0)
	s.attention.PlanBackward(p, g.attention, g.size, g.size)
	s.block.planBackward(p, g.block, g.size, emb)
	p.Release(&s.dbetween.Data)
}

func (g *stage) backward(grad []float32, dx, demb, dout, x, emb nn.Image, s *stageState) {
	if g.attention != nil {
		nn.Copy(s.dbetween, dout)
		g.attention.Backward(grad, s.dbetween, s.between, &s.attention)
		dout = s.dbetween
	}
	g.block.backward(grad, dx, demb, dout, x, emb, &s.block)
}
