//go:build wasip1

package main

import (
	"errors"
	"math"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// stepper is what takes steps: a sampler's run, its encoding, or what a mistake makes of
// a run.
type stepper interface {
	Next() bool
	Step() sampler.Step
}

// run is a part of a recipe's images on its way from noise to pictures.
type run struct {
	stepper
	size   int // pixels a side
	depth  int // channels
	count  int
	unit   bool      // pictures are taken to be in [0, 1]
	before []float32 // x before the latest step
	shown  []float32
	bytes  []byte
	record [8]uint32
}

// runs are those that have begun and not been ended, by handle.
var (
	runs       = map[int32]*run{}
	lastHandle int32
)

// BeginRun begins images first … first+count−1 of a recipe, count 0 being all
// from first on, and returns a handle above zero.
//
//go:wasmexport BeginRun
func BeginRun(text string, first, count uint32) int32 {
	return begin(text, first, count, func(r recipe.Recipe, part recipe.Part) (stepper, error) { return model.Run(r, part) })
}

// begin is what all runs begin with: the recipe and which of its images.
func begin(text string, first, count uint32, make func(recipe.Recipe, recipe.Part) (stepper, error)) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	r, err := model.Parse(text, recipe.CountOnPage)
	if err != nil {
		return fail(err)
	}
	if count == 0 {
		count = uint32(max(0, r.Count-int(first)))
	}
	s, err := make(r, recipe.Part{First: int(first), N: int(count), Predictor: model.predictor})
	if err != nil {
		return fail(err)
	}
	c := model.Net.Config()
	lastHandle++
	before := append([]float32(nil), s.Step().X...)
	runs[lastHandle] = &run{stepper: s, size: c.ImageSize, depth: c.OutChannels, count: int(count), before: before}
	return lastHandle
}

// Step takes one denoising step of all of a run's images: 1 if it did, 0 if the
// run is over. Its reply is seven uint32: the step's index from 1, how many
// there are, the t that it started from, the number of images, their height,
// width and channels; and a float32, the σ of the noise that the step added.
//
//go:wasmexport Step
func Step(handle int32) int32 {
	r, err := find(handle)
	if err != nil {
		return fail(err)
	}
	copy(r.before, r.stepper.Step().X)
	if !r.Next() {
		return 0
	}
	s := r.stepper.Step()
	r.record = [...]uint32{uint32(s.Index), uint32(s.Of), uint32(s.T), uint32(r.count), uint32(r.size), uint32(r.size), uint32(r.depth), math.Float32bits(float32(s.Sigma))}
	answer(r.record[:])
	return 1
}

// StepValues replies with float32 values [count][height][width][channels] of the
// latest step: plane 0 is x after it, 1 is x̂_0, 2 is ε̂, 3 is x before it, 4 is x
// after it without the noise that it added, μ_θ. Before the first step x is x_T, and
// x̂_0, ε̂ and μ_θ are zero.
//
//go:wasmexport StepValues
func StepValues(handle int32, plane uint32) int32 {
	r, err := find(handle)
	if err != nil {
		return fail(err)
	}
	return answer(r.values(plane))
}

// StepBytes is StepValues as a picture's bytes: of [−1, 1], but where the run takes
// pictures to be in [0, 1].
//
//go:wasmexport StepBytes
func StepBytes(handle int32, plane uint32) int32 {
	r, err := find(handle)
	if err != nil {
		return fail(err)
	}
	values := r.values(plane)
	if r.bytes == nil {
		r.bytes = make([]byte, len(values))
	}
	if r.unit && plane != 2 {
		if r.shown == nil {
			r.shown = make([]float32, len(values))
		}
		for i, v := range values {
			r.shown[i] = 2*v - 1
		}
		values = r.shown
	}
	tensor.Bytes(r.bytes, values)
	return answer(r.bytes)
}

// EndRun gives back a run's memory, over or not. With the last one it is made
// free at once, so that the next runs take that and the module does not grow.
//
//go:wasmexport EndRun
func EndRun(handle int32) int32 {
	if _, err := find(handle); err != nil {
		return fail(err)
	}
	delete(runs, handle)
	if len(runs) == 0 {
		Collect()
	}
	return ok
}

func find(handle int32) (*run, error) {
	if r := runs[handle]; r != nil {
		return r, nil
	}
	return nil, errors.New("engine: no run has this handle: it was never begun, or it was ended")
}

func (r *run) values(plane uint32) []float32 {
	s := r.stepper.Step()
	switch plane {
	case 0:
		return s.X
	case 1:
		return s.X0
	case 2:
		return s.Eps
	case 3:
		return r.before
	case 4:
		return s.Mean
	}
	panic("engine: unknown plane of a step")
}
