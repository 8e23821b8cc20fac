package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Both kernels give the very same bits in all forms, those of the formula with each
// operation rounded to float32.

func TestAdam(t *testing.T) {
	a := Adam{Scale: 0.7, Beta1: 0.9, Rest1: 0.1, Beta2: 0.99, Rest2: 0.01, Keep: 0.999, Rate: 3e-3, By: 1e-8}
	eachForm(t, func(t *testing.T) {
		for _, n := range lengths {
			r := rand.New(rand.NewPCG(uint64(n), 21))
			w, m, g := newGuarded(n, normals(r)), newGuarded(n, normals(r)), newGuarded(n, normals(r))
			v := newGuarded(n, func(int) float32 { return float32(r.ExpFloat64()) })
			var want [3][]float32
			for i, gi := range g.Values {
				gi = round(gi * a.Scale)
				mi := round(round(a.Beta1*m.Values[i]) + round(a.Rest1*gi))
				vi := round(round(a.Beta2*v.Values[i]) + round(a.Rest2*round(gi*gi)))
				quotient := round(round(a.Rate*mi) / round(float32(math.Sqrt(float64(vi)))+a.By))
				want[0] = append(want[0], round(round(w.Values[i]*a.Keep)-quotient))
				want[1], want[2] = append(want[1], mi), append(want[2], vi)
			}
			a.Step(w.Values, m.Values, v.Values, g.Values)
			for i, got := range []guarded{w, m, v} {
				same(t, [...]string{"w", "m", "v"}[i], got.Values, want[i])
				got.intact(t)
			}
		}
	})
}

func TestApproach(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for _, n := range lengths {
			r := rand.New(rand.NewPCG(uint64(n), 22))
			dst, x := newGuarded(n, normals(r)), newGuarded(n, normals(r))
			var want []float32
			for i, d := range dst.Values {
				want = append(want, round(d+round(0.3*round(x.Values[i]-d))))
			}
			Approach(dst.Values, x.Values, 0.3)
			same(t, "Approach", dst.Values, want)
			dst.intact(t)
		}
	})
}

// round keeps the compiler from fusing what it is given with what follows.
//
//go:noinline
func round(x float32) float32 { return x }
