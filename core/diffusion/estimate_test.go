package diffusion

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
)

func TestStrataCoverTheChain(t *testing.T) {
	for _, T := range []int{2, 40, 1000, 100_000} {
		for _, n := range []int{1, 2, 7, 20, T / 2, T - 1} {
			if n > T-1 {
				continue
			}
			if first, end := Stratum(0, n, T), Stratum(n, n, T); first != 2 || end != T+1 {
				t.Errorf("T=%d: %d strata of %d…%d", T, n, first, end-1)
			}
			for k := range n {
				if Stratum(k, n, T) >= Stratum(k+1, n, T) {
					t.Fatalf("T=%d: of %d strata number %d is empty", T, n, k)
				}
			}
		}
	}
}

// TestEstimate: for Gaussian data and its best ε_θ the mean of many rounds is the sum
// of all terms, which is known, within the error that they state; and the error is
// not stated to be more than it is.
func TestEstimate(t *testing.T) {
	const d, rounds = 16, 400
	g := gaussianData{0.2, 0.4}
	s := exactSchedules(t)["respaced"]
	x0, xt, eps, predicted := make([]float64, d), make([]float64, d), make([]float32, d), make([]float64, d)
	for i := range x0 {
		x0[i] = float64(int(127.5*(0.5*math.Sin(float64(i))+1)))/127.5 - 1
	}
	run := func(seed uint64, strata, rounds int) *Estimate {
		e := NewEstimate(x0, s, seed, strata)
		for e.Rounds() < rounds {
			at, round := e.Next()
			noise.Normal(eps, seed, noise.Forward, round, uint32(at))
			wide := widen(eps)
			copy(xt, sample(x0, wide, s, at))
			for i, x := range xt {
				predicted[i] = g.eps(x, s, at)
			}
			e.Add(TermFrom(x0, wide, predicted, s, at, BoundVariance(s, at, Beta)), LSimple(eps, narrow(predicted)))
		}
		return e
	}
	whole := run(3, s.T-1, 4000) // every t: nothing is drawn but ε
	for _, strata := range []int{1, 3, 4} {
		e := run(7, strata, rounds)
		for what, pair := range map[string][2]Spread{
			"divergence": {e.Divergence, whole.Divergence}, "decoder": {e.Decoder, whole.Decoder},
			"total": {e.Total, whole.Total}, "L_simple": {e.LSimple, whole.LSimple},
		} {
			off, error := pair[0].Mean-pair[1].Mean, math.Hypot(pair[0].Error(), pair[1].Error())
			if !(math.Abs(off) < 4*error) || error > math.Abs(pair[1].Mean) {
				t.Errorf("%d strata: the %s is %v ± %v, want %v", strata, what, pair[0].Mean, error, pair[1].Mean)
			}
		}
		if got := e.Prior + e.Divergence.Mean + e.Decoder.Mean; math.Abs(got-e.Total.Mean) > 1e-9 {
			t.Errorf("the parts add up to %v, the total is %v", got, e.Total.Mean)
		}
	}
	if one := run(7, 3, 1); !math.IsInf(one.Total.Error(), 1) {
		t.Errorf("one round states an error of %v", one.Total.Error())
	}
}

// TestEstimateVisitsEachStratumOnce: a round evaluates the decoder and one t of each
// stratum, whatever stride it takes.
func TestEstimateVisitsEachStratumOnce(t *testing.T) {
	s := exactSchedules(t)["cosine"]
	for strata := 1; strata < 60; strata++ {
		e := NewEstimate([]float64{0}, s, 1, strata)
		seen := make([]int, strata)
		for i := range strata + 1 {
			at, _ := e.Next()
			if (i == 0) != (at == 1) {
				t.Fatalf("%d strata: evaluation %d is at t=%d", strata, i, at)
			}
			for k := range strata {
				if at >= Stratum(k, strata, s.T) && at < Stratum(k+1, strata, s.T) {
					seen[k]++
				}
			}
			e.Add(1, 1)
		}
		for k, n := range seen {
			if n != 1 {
				t.Fatalf("of %d strata number %d was visited %d times", strata, k, n)
			}
		}
		if e.Rounds() != 1 {
			t.Fatalf("%d rounds are complete, want 1", e.Rounds())
		}
	}
}
