package unet

import (
	"github.com/ddpm-go/ddpm/core/kernel"
	"github.com/ddpm-go/ddpm/core/nn"
)

// block is the residual block: h = conv1(SiLU(norm1(x))) + proj(emb) on every
// pixel, out = conv2(SiLU(norm2(h))) + skip(x). The embedding's share is the
// same everywhere, so it goes into the bias of conv1; skip is the identity where
// the channels stay.
//
// With film, (s, b) = proj(emb) is not added to h: out = conv2(SiLU((1 +
// s)·norm2(h) + b)) + skip(x) (Perez et al., 2018; "adaptive group normalisation"
// in Dhariwal & Nichol, 2021, §3).
type block struct {
	in, out      int
	film         bool
	norm1, norm2 *nn.GroupNorm
	conv1, conv2 *nn.Conv
	proj         *nn.Conv
	skip         *nn.Conv // nil: the identity
}

const normEps = 1e-5

func newBlock(w *nn.Weights, name string, size, in, out, emb int, film bool) *block {
	b := &block{in: in, out: out, film: film}
	b.norm1 = w.GroupNorm(name+".norm1", in, normGroups, normEps)
	b.conv1 = w.Conv(name+".conv1", 3, size, in, out, nn.Halved)
	b.norm2 = w.GroupNorm(name+".norm2", out, normGroups, normEps)
	b.conv2 = w.Conv(name+".conv2", 3, size, out, out, nn.Zero)
	projected := out
	if film {
		projected = 2 * out
	}
	b.proj = w.Linear(name+".emb_proj.weight", name+".emb_proj.bias", emb, projected, nn.Linear)
	if in != out {
		b.skip = w.Conv(name+".skip", 1, size, in, out, nn.Linear)
	}
	return b
}

func (b *block) mulAdds(size int) int64 {
	n := b.conv1.MulAdds(size, size) + b.conv2.MulAdds(size, size) + b.proj.MulAdds(1, 1)
	if b.skip != nil {
		n += b.skip.MulAdds(size, size)
	}
	return n
}

// blockState is a block's memory for one image.
type blockState struct {
	norm1, norm2   nn.NormState
	active, middle nn.Image // what conv1 and conv2 read, with borders
	hidden         nn.Image // h
	shift          nn.Image // bias of conv1 and the embedding's share
	film           nn.Image // with film: s and b
	room           nn.Room

	dout, dhidden    nn.Image // gradients of out and of h, with borders
	dmiddle, dactive nn.Image
	dshift, demb     nn.Image
	dfilm            nn.Image
	scratch          []float32
}

func (s *blockState) plan(p *nn.Plan, b *block, size int) {
	p.Image(&s.shift, 1, 1, b.out, 0)
	if b.film {
		p.Image(&s.film, 1, 1, 2*b.out, 0)
	}
	s.norm1.Plan(p, b.in)
	p.Image(&s.active, size, size, b.in, 1)
	s.norm1.Release(p)
	p.Image(&s.hidden, size, size, b.out, 0)
	p.Room(&s.room, max(b.conv1.Scratch(size, size, p.Team), b.conv2.Scratch(size, size, p.Team)))
	p.Release(&s.active.Data)
	s.norm2.Plan(p, b.out)
	p.Image(&s.middle, size, size, b.out, 1)
	s.norm2.Release(p)
	p.Release(&s.hidden.Data, &s.middle.Data, &s.shift.Data, &s.room.Floats)
	if b.film {
		p.Release(&s.film.Data)
	}
}

// forward computes out, which need be contiguous only where skip is the identity.
func (b *block) forward(out, x, emb nn.Image, s *blockState) {
	b.norm1.ForwardSiLU(s.active, x, &s.norm1)
	s.active.ClearBorder()
	if b.film {
		b.proj.Forward(s.film, emb, b.proj.Bias(), nn.Room{})
		b.conv1.Forward(s.hidden, s.active, b.conv1.Bias(), s.room)
		b.norm2.ForwardFilmSiLU(s.middle, s.hidden, s.film.Data, &s.norm2)
	} else {
		b.proj.Forward(s.shift, emb, b.proj.Bias(), nn.Room{})
		kernel.Add(s.shift.Data, b.conv1.Bias())
		b.conv1.Forward(s.hidden, s.active, s.shift.Data, s.room)
		b.norm2.ForwardSiLU(s.middle, s.hidden, &s.norm2)
	}
	s.middle.ClearBorder()
	if b.skip == nil {
		b.conv2.Forward(out, s.middle, b.conv2.Bias(), s.room)
		kernel.Add(out.Data, x.Data)
		return
	}
	copy(s.shift.Data, b.skip.Bias())
	kernel.Add(s.shift.Data, b.conv2.Bias())
	b.skip.Forward(out, x, s.shift.Data, nn.Room{Team: s.room.Team})
	b.conv2.Accumulate(out, s.middle, s.room)
}

// planBackward keeps for each image what the weights' gradients come from.
func (s *blockState) planBackward(p *nn.Plan, b *block, size, emb int) {
	p.Image(&s.dout, size, size, b.out, 1)
	p.Image(&s.dhidden, size, size, b.out, 1)
	p.Image(&s.dmiddle, size, size, b.out, 0)
	p.Image(&s.dactive, size, size, b.in, 0)
	p.Image(&s.dshift, 1, 1, b.out, 0)
	p.Image(&s.demb, 1, 1, emb, 0)
	dprojected := s.dshift
	if b.film {
		p.Image(&s.dfilm, 1, 1, 2*b.out, 0)
		dprojected = s.dfilm
	}
	scratch := max(b.conv1.InputScratch(s.dhidden, s.active),
		b.conv2.InputScratch(s.dout, s.middle), b.proj.BackwardScratch(dprojected, s.demb))
	if b.skip != nil {
		scratch = max(scratch, b.skip.BackwardScratch(s.dout, s.dactive))
	}
	p.Floats(&s.scratch, scratch)
	p.Release(&s.dmiddle.Data, &s.dactive.Data, &s.dshift.Data, &s.demb.Data, &s.scratch)
	if b.film {
		p.Release(&s.dfilm.Data)
	}
}

// backward writes the gradient of x, adds that of emb to demb and those of the
// parameters to grad, but for conv1 and conv2, whose weights wait for weights. dout
// may be some channels of a wider image; dx is contiguous.
func (b *block) backward(grad []float32, dx, demb, dout, x, emb nn.Image, s *blockState) {
	nn.Copy(s.dout, dout)
	s.dout.ClearBorder()
	b.sumPixels(s, s.dout)
	b.conv2.AddBias(grad, s.dshift.Data)
	b.conv2.BackwardInput(s.dmiddle, s.dout, s.scratch)
	if b.skip == nil {
		nn.Copy(dx, dout)
	} else {
		b.skip.AddBias(grad, s.dshift.Data)
		b.skip.BackwardWeight(grad, s.dout, x, s.scratch)
		b.skip.BackwardInput(dx, s.dout, s.scratch)
	}
	b.norm2.BackwardSiLU(s.dmiddle, s.hidden, &s.norm2)
	dprojected := s.dshift
	if b.film {
		b.norm2.BackwardFilm(grad, s.dhidden, s.dmiddle, s.hidden, s.film.Data, s.dfilm.Data, &s.norm2)
		dprojected = s.dfilm
	} else {
		b.norm2.Backward(grad, s.dhidden, s.dmiddle, s.hidden, &s.norm2)
	}
	s.dhidden.ClearBorder()
	b.sumPixels(s, s.dhidden)
	b.conv1.AddBias(grad, s.dshift.Data)
	b.proj.AddBias(grad, dprojected.Data)
	b.proj.BackwardWeight(grad, dprojected, emb, s.scratch)
	b.proj.BackwardInput(s.demb, dprojected, s.scratch)
	kernel.Add(demb.Data, s.demb.Data)
	b.conv1.BackwardInput(s.dactive, s.dhidden, s.scratch)
	b.norm1.BackwardSiLU(s.dactive, x, &s.norm1)
	b.norm1.BackwardAdd(grad, dx, s.dactive, x, &s.norm1)
}

// sumPixels leaves in dshift the sum of d over its pixels: the gradient of whatever
// is added to every pixel.
func (b *block) sumPixels(s *blockState, d nn.Image) {
	clear(s.dshift.Data)
	kernel.ChannelSum(s.dshift.Data, d.Data, b.out)
}

// used tells what conv1 and conv2 read and what their outputs' gradients are.
func (s *blockState) used() (conv1, conv2 nn.Used) {
	return nn.Used{In: s.active, Dout: s.dhidden}, nn.Used{In: s.middle, Dout: s.dout}
}
