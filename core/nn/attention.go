package nn

import (
	"math"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// queryRows is how many positions look at all others at a time: scores take
// queryRows × positions floats instead of positions².
const queryRows = 64

// Attention is multi-head self-attention over the pixels of an image, behind a
// group norm and with a residual (Ho et al., appendix B; Vaswani et al., 2017):
// out = x + W_o·concat_h softmax(q_h·k_hᵀ/√d)·v_h + b_o, with q, k, v = W·norm(x) + b.
type Attention struct {
	Channels, Heads int

	norm    *GroupNorm
	in, out *Conv // PyTorch's in_proj (q, k, v one after the other) and out_proj
}

// Attention declares a layer with the parameters of PyTorch's GroupNorm,
// name.group_norm, and MultiheadAttention, name.attention.
func (w *Weights) Attention(name string, channels, heads, groups int, eps float64) *Attention {
	if channels%heads != 0 {
		panic("nn: channels do not divide into heads")
	}
	mha := name + ".attention."
	return &Attention{
		Channels: channels, Heads: heads,
		norm: w.GroupNorm(name+".group_norm", channels, groups, eps),
		in:   w.Linear(mha+"in_proj_weight", mha+"in_proj_bias", channels, 3*channels, Linear),
		out:  w.Linear(mha+"out_proj.weight", mha+"out_proj.bias", channels, channels, Zero),
	}
}

// MulAdds is the number of multiply-adds for an image of n pixels.
func (a *Attention) MulAdds(n int) int64 {
	return a.in.MulAdds(1, n) + a.out.MulAdds(1, n) + 2*int64(n)*int64(n)*int64(a.Channels)
}

// AttentionState is what the layer remembers of one image, and its scratch.
type AttentionState struct {
	norm              NormState
	normed, qkv, seen Image // seen: what the heads put together
	result            Image
	scores, dscores   Image // queryRows at a time
	keys, values      []float32
	keysT, valuesT    []float32
	dnormed, dqkv     Image
	dkeys, dvalues    Image
	scratch           []float32
	team              *kernel.Team
}

// Plan plans memory for a forward pass over an h×w image, and releases what it
// can; PlanBackward does what is left for a backward pass.
func (s *AttentionState) Plan(p *Plan, a *Attention, h, w int) {
	n, d := h*w, a.Channels/a.Heads
	s.team = p.Team
	s.norm.Plan(p, a.Channels)
	p.Image(&s.normed, 1, n, a.Channels, 0)
	p.Image(&s.qkv, 1, n, 3*a.Channels, 0)
	s.norm.Release(p)
	p.Release(&s.normed.Data)
	p.Image(&s.seen, 1, n, a.Channels, 0)
	p.Image(&s.scores, 1, min(n, queryRows), n, 0)
	p.Floats(&s.keys, kernel.PackedLen(d, n))
	p.Floats(&s.values, kernel.PackedLen(n, d))
	p.Release(&s.qkv.Data, &s.scores.Data, &s.keys, &s.values)
	p.Image(&s.result, 1, n, a.Channels, 0)
	p.Release(&s.seen.Data, &s.result.Data)
}

// PlanBackward plans the rest of a training pass's memory.
func (s *AttentionState) PlanBackward(p *Plan, a *Attention, h, w int) {
	n, d := h*w, a.Channels/a.Heads
	rows := min(n, queryRows)
	p.Image(&s.dnormed, 1, n, a.Channels, 0)
	p.Image(&s.dqkv, 1, n, 3*a.Channels, 0)
	p.Image(&s.dscores, 1, rows, n, 0)
	p.Image(&s.dkeys, 1, n, d, 0)
	p.Image(&s.dvalues, 1, n, d, 0)
	p.Floats(&s.keysT, kernel.PackedLen(n, d))
	p.Floats(&s.valuesT, kernel.PackedLen(d, n))
	p.Floats(&s.scratch, max(
		a.in.BackwardScratch(s.dqkv, s.normed), a.out.BackwardScratch(s.seen, s.seen),
		headProduct(rows, n, d, n, 3*a.Channels).WeightGradScratch()))
}

// headProduct is the product of `rows` vectors of k numbers, inPix apart, with a
// k × out matrix.
func headProduct(rows, k, out, inPix, outPix int) kernel.Conv {
	return kernel.Conv{H: 1, W: rows, R: 1, K: k, Out: out, InPix: inPix, OutPix: outPix}
}

// Forward computes out from x, which is contiguous.
func (a *Attention) Forward(out, x Image, s *AttentionState) {
	n, c, d := x.H*x.W, a.Channels, a.Channels/a.Heads
	flat := Plain(x.contiguous(), 1, n, c)
	a.norm.Forward(s.normed, flat, &s.norm)
	a.in.Forward(s.qkv, s.normed, a.in.b, Room{Team: s.team})
	for head := range a.Heads {
		q := s.qkv.Channels(head*d, d)
		a.packKeys(s.keys, s.qkv.Data[c+head*d:], n)
		kernel.PackRows(s.values, s.qkv.Data[2*c+head*d:], n, d, 3*c)
		for first := 0; first < n; first += queryRows {
			rows := min(queryRows, n-first)
			a.weigh(s.scores.Data, q.Data[first*3*c:], s.keys, rows, n)
			headProduct(rows, n, d, n, c).Forward(s.seen.Data[first*c+head*d:], s.scores.Data, s.values, nil)
		}
	}
	a.out.Forward(s.result, s.seen, a.out.b, Room{Team: s.team})
	kernel.Add(s.result.contiguous(), flat.contiguous())
	Copy(out, Plain(s.result.Data, x.H, x.W, c))
}

// packKeys packs kᵀ/√d of one head: dividing n·d keys is less than n² scores.
func (a *Attention) packKeys(packed, k []float32, n int) {
	kernel.PackTransposedRows(packed, k, a.Channels/a.Heads, n, 3*a.Channels)
	kernel.Scale(packed, a.scale())
}

// weigh writes softmax(q·kᵀ/√d) for some rows of q.
func (a *Attention) weigh(scores, q, keys []float32, rows, n int) {
	headProduct(rows, a.Channels/a.Heads, n, 3*a.Channels, n).Forward(scores, q, keys, nil)
	kernel.Softmax(scores[:rows*n], n)
}

func (a *Attention) scale() float32 {
	return float32(1 / math.Sqrt(float64(a.Channels/a.Heads)))
}

// Backward adds the gradients of the parameters to grad and turns dx, which
// holds the gradient of out, into that of x. The attention weights are computed
// again rather than remembered.
func (a *Attention) Backward(grad []float32, dx, x Image, s *AttentionState) {
	n, c, d := x.H*x.W, a.Channels, a.Channels/a.Heads
	flat, dflat := Plain(x.contiguous(), 1, n, c), Plain(dx.contiguous(), 1, n, c)
	a.out.BackwardBias(grad, dflat)
	a.out.BackwardWeight(grad, dflat, s.seen, s.scratch)
	dseen := s.dnormed // its memory, until the norm's gradient needs it
	a.out.BackwardInput(dseen, dflat, s.scratch)
	for head := range a.Heads {
		a.backwardHead(s, dseen.Data[head*d:], head, n)
	}
	a.in.BackwardBias(grad, s.dqkv)
	a.in.BackwardWeight(grad, s.dqkv, s.normed, s.scratch)
	a.in.BackwardInput(s.dnormed, s.dqkv, s.scratch)
	a.norm.BackwardAdd(grad, dflat, s.dnormed, flat, &s.norm)
}

// backwardHead fills one head's channels of dqkv.
func (a *Attention) backwardHead(s *AttentionState, dseen []float32, head, n int) {
	c, d := a.Channels, a.Channels/a.Heads
	q, k, v := s.qkv.Data[head*d:], s.qkv.Data[c+head*d:], s.qkv.Data[2*c+head*d:]
	a.packKeys(s.keys, k, n)
	kernel.PackRows(s.keysT, k, n, d, 3*c)
	kernel.Scale(s.keysT, a.scale())
	kernel.PackTransposedRows(s.valuesT, v, d, n, 3*c)
	clear(s.dkeys.Data)
	clear(s.dvalues.Data)
	for first := 0; first < n; first += queryRows {
		rows := min(queryRows, n-first)
		weights, dscores := s.scores.Data[:rows*n], s.dscores.Data[:rows*n]
		qRows, dseenRows := q[first*3*c:], dseen[first*c:]
		a.weigh(weights, qRows, s.keys, rows, n)
		headProduct(rows, d, n, c, n).Forward(dscores, dseenRows, s.valuesT, nil)
		headProduct(rows, n, d, n, c).WeightGrad(s.dvalues.Data, weights, dseenRows, s.scratch)
		kernel.SoftmaxGrad(dscores, dscores, weights, n)
		headProduct(rows, n, d, n, 3*c).Forward(s.dqkv.Data[first*3*c+head*d:], dscores, s.keysT, nil)
		headProduct(rows, n, d, n, 3*c).WeightGrad(s.dkeys.Data, dscores, qRows, s.scratch)
	}
	kernel.Scale(s.dkeys.Data, a.scale())
	Copy(s.dqkv.Channels(c+head*d, d), s.dkeys)
	Copy(s.dqkv.Channels(2*c+head*d, d), s.dvalues)
}
