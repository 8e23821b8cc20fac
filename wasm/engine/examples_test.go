package main

import (
	"math"
	"slices"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// threeExamples are pictures of the small model's size, RGBA, and as it sees them.
func threeExamples() (rgba []byte, x0 [][]float32) {
	for k := range 3 {
		levels := make([]byte, 64)
		for i := range levels {
			r, g, b := byte(i*(3+k)), byte(40*k+i), byte(255-3*i)
			rgba = append(rgba, r, g, b, byte(i))
			levels[i] = byte((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000)
		}
		x := make([]float32, 64)
		tensor.FromBytes(x, levels)
		x0 = append(x0, x)
	}
	return rgba, x0
}

func agree(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*max(1e-9, math.Abs(want))
}

func class(c int) uint64 { return uint64(uint32(int32(c))) }

// What the module explains is what the core computes natively.
func TestExplainIsTheCores(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	rgba, x0 := threeExamples()
	exact := diffusion.Mixture[float32]{Means: x0}
	eps, xt, predicted, mean := make([]float32, 64), make([]float32, 64), make([]float32, 64), make([]float32, 64)
	s := m.Chain
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		e.mustWith("SetExamples", rgba, 3)
		for _, c := range []struct {
			index, t, class int
			variance        diffusion.Variance
		}{{0, 2, 1, diffusion.BetaTilde}, {2, 90, -1, diffusion.Beta}, {1, 200, 0, 0.5}} {
			e.explain(c.index, c.t, 1<<63+7, c.class, c.variance.String())
			got := e.doubles()
			noise.Normal(eps, 1<<63+7, noise.Forward, 0, 0)
			diffusion.QSample(xt, x0[c.index], eps, s, c.t)
			m.NewPredictor(1).PredictEps(predicted, xt, c.t, []int{c.class})
			sigma := diffusion.BoundVariance(s, c.t, c.variance)
			kl := diffusion.RegressionKL(eps, predicted, s, c.t, sigma)
			if len(got) != 15+3 || got[0] != s.Beta[c.t] || got[2] != s.AlphaBar[c.t] || got[5] != sigma || got[6] != 64 {
				t.Fatalf("%+v: the numbers are %v", c, got)
			}
			for what, pair := range map[string][2]float64{
				"regression": {got[10], kl}, "weight times squares plus constant": {got[8]*got[7] + got[9], kl},
				"closed form": {got[11], kl}, "general formula": {got[12], kl},
				"bits/dim": {got[13], diffusion.BitsPerDim(kl, 64)},
			} {
				if !agree(pair[0], pair[1], 2e-3) {
					t.Errorf("%+v: by %s %v, want %v", c, what, pair[0], pair[1])
				}
			}
			shares, _ := exact.Responsibilities(xt, s, c.t)
			for k, share := range shares {
				if math.Abs(got[15+k]-share) > 1e-6 {
					t.Errorf("%+v: the share of example %d is %v, want %v", c, k, got[15+k], share)
				}
			}
			levels := make([]byte, 64)
			diffusion.PosteriorMean(mean, x0[c.index], xt, s, c.t)
			for which, picture := range map[uint64][]float32{0: x0[c.index], 1: xt, 2: eps, 5: mean} {
				e.must("SubjectBytes", which)
				if tensor.Bytes(levels, picture); !slices.Equal(e.reply(), levels) {
					t.Errorf("%+v: picture %d is another", c, which)
				}
			}
			const element, n = 27, 200
			e.must("Densities", element, n)
			d := e.doubles()
			if len(d) != 8+3*n || d[0] != float64(x0[c.index][element]) || d[1] != float64(xt[element]) || d[3] != float64(mean[element]) {
				t.Fatalf("%+v: the densities begin with %v", c, d[:8])
			}
			step := (d[7] - d[6]) / (n - 1)
			for curve, name := range []string{"the posterior", "p_θ"} {
				var total float64
				for _, v := range d[8+curve*n:][:n] {
					total += v * step
				}
				if math.Abs(total-1) > 2e-3 {
					t.Errorf("%+v: the density of %s adds up to %v", c, name, total)
				}
			}
			value := []float64{d[6] + 60*step}
			want := make([]float64, 1)
			exact.ReverseAt(want, value, shares, float64(xt[element]), element, s, c.t)
			if got := d[8+2*n+60]; !agree(got, want[0], 1e-4) {
				t.Errorf("%+v: q(x_{t−1}|x_t) is %v at %v, want %v", c, got, value, want)
			}
		}
		e.mustWith("Weights", []byte("beta"))
		if w := e.doubles(); len(w) != 201 || w[0] != 0 || w[50] != diffusion.RegressionWeight(s, 50, s.Beta[50]) {
			t.Errorf("the weights begin with %v", w[:3])
		}
	})
}

func (e *instance) explain(index, t int, seed uint64, c int, variance string) {
	e.t.Helper()
	p, n := e.put([]byte(variance))
	e.must("Explain", uint64(index), uint64(t), seed, class(c), p, n)
	e.call("Free", p)
}

func (e *instance) beginBound(index, c int, seed uint64, strata int, variance string) int32 {
	e.t.Helper()
	p, n := e.put([]byte(variance))
	status := e.call("BeginBound", uint64(index), class(c), seed, uint64(strata), p, n)
	e.call("Free", p)
	return status
}

// The bound in the module is the one that the same draws give natively.
func TestBoundIsTheCores(t *testing.T) {
	const strata, rounds, seed = 5, 3, 11
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	rgba, x0 := threeExamples()
	s, eps, xt, predicted := m.Chain, make([]float32, 64), make([]float32, 64), make([]float32, 64)
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		e.mustWith("SetExamples", rgba, 3)
		if status := e.beginBound(1, 1, seed, strata, "beta_tilde"); status != 0 {
			t.Fatalf("%s", e.reply())
		}
		want := diffusion.NewEstimate(x0[1], s, seed, strata)
		for i := range rounds * (strata + 1) {
			at, round := want.Next()
			noise.Normal(eps, seed, noise.Forward, round, uint32(at))
			diffusion.QSample(xt, x0[1], eps, s, at)
			m.NewPredictor(1).PredictEps(predicted, xt, at, []int{1})
			term := diffusion.TermFrom(x0[1], eps, predicted, s, at, diffusion.BoundVariance(s, at, diffusion.BetaTilde))
			want.Add(term, diffusion.LSimple(eps, predicted))
			e.must("NextTerm")
			got := e.doubles()
			if got[0] != float64(at) || got[3] != float64(want.Rounds()) || !agree(got[1], diffusion.BitsPerDim(term, 64), 1e-3) {
				t.Fatalf("evaluation %d is %v, want t=%d", i, got, at)
			}
			if want.Rounds() < 2 && !math.IsInf(got[10], 1) {
				t.Errorf("an error of %v is stated after %d rounds", got[10], want.Rounds())
			}
		}
		e.must("NextTerm")
		got := e.doubles()
		bits := func(nats float64) float64 { return diffusion.BitsPerDim(nats, 64) }
		for i, v := range []float64{bits(want.Prior), bits(want.Divergence.Mean), bits(want.Divergence.Error()), bits(want.Decoder.Mean),
			bits(want.Decoder.Error()), bits(want.Total.Mean), bits(want.Total.Error()), want.LSimple.Mean, want.LSimple.Error()} {
			if !agree(got[4+i], v, 5e-3) {
				t.Errorf("number %d is %v, want %v", 4+i, got[4+i], v)
			}
		}
	})
}

func TestExamplesRefuse(t *testing.T) {
	rgba, _ := threeExamples()
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.refused("examples before a model", "no model", e.with("SetExamples", rgba, 3))
		e.refused("weights before a model", "no model", e.with("Weights", []byte("beta")))
		e.mustLoad(smallModel(t))
		e.refused("an estimate before examples", "no examples", e.beginBound(0, 0, 1, 5, "beta"))
		e.refused("a term before an estimate", "no estimate", e.call("NextTerm"))
		e.refused("densities before a step", "no step", e.call("Densities", 0, 10))
		e.refused("a picture before a step", "no step", e.call("SubjectBytes", 1))
		e.refused("no examples at all", "0 examples", e.with("SetExamples", nil, 0))
		e.refused("examples cut short", "want 1 to 64 of 256 bytes each", e.with("SetExamples", rgba[:700], 3))
		e.mustWith("SetExamples", rgba, 3)
		e.refused("an example that is not there", "0 to 2", e.beginBound(3, 0, 1, 5, "beta"))
		e.refused("a class that is not there", "-1 (none) to 1", e.beginBound(0, 2, 1, 5, "beta"))
		e.refused("an unknown variance", "beta_tilde", e.beginBound(0, 1, 1, 5, "large"))
		e.refused("too many strata", "1 to 199", e.beginBound(0, 1, 1, 200, "beta"))
		e.explain(0, 5, 1, 1, "beta")
		e.refused("an element beyond the picture", "0 to 63", e.call("Densities", 64, 10))
		e.refused("too few points", "2 to 4096", e.call("Densities", 0, 1))
		p, n := e.put([]byte("beta"))
		e.refused("t = 1", "2 to 200", e.call("Explain", 0, 1, 1, class(-1), p, n))
		// Other examples make what was known of these void.
		e.mustWith("SetExamples", rgba[:256], 1)
		e.refused("a step of examples that are gone", "no step", e.call("Densities", 0, 10))
		e.refused("an estimate of examples that are gone", "no estimate", e.call("NextTerm"))
	})
}
