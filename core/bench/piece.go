package bench

import (
	"math/rand/v2"

	"github.com/ddpm-go/ddpm/core/nn"
	"github.com/ddpm-go/ddpm/core/unet"
)

// piece is one layer with weights and images of its own; until allocate, without
// memory for them.
type piece struct {
	weights nn.Weights
	plan    nn.Plan
	in, out nn.Image
	room    nn.Room
	mulAdds int64
	run     func() // computes out from in
}

// newPiece declares a layer and plans its memory as the network's passes do.
func newPiece(l unet.Layer) *piece {
	p := &piece{plan: nn.Plan{Keep: true}}
	switch l.Kind {
	case unet.Conv3:
		p.conv(l, 3)
	case unet.Conv1:
		p.conv(l, 1)
	case unet.NormSiLU:
		p.images(l, l.Size, 0, 1)
		norm, state := p.weights.GroupNorm("norm", l.In, l.Groups, eps), new(nn.NormState)
		state.Plan(&p.plan, l.In)
		p.run = func() {
			norm.ForwardSiLU(p.out, p.in, state)
			p.out.ClearBorder()
		}
	case unet.Attention:
		p.images(l, l.Size, 0, 0)
		a, state := p.weights.Attention("attention", l.In, l.Heads, l.Groups, eps), new(nn.AttentionState)
		state.Plan(&p.plan, a, l.Size, l.Size)
		p.mulAdds = a.MulAdds(l.Size * l.Size)
		p.run = func() { a.Forward(p.out, p.in, state) }
	case unet.Pool:
		p.images(l, l.Size/2, 0, 0)
		p.run = func() { nn.AvgPool2(p.out, p.in) }
	case unet.Upsample:
		p.images(l, 2*l.Size, 0, 0)
		p.run = func() { nn.Upsample2(p.out, p.in) }
	case unet.Time:
		p.plan.Image(&p.out, 1, 1, l.Out, 0)
		time, state := p.weights.TimeEmbedding("time", l.In, l.Out), new(nn.TimeState)
		state.Plan(&p.plan, time)
		p.mulAdds = time.MulAdds()
		p.run = func() { time.Forward(p.out, 500, state) }
	default:
		panic("bench: unknown kind of layer")
	}
	return p
}

// eps is what norms add to the variance; it makes no difference to their time.
const eps = 1e-5

func (p *piece) conv(l unet.Layer, side int) {
	p.images(l, l.Size, side/2, 0)
	c := p.weights.Conv("conv", side, l.Size, l.In, l.Out, nn.Linear)
	p.plan.Room(&p.room, c.Scratch(l.Size, l.Size, nil))
	p.mulAdds = c.MulAdds(l.Size, l.Size)
	p.run = func() { c.Forward(p.out, p.in, c.Bias(), p.room) }
}

// images plans the layer's input and output, of these borders and outSize pixels
// a side.
func (p *piece) images(l unet.Layer, outSize, inPad, outPad int) {
	p.plan.Image(&p.in, l.Size, l.Size, l.In, inPad)
	p.plan.Image(&p.out, outSize, outSize, l.Out, outPad)
}

func (p *piece) bytes() int64 {
	return 4 * int64(p.weights.Len()+p.in.H*p.in.W*p.in.C+p.out.H*p.out.W*p.out.C)
}

// allocate makes the memory and fills weights and input with random numbers.
func (p *piece) allocate() {
	p.weights.Allocate()
	p.weights.Init(1)
	p.plan.Allocate()
	r := rand.New(rand.NewPCG(1, 1))
	for i := range p.in.Data {
		p.in.Data[i] = float32(r.NormFloat64())
	}
	p.in.ClearBorder()
}
