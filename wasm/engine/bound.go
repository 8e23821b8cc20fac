//go:build wasip1

package main

import (
	"errors"
	"strconv"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
)

// estimate is the bound of one example, as it becomes known.
var estimate struct {
	*diffusion.Estimate
	x0                 []float32
	seed               uint64
	variance           diffusion.Variance
	class              int
	eps, xt, predicted []float32
	record             [13]float64
}

// BeginBound begins an estimate of the variational bound on −log p_θ(x_0) of an
// example, from so many strata of 2…T a round (diffusion.Estimate).
//
//go:wasmexport BeginBound
func BeginBound(index uint32, class int32, seed uint64, strata uint32, variance string) int32 {
	x0, v, err := example(index, class, variance)
	if err != nil {
		return fail(err)
	}
	if strata < 1 || int(strata) > model.Chain.T-1 {
		return fail(errors.New("engine: " + strconv.Itoa(int(strata)) + " strata, want 1 to " + strconv.Itoa(model.Chain.T-1)))
	}
	e := &estimate
	e.Estimate = diffusion.NewEstimate(x0, model.Chain, seed, int(strata))
	e.x0, e.seed, e.variance = x0, seed, v
	e.class = int(class)
	if len(e.eps) != len(x0) {
		e.eps, e.xt, e.predicted = make([]float32, len(x0)), make([]float32, len(x0)), make([]float32, len(x0))
	}
	return ok
}

// NextTerm evaluates one more term of the bound and replies with float64 numbers, terms
// in bits/dim:
//
//	0 t                   1 L_{t−1} there (L_0 at t = 1)
//	2 ‖ε − ε_θ‖²/d there  3 complete rounds
//	4 L_T
//	5 Σ L_{t−1} over t = 2…T and 6 its standard error
//	7, 8 L_0              9, 10 the bound     11, 12 L_simple, over t = 1…T
//
// Means are of complete rounds, errors infinite until there are two.
//
//go:wasmexport NextTerm
func NextTerm() int32 {
	e := &estimate
	if e.Estimate == nil {
		return fail(errors.New("engine: no estimate has begun"))
	}
	s, d := model.Chain, len(e.x0)
	t, round := e.Next()
	noise.Normal(e.eps, e.seed, noise.Forward, round, uint32(t))
	diffusion.QSample(e.xt, e.x0, e.eps, s, t)
	model.class[0] = e.class
	model.predictor.PredictEps(e.predicted, e.xt, t, model.class[:])
	term := diffusion.TermFrom(e.x0, e.eps, e.predicted, s, t, diffusion.BoundVariance(s, t, e.variance))
	square := diffusion.LSimple(e.eps, e.predicted)
	e.Add(term, square)
	bits := func(nats float64) float64 { return diffusion.BitsPerDim(nats, d) }
	e.record = [...]float64{
		float64(t), bits(term), square, float64(e.Rounds()), bits(e.Prior),
		bits(e.Divergence.Mean), bits(e.Divergence.Error()), bits(e.Decoder.Mean), bits(e.Decoder.Error()),
		bits(e.Total.Mean), bits(e.Total.Error()), e.LSimple.Mean, e.LSimple.Error(),
	}
	return answer(e.record[:])
}
