package train

import (
	"math"

	"github.com/ddpm-go/ddpm/core/kernel"
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

func (s span) of(flat []float32) []float32 { return flat[s.begin:s.end] }

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
	// rate·m̂/(√v̂ + ε) = rate·root/(1−β_1ⁿ)·m/(√v + ε·root)
	root := math.Sqrt(1 - math.Pow(a.beta2, float64(n)))
	k := kernel.Adam{
		Scale: float32(scale),
		Beta1: float32(a.beta1), Rest1: float32(1 - a.beta1),
		Beta2: float32(a.beta2), Rest2: float32(1 - a.beta2),
		Keep: 1, Rate: float32(rate * root / (1 - math.Pow(a.beta1, float64(n)))), By: float32(adamEps * root),
	}
	if s.decays {
		k.Keep = float32(1 - rate*a.decay)
	}
	k.Step(s.of(w), s.of(a.m), s.of(a.v), s.of(grad))
}
