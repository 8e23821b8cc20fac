package train

import (
	"math"

	"github.com/ddpm-go/ddpm/core/nn"
)

// adamEps keeps Adam's quotient finite.
const adamEps = 1e-8

// adam is Adam (Kingma & Ba, 2015, Algorithm 1) with the weight decay decoupled
// (Loshchilov & Hutter, 2019, Algorithm 2): with gradient g at step n = 1, 2, …
//
//	m ← β_1·m + (1−β_1)·g,  v ← β_2·v + (1−β_2)·g²
//	w ← w − rate·( m/(1−β_1ⁿ) / (√(v/(1−β_2ⁿ)) + ε) + λ·w )
//
// λ is 0 for parameters of one dimension: norms and biases have no reason to be
// small.
type adam struct {
	m, v         []float32
	beta1, beta2 float64
	decay        float64 // λ
}

// span is a run of the flat weights that decays or does not.
type span struct {
	begin, end int
	decays     bool
}

// spans cuts the flat weights at the parameters' borders, and so that pieces are
// small enough to be shared out among workers.
func spans(params []nn.Param) []span {
	const longest = 1 << 15
	var s []span
	for _, p := range params {
		end := p.Offset + p.Len()
		for at := p.Offset; at < end; at += longest {
			s = append(s, span{at, min(at+longest, end), len(p.Shape) > 1})
		}
	}
	return s
}

// step does step n on one span, with the gradient scaled by scale.
func (a *adam) step(w, grad []float32, s span, n int, rate, scale float64) {
	w, grad = w[s.begin:s.end], grad[s.begin:s.end]
	m, v := a.m[s.begin:s.end], a.v[s.begin:s.end]
	b1, b2, g1 := float32(a.beta1), float32(a.beta2), float32(scale)
	c1, c2 := float32(1-a.beta1), float32(1-a.beta2)
	// rate·m̂/(√v̂ + ε) = by·m/(√v + eps)
	root := math.Sqrt(1 - math.Pow(a.beta2, float64(n)))
	by := float32(rate * root / (1 - math.Pow(a.beta1, float64(n))))
	eps := float32(adamEps * root)
	keep := float32(1)
	if s.decays {
		keep = float32(1 - rate*a.decay)
	}
	for i, g := range grad {
		// Products are rounded before they are summed, so that no platform's
		// fused multiply-add makes another model of the same run.
		g = float32(g * g1)
		mi := float32(b1*m[i]) + float32(c1*g)
		vi := float32(b2*v[i]) + float32(c2*float32(g*g))
		m[i], v[i] = mi, vi
		w[i] = float32(w[i]*keep) - float32(by*mi)/(float32(math.Sqrt(float64(vi)))+eps)
	}
}
