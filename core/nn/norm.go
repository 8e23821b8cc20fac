package nn

import (
	"math"
	"math/rand/v2"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// GroupNorm is group normalisation (Wu & He, 2018): with μ and σ² the mean and
// the (biased) variance over all pixels and channels of a group,
// y = scale[c]·(x − μ)/√(σ² + ε) + shift[c].
type GroupNorm struct {
	Channels, Groups int
	Eps              float64

	scale, shift span
	gamma, beta  []float32
}

// GroupNorm declares a norm whose parameters are name.weight and name.bias.
func (w *Weights) GroupNorm(name string, channels, groups int, eps float64) *GroupNorm {
	if channels%groups != 0 {
		panic("nn: channels do not divide into groups")
	}
	g := &GroupNorm{Channels: channels, Groups: groups, Eps: eps}
	g.scale = w.declare(name+".weight", false, channels)
	g.shift = w.declare(name+".bias", false, channels)
	w.layers = append(w.layers, g)
	return g
}

func (g *GroupNorm) bind(flat []float32) { g.gamma, g.beta = g.scale.of(flat), g.shift.of(flat) }

func (g *GroupNorm) load(l *loader) { g.gamma, g.beta = l.vector(g.scale), l.vector(g.shift) }

func (g *GroupNorm) largest() span { return g.scale }

func (g *GroupNorm) pack(bool) {}

func (g *GroupNorm) init(*rand.Rand) {
	for c := range g.gamma {
		g.gamma[c] = 1
	}
}

// NormState is what a norm remembers of one image for its backward pass: y is
// a[c]·x + b[c].
type NormState struct {
	mean, rstd, a, b []float32 // per channel, equal within a group
	d, sum, dot      []float32 // scratch, per channel
	team             *kernel.Team
}

// Plan plans the state's memory.
func (s *NormState) Plan(p *Plan, channels int) {
	s.team = p.Team
	for _, f := range s.fields() {
		p.Floats(f, channels)
	}
}

// Release says that the state is not used from here on.
func (s *NormState) Release(p *Plan) { p.Release(s.fields()...) }

func (s *NormState) fields() []*[]float32 {
	return []*[]float32{&s.mean, &s.rstd, &s.a, &s.b, &s.d, &s.sum, &s.dot}
}

// measure computes the statistics of x in two passes, the mean first: the sum
// of squares of what is left loses nothing when the mean is large.
func (g *GroupNorm) measure(x []float32, s *NormState) {
	per := g.Channels / g.Groups
	count := float64(len(x) / g.Groups)
	clear(s.sum)
	kernel.ChannelSum(s.sum, x, g.Channels)
	for first := 0; first < g.Channels; first += per {
		fill(s.mean[first:first+per], float32(total(s.sum[first:first+per])/count))
	}
	clear(s.sum)
	kernel.ChannelCentred(s.sum, x, s.mean, g.Channels)
	for first := 0; first < g.Channels; first += per {
		variance := total(s.sum[first:first+per]) / count
		fill(s.rstd[first:first+per], float32(1/math.Sqrt(variance+g.Eps)))
	}
	for c := range s.a {
		s.a[c] = g.gamma[c] * s.rstd[c]
		s.b[c] = g.beta[c] - float32(s.a[c]*s.mean[c])
	}
}

// Forward writes the normalised x, which is contiguous, to out.
func (g *GroupNorm) Forward(out, x Image, s *NormState) {
	in := x.contiguous()
	g.measure(in, s)
	kernel.AffineBy(s.team, out.At(), in, s.a, s.b, x.W, x.C, out.Row)
}

// ForwardSiLU is Forward followed by SiLU, y·σ(y), in one pass.
func (g *GroupNorm) ForwardSiLU(out, x Image, s *NormState) {
	in := x.contiguous()
	g.measure(in, s)
	kernel.AffineSiLUBy(s.team, out.At(), in, s.a, s.b, x.W, x.C, out.Row)
}

// ForwardFilmSiLU is ForwardSiLU with the normalised y of each channel replaced by
// (1 + film[c])·y + film[Channels+c] before the SiLU.
func (g *GroupNorm) ForwardFilmSiLU(out, x Image, film []float32, s *NormState) {
	in := x.contiguous()
	g.measure(in, s)
	for c := range s.a {
		by := 1 + film[c]
		s.a[c] *= by
		s.b[c] = float32(by*s.b[c]) + film[g.Channels+c]
	}
	kernel.AffineSiLUBy(s.team, out.At(), in, s.a, s.b, x.W, x.C, out.Row)
}

// BackwardFilm is Backward for ForwardFilmSiLU, after BackwardSiLU. It writes film's
// gradient to dfilm.
func (g *GroupNorm) BackwardFilm(grad []float32, dx, dy, x Image, film, dfilm []float32, s *NormState) {
	g.differentiate(grad, dy, x, film, dfilm, s)
	kernel.Combine(dx.At(), dy.contiguous(), x.contiguous(), s.a, s.dot, s.d, x.W, x.C, dx.Row)
}

// BackwardSiLU turns dy, the gradient after the SiLU, into that before it, so
// that Backward or BackwardAdd can go on from there.
func (g *GroupNorm) BackwardSiLU(dy, x Image, s *NormState) {
	d := dy.contiguous()
	kernel.AffineSiLUGrad(d, d, x.contiguous(), s.a, s.b, g.Channels)
}

// Backward writes the gradient of x, to an image with or without a border.
func (g *GroupNorm) Backward(grad []float32, dx, dy, x Image, s *NormState) {
	g.differentiate(grad, dy, x, nil, nil, s)
	kernel.Combine(dx.At(), dy.contiguous(), x.contiguous(), s.a, s.dot, s.d, x.W, x.C, dx.Row)
}

// BackwardAdd adds the gradient of x to dx.
func (g *GroupNorm) BackwardAdd(grad []float32, dx, dy, x Image, s *NormState) {
	g.differentiate(grad, dy, x, nil, nil, s)
	kernel.CombineAdd(dx.contiguous(), dy.contiguous(), x.contiguous(), s.a, s.dot, s.d, g.Channels)
}

// differentiate adds the gradients of scale and shift and leaves in a, dot and d
// the coefficients of dx = a·dy + dot·x + d. With x̂ = (x − μ)·r and ⟨·⟩ the mean
// over a group,
//
//	dx = r·(γ·dy − ⟨γ·dy⟩ − x̂·⟨γ·dy·x̂⟩)
//
// With film, which may be nil, (1 + film)·γ takes the place of γ, and dy is the
// gradient behind it.
func (g *GroupNorm) differentiate(grad []float32, dy, x Image, film, dfilm []float32, s *NormState) {
	clear(s.sum)
	clear(s.dot)
	kernel.ChannelDot(s.sum, s.dot, dy.contiguous(), x.contiguous(), g.Channels)
	dgamma, dbeta := g.scale.of(grad), g.shift.of(grad)
	per := g.Channels / g.Groups
	count := float64(x.H * x.W * per)
	for first := 0; first < g.Channels; first += per {
		mean, rstd := float64(s.mean[first]), float64(s.rstd[first])
		var ofDy, ofDyX float64 // ⟨γ·dy⟩, ⟨γ·dy·x̂⟩
		for c := first; c < first+per; c++ {
			sum := float64(s.sum[c])
			scaled := (float64(s.dot[c]) - mean*sum) * rstd // Σ dy·x̂
			if film != nil {
				dfilm[c] = float32(float64(g.gamma[c])*scaled + float64(g.beta[c])*sum)
				dfilm[g.Channels+c] = s.sum[c]
				by := 1 + float64(film[c])
				sum, scaled = by*sum, by*scaled // now the gradient before film
			}
			dgamma[c] += float32(scaled)
			dbeta[c] += float32(sum)
			ofDy += float64(g.gamma[c]) * sum
			ofDyX += float64(g.gamma[c]) * scaled
		}
		ofDy /= count
		ofDyX /= count
		fill(s.dot[first:first+per], float32(-rstd*rstd*ofDyX))
		fill(s.d[first:first+per], float32(rstd*(rstd*mean*ofDyX-ofDy)))
	}
}

func total(x []float32) float64 {
	var sum float64
	for _, v := range x {
		sum += float64(v)
	}
	return sum
}

func fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}
