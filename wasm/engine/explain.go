//go:build wasip1

package main

import (
	"errors"
	"math"
	"strconv"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// subject is the step that Explain looked at last.
var subject = struct {
	index                                                    int
	t                                                        int
	variance                                                 float64
	eps, xt, predicted, x0, posteriorMean, reverseMean, best []float32
	shares                                                   []float64
	record                                                   []float64
	densities, values                                        []float64
	bytes                                                    []byte
}{index: -1}

// Explain takes one example as x_0, draws x_t ~ q(x_t|x_0), 2 ≤ t ≤ T, with the noise
// of a seed, which stays as t moves, and asks the network for ε̂. It replies with
// float64 numbers:
//
//	 0 β_t        1 α_t       2 ᾱ_t      3 ᾱ_{t−1}
//	 4 β̃_t        5 σ_t²      6 d        7 ‖ε − ε̂‖²
//	 8 the weight of that in L_{t−1}, and 9 its constant
//	10 L_{t−1} in nats as 8·7 + 9, 11 in closed form, 12 by the formula for Gaussians
//	13 L_{t−1} in bits/dim
//	14 ‖ε̂ − E[ε|x_t]‖²/d, how far the network is from the best of guesses for these examples
//	15… q(x_0|x_t) of each example
//
// SubjectBytes and Densities tell more of the same step.
//
//go:wasmexport Explain
func Explain(index, t uint32, seed uint64, class int32, variance string) int32 {
	x0, v, err := example(index, class, variance)
	if err != nil {
		return fail(err)
	}
	s := model.Chain
	if t < 2 || int(t) > s.T {
		return fail(errors.New("engine: t = " + strconv.Itoa(int(t)) + ", want 2 to " + strconv.Itoa(s.T)))
	}
	q := &subject
	if len(q.eps) != len(x0) {
		for _, values := range []*[]float32{&q.eps, &q.xt, &q.predicted, &q.x0, &q.posteriorMean, &q.reverseMean, &q.best} {
			*values = make([]float32, len(x0))
		}
	}
	q.index, q.t, q.variance = int(index), int(t), diffusion.BoundVariance(s, int(t), v)
	noise.Normal(q.eps, seed, noise.Forward, 0, 0)
	diffusion.QSample(q.xt, x0, q.eps, s, q.t)
	model.class[0] = int(class)
	model.predictor.PredictEps(q.predicted, q.xt, q.t, model.class[:])
	diffusion.X0FromEps(q.x0, q.xt, q.predicted, s, q.t)
	diffusion.PosteriorMean(q.posteriorMean, x0, q.xt, s, q.t)
	diffusion.ReverseMean(q.reverseMean, q.xt, q.predicted, s, q.t)
	q.shares, _ = examples.Responsibilities(q.xt, s, q.t)
	examples.Eps(q.best, q.xt, s, q.t)

	d := len(x0)
	squares := diffusion.LSimple(q.eps, q.predicted) * float64(d)
	weight := diffusion.RegressionWeight(s, q.t, q.variance)
	constant := diffusion.RegressionKL(q.eps, q.eps, s, q.t, q.variance)
	regression := diffusion.RegressionKL(q.eps, q.predicted, s, q.t, q.variance)
	closed := diffusion.PosteriorKL(x0, q.xt, q.predicted, s, q.t, q.variance)
	tilde, sigma := make([]float32, d), make([]float32, d)
	for i := range tilde {
		tilde[i], sigma[i] = float32(s.PosteriorVariance[q.t]), float32(q.variance)
	}
	general := diffusion.GaussianKL(q.posteriorMean, tilde, q.reverseMean, sigma)
	q.record = append(q.record[:0], s.Beta[q.t], s.Alpha[q.t], s.AlphaBar[q.t], s.AlphaBar[q.t-1],
		s.PosteriorVariance[q.t], q.variance, float64(d), squares, weight, constant, regression, closed, general,
		diffusion.BitsPerDim(regression, d), diffusion.LSimple(q.predicted, q.best))
	q.record = append(q.record, q.shares...)
	return answer(q.record)
}

// SubjectBytes replies with a picture of the step that Explain looked at, as bytes
// [height][width][channels]: 0 x_0, 1 x_t, 2 ε, 3 ε̂, 4 x̂_0, 5 the posterior's mean μ̃,
// 6 the network's μ_θ.
//
//go:wasmexport SubjectBytes
func SubjectBytes(which uint32) int32 {
	q := &subject
	if q.index < 0 {
		return fail(errNothingExplained)
	}
	pictures := [...][]float32{examples.Means[q.index], q.xt, q.eps, q.predicted, q.x0, q.posteriorMean, q.reverseMean}
	if int(which) >= len(pictures) {
		panic("engine: unknown picture of a step")
	}
	if len(q.bytes) != len(q.xt) {
		q.bytes = make([]byte, len(q.xt))
	}
	tensor.Bytes(q.bytes, pictures[which])
	return answer(q.bytes)
}

// Densities looks at one element of the picture, (y·width + x)·channels + channel, in
// the step that Explain looked at. It replies with float64 numbers: that element of x_0,
// x_t, x̂_0, μ̃ and μ_θ, the divergence KL(q(x_{t−1}|x_t,x_0) ‖ p_θ) of it alone, in nats,
// the ends of the range that matters, and then over n equal steps of that range the
// densities of q(x_{t−1}|x_t,x_0), of p_θ(x_{t−1}|x_t), and of q(x_{t−1}|x_t) if the
// examples are all there is.
//
//go:wasmexport Densities
func Densities(element, n uint32) int32 {
	q := &subject
	switch {
	case q.index < 0:
		return fail(errNothingExplained)
	case int(element) >= len(q.xt):
		return fail(errors.New("engine: element " + strconv.Itoa(int(element)) + ", want 0 to " + strconv.Itoa(len(q.xt)-1)))
	case n < 2 || n > 4096:
		return fail(errors.New("engine: " + strconv.Itoa(int(n)) + " points of a curve, want 2 to 4096"))
	}
	s, i, count := model.Chain, int(element), int(n)
	tilde := s.PosteriorVariance[q.t]
	posterior, reverse := float64(q.posteriorMean[i]), float64(q.reverseMean[i])
	const deviations = 4
	reach := deviations * math.Sqrt(max(tilde, q.variance))
	low, high := min(posterior, reverse)-reach, max(posterior, reverse)+reach
	divergence := diffusion.GaussianKL([]float64{posterior}, []float64{tilde}, []float64{reverse}, []float64{q.variance})
	q.densities = append(q.densities[:0], float64(examples.Means[q.index][i]), float64(q.xt[i]), float64(q.x0[i]),
		posterior, reverse, divergence, low, high)
	head := len(q.densities)
	q.densities = append(q.densities, make([]float64, 3*count)...)
	q.values = q.values[:0]
	for k := range count {
		x := low + (high-low)*float64(k)/float64(count-1)
		q.values = append(q.values, x)
		q.densities[head+k] = diffusion.Density(x, posterior, tilde)
		q.densities[head+count+k] = diffusion.Density(x, reverse, q.variance)
	}
	examples.ReverseAt(q.densities[head+2*count:], q.values, q.shares, float64(q.xt[i]), i, s, q.t)
	return answer(q.densities)
}

var errNothingExplained = errors.New("engine: no step has been explained yet, call Explain first")

// Weights replies with what L_{t−1} weighs ‖ε − ε_θ‖² with, float64 for t = 0…T; it
// begins with t = 1, and entry 0 is 0. L_simple has the same weight for all.
//
//go:wasmexport Weights
func Weights(variance string) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	v, err := diffusion.ParseVariance(variance)
	if err != nil {
		return fail(err)
	}
	s := model.Chain
	table := make([]float64, s.T+1)
	for t := 1; t <= s.T; t++ {
		table[t] = diffusion.RegressionWeight(s, t, diffusion.BoundVariance(s, t, v))
	}
	return answer(table)
}
