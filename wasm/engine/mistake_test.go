package main

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
)

const mistakenRecipe = "sampler=ddpm&variance=beta&steps=6&seed=4&count=2&classes=0,1&guidance=2"

// asking is a predictor that asks about other t.
type asking struct {
	sampler.Predictor
	about map[int]int
}

func (a asking) PredictEps(eps, xt []float32, t int, classes []int) {
	a.Predictor.PredictEps(eps, xt, a.about[t], classes)
}

// A run with a mistake is the core's run with that mistake and no other.
func TestMistakesAreWhatTheySay(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Parse(mistakenRecipe, recipe.CountOnPage)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(o *sampler.Options){
		"":     func(*sampler.Options) {},
		"clip": func(o *sampler.Options) { o.Clip = false },
		"time": func(o *sampler.Options) {
			about := map[int]int{}
			for i, t := range o.Schedule.Step[1:] {
				about[t] = max(1, o.Schedule.Step[i])
			}
			o.Predictor = asking{o.Predictor, about}
		},
		"schedule": func(o *sampler.Options) {
			var err error
			if o.Schedule, err = schedule.Linear(200).Respace(6); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run("mistakes="+name, func(t *testing.T) {
			forEachBuild(t, func(t *testing.T, e *instance) {
				e.mustLoad(file)
				o, err := m.Sampling(r, recipe.Part{})
				if err != nil {
					t.Fatal(err)
				}
				change(&o)
				native, err := sampler.DDPM(o)
				if err != nil {
					t.Fatal(err)
				}
				e.follow(e.mistaken(name), native, func() (x, x0, eps []float32) {
					s := native.Step()
					return s.X, s.X0, s.Eps
				})
			})
		})
	}
}

// Noise at the last step is σ_1·z on top of a run that is right until there.
func TestNoiseAtTheLastStep(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := m.Chain.Respace(6)
	if err != nil {
		t.Fatal(err)
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		right, wrong := e.mistaken(""), e.mistaken("last")
		for i := 1; i <= 6; i++ {
			e.must("Step", uint64(right))
			e.must("Step", uint64(wrong))
			e.must("StepValues", uint64(right), 0)
			want := e.floats()
			if i == 6 {
				z := make([]float32, 64)
				for image := range 2 {
					noise.Normal(z, 4, noise.Reverse, uint32(image), uint32(chain.Step[1]))
					for j := range z {
						want[image*64+j] += float32(math.Sqrt(chain.Beta[1])) * z[j]
					}
				}
			}
			e.compare(wrong, 0, want)
		}
	})
}

// Where x̂_0 is divided by ᾱ_t it is too large, and in [0, 1] nothing is below 0; and
// the pictures' bytes are of that range.
func TestMistakesInX0(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Parse(mistakenRecipe, recipe.CountOnPage)
	if err != nil {
		t.Fatal(err)
	}
	o, err := m.Sampling(r, recipe.Part{})
	if err != nil {
		t.Fatal(err)
	}
	native, err := sampler.DDPM(o)
	if err != nil {
		t.Fatal(err)
	}
	native.Next()
	eps := native.Step().Eps
	xT := make([]float32, 2*64)
	for i := range 2 {
		m.Noise(xT[i*64:(i+1)*64], r.Seed, uint32(i))
	}
	right, wrong := make([]float32, 2*64), make([]float32, 2*64)
	diffusion.X0FromEps(right, xT, eps, m.Chain, m.Timesteps)
	root := float32(math.Sqrt(m.Chain.AlphaBar[m.Timesteps]))
	for i, v := range right {
		wrong[i] = max(-1, min(1, v/root))
		right[i] = max(0, min(1, v))
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		rooted := e.mistaken("root")
		e.must("Step", uint64(rooted))
		e.compare(rooted, 1, wrong)

		unit := e.mistaken("range")
		e.must("Step", uint64(unit))
		e.must("StepValues", uint64(unit), 1)
		values := e.floats()
		for i, v := range values {
			// At T little is left of x_0, so what it is computed from is large.
			if d := v - right[i]; !(math.Abs(float64(d)) < 2e-2) {
				t.Fatalf("x̂_0 %d is %v, want %v", i, v, right[i])
			}
		}
		for i := range values {
			values[i] = 2*values[i] - 1
		}
		want := make([]byte, len(values))
		tensor.Bytes(want, values)
		e.must("StepBytes", uint64(unit), 1)
		for i, b := range e.reply() {
			if b != want[i] {
				t.Fatalf("byte %d is %d, want %d", i, b, want[i])
			}
		}
	})
}

func TestMistakesRefuse(t *testing.T) {
	file := smallModel(t)
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		p, n := e.put([]byte("spelling"))
		e.refused("an unknown mistake", "spelling", e.with("BeginMistaken", []byte(mistakenRecipe), 0, 0, p, n))
		e.refused("another sampler", "sampler=ddpm", e.with("BeginMistaken", []byte("sampler=ddim"), 0, 0, p, 0))
	})
}

// mistaken begins a run with mistakes.
func (e *instance) mistaken(mistakes string) int32 {
	e.t.Helper()
	p, n := e.put([]byte(mistakes))
	return e.mustWith("BeginMistaken", []byte(mistakenRecipe), 0, 0, p, n)
}
