package unet

import (
	"strconv"

	"github.com/ddpm-go/ddpm/core/nn"
)

// stage is what a level does on one of its ways: residual blocks and, at some
// levels, attention behind the last.
type stage struct {
	size      int // pixels a side
	in, out   int // channels
	blocks    []*block
	attention *nn.Attention // nil: none
	part      bool          // the output is some channels of a wider image
}

func newStage(w *nn.Weights, c Config, block, attention string, level, in, out int) *stage {
	s := &stage{size: c.size(level), in: in, out: out}
	for k := range c.blocks() {
		name := block
		if k > 0 {
			name += strconv.Itoa(k + 1)
		}
		s.blocks = append(s.blocks, newBlock(w, name, s.size, in, out, c.EmbCh, c.ScaleShift))
		in = out
	}
	if c.attends(level) {
		s.attention = w.Attention(attention, out, attentionHeads, attentionGroups, attentionEps)
	}
	return s
}

const attentionEps = 1e-6

// direct reports whether the last block writes the stage's output itself. One that
// adds its input as it is cannot write to some channels of a wider image.
func (g *stage) direct() bool {
	return g.attention == nil && !(g.part && g.blocks[len(g.blocks)-1].skip == nil)
}

func (g *stage) mulAdds() int64 {
	var n int64
	for _, b := range g.blocks {
		n += b.mulAdds(g.size)
	}
	if g.attention != nil {
		n += g.attention.MulAdds(g.size * g.size)
	}
	return n
}

// stageState is a stage's memory for one image.
type stageState struct {
	blocks    []blockState
	attention nn.AttentionState
	between   []nn.Image // what blocks write that is not the stage's output
	dbetween  []nn.Image
}

func (s *stageState) plan(p *nn.Plan, g *stage) {
	s.blocks = make([]blockState, len(g.blocks))
	n := len(g.blocks)
	if g.direct() {
		n--
	}
	s.between = make([]nn.Image, n)
	for k, b := range g.blocks {
		if k < n {
			p.Image(&s.between[k], g.size, g.size, g.out, 0)
		}
		s.blocks[k].plan(p, b, g.size)
		if k > 0 {
			p.Release(&s.between[k-1].Data)
		}
	}
	if g.attention != nil {
		s.attention.Plan(p, g.attention, g.size, g.size)
	}
	if n == len(g.blocks) {
		p.Release(&s.between[n-1].Data)
	}
}

func (g *stage) forward(out, x, emb nn.Image, s *stageState) {
	for k, b := range g.blocks {
		to := out
		if k < len(s.between) {
			to = s.between[k]
		}
		b.forward(to, x, emb, &s.blocks[k])
		x = to
	}
	if g.attention != nil {
		g.attention.Forward(out, x, &s.attention)
	} else if len(s.between) == len(g.blocks) {
		nn.Copy(out, x)
	}
}

func (s *stageState) planBackward(p *nn.Plan, g *stage, emb int) {
	last := len(g.blocks) - 1
	n := last
	if g.attention != nil {
		n++
	}
	s.dbetween = make([]nn.Image, n)
	if g.attention != nil {
		p.Image(&s.dbetween[last], g.size, g.size, g.out, 0)
		s.attention.PlanBackward(p, g.attention, g.size, g.size)
	}
	for k := last; k >= 0; k-- {
		if k > 0 {
			p.Image(&s.dbetween[k-1], g.size, g.size, g.out, 0)
		}
		s.blocks[k].planBackward(p, g.blocks[k], g.size, emb)
		if k < n {
			p.Release(&s.dbetween[k].Data)
		}
	}
}

func (g *stage) backward(grad []float32, dx, demb, dout, x, emb nn.Image, s *stageState) {
	last := len(g.blocks) - 1
	if g.attention != nil {
		nn.Copy(s.dbetween[last], dout)
		g.attention.Backward(grad, s.dbetween[last], s.between[last], &s.attention)
		dout = s.dbetween[last]
	}
	for k := last; k >= 0; k-- {
		from, to := x, dx
		if k > 0 {
			from, to = s.between[k-1], s.dbetween[k-1]
		}
		g.blocks[k].backward(grad, to, demb, dout, from, emb, &s.blocks[k])
		dout = to
	}
}
