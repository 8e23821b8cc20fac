//go:build wasip1

package main

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// Mistakes that people make with Algorithm 2 of Ho et al. (2020), put together from
// outside of the core, which is right: another schedule, other options, and
// predictors and runs that have the right ones inside.
//
//	range      pixels are taken to be in [0, 1]: each x̂_0 is clipped to that, and x is shown so
//	clip       x̂_0 is not clipped
//	last       z is added at the last step too, with σ_1² = β_1
//	time       the network is asked about the t of the next step of the run
//	schedule   the sampler goes by the other schedule's ᾱ
//	root       x̂_0 is divided by ᾱ_t instead of √ᾱ_t

var knownMistakes = []string{"range", "clip", "last", "time", "schedule", "root"}

// BeginMistaken is BeginRun with mistakes, any of the words above joined by commas,
// for a ddpm recipe that starts from noise.
//
//go:wasmexport BeginMistaken
func BeginMistaken(text string, first, count uint32, mistakes string) int32 {
	unit := false
	handle := begin(text, first, count, func(r recipe.Recipe, part recipe.Part) (stepper, error) {
		if r.Sampler != "ddpm" || r.Start > 0 || r.Branch > 0 || r.Resample > 1 {
			return nil, errors.New("engine: mistakes are for recipes with sampler=ddpm that start from noise")
		}
		o, err := model.Sampling(r, part)
		if err != nil {
			return nil, err
		}
		made := map[string]bool{}
		for word := range strings.SplitSeq(mistakes, ",") {
			if word != "" && !slices.Contains(knownMistakes, word) {
				return nil, errors.New("engine: unknown mistake " + strconv.Quote(word) + ", want any of " + strings.Join(knownMistakes, ", "))
			}
			made[word] = true
		}
		// Guidance comes first, so that what a mistake does with ε̂ is done with the one that counts.
		o = o.Guided()
		if made["time"] {
			o.Predictor = early{o.Predictor, before(o.Schedule, model.Timesteps)}
		}
		chain := model.Chain // that the sampler goes by
		if made["schedule"] {
			if chain, o.Schedule, err = otherSchedule(r); err != nil {
				return nil, err
			}
		}
		if made["root"] {
			o.Predictor = unrooted{o.Predictor, chain}
		}
		if made["clip"] {
			o.Clip = false
		}
		if made["range"] {
			unit = true
			if o.Clip {
				o.Predictor, o.Clip = inUnit{o.Predictor, chain}, false
			}
		}
		run, err := sampler.DDPM(o)
		if err != nil {
			return nil, err
		}
		if !made["last"] {
			return run, nil
		}
		return &noisyEnd{Run: run, o: o}, nil
	})
	if handle > 0 {
		runs[handle].unit = unit
	}
	return handle
}

// early asks about another t than x_t has.
type early struct {
	sampler.Predictor
	asked []int
}

// before maps each t of s to the one of the step after it, in a table of T+1.
func before(s *schedule.Schedule, T int) []int {
	table := make([]int, T+1)
	for i := 1; i <= s.T; i++ {
		table[s.Step[i]] = max(1, s.Step[i-1])
	}
	return table
}

func (e early) PredictEps(eps, xt []float32, t int, classes []int) {
	e.Predictor.PredictEps(eps, xt, e.asked[t], classes)
}

// otherSchedule is the schedule that the model was not trained on, whole and in the
// recipe's steps.
func otherSchedule(r recipe.Recipe) (whole, steps *schedule.Schedule, err error) {
	name := "linear"
	if model.Card.Schedule == name {
		name = "cosine"
	}
	if whole, err = schedule.New(name, model.Timesteps); err != nil {
		return nil, nil, err
	}
	spacing, err := schedule.ParseSpacing(r.Spacing)
	if err != nil {
		return nil, nil, err
	}
	steps, err = whole.Spaced(spacing, r.Steps)
	return whole, steps, err
}

// unrooted gives the ε̂ by which a sampler arrives at (x_t − √(1−ᾱ_t)·ε̂)/ᾱ_t for x̂_0.
type unrooted struct {
	sampler.Predictor
	chain *schedule.Schedule
}

func (u unrooted) PredictEps(eps, xt []float32, t int, classes []int) {
	u.Predictor.PredictEps(eps, xt, t, classes)
	signal, noisy := math.Sqrt(u.chain.AlphaBar[t]), math.Sqrt(1-u.chain.AlphaBar[t])
	for i, x := range xt {
		x0 := (float64(x) - noisy*float64(eps[i])) / u.chain.AlphaBar[t]
		eps[i] = float32((float64(x) - signal*x0) / noisy)
	}
}

// inUnit gives the ε̂ by which a sampler arrives at an x̂_0 that is clipped to [0, 1].
type inUnit struct {
	sampler.Predictor
	chain *schedule.Schedule
}

func (u inUnit) PredictEps(eps, xt []float32, t int, classes []int) {
	u.Predictor.PredictEps(eps, xt, t, classes)
	signal, noisy := math.Sqrt(u.chain.AlphaBar[t]), math.Sqrt(1-u.chain.AlphaBar[t])
	for i, x := range xt {
		x0 := (float64(x) - noisy*float64(eps[i])) / signal
		x0 = min(1, max(0, x0))
		eps[i] = float32((float64(x) - signal*x0) / noisy)
	}
}

// noisyEnd adds noise after the last step.
type noisyEnd struct {
	*sampler.Run
	o    sampler.Options
	x, z []float32
}

// Step returns the step taken last; after the last one x is x_0 + σ_1·z.
func (n *noisyEnd) Step() sampler.Step {
	s := n.Run.Step()
	if s.Index < s.Of {
		return s
	}
	if n.x == nil {
		n.x, n.z = make([]float32, len(s.X)), make([]float32, n.o.Size)
		sigma := float32(math.Sqrt(n.o.Schedule.Beta[1]))
		for i := range n.o.Classes {
			noise.Normal(n.z, n.o.Seed, noise.Reverse, uint32(n.o.First+i), uint32(n.o.Schedule.Step[1]))
			for j, z := range n.z {
				k := i*n.o.Size + j
				n.x[k] = s.X[k] + sigma*z
			}
		}
	}
	s.X, s.Sigma = n.x, math.Sqrt(n.o.Schedule.Beta[1])
	return s
}
