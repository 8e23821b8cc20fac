package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// The conversions below hold for x_t = √ᾱ_t·x_0 + √(1−ᾱ_t)·ε, 1 ≤ t ≤ T. One of
// x_0, ε, v and μ gives the others, as x_t is known. They are linear, so what is
// true of the values is true of predictions of them.

// X0FromEps sets dst = (x_t − √(1−ᾱ_t)·ε)/√ᾱ_t (eq. 4 solved for x_0; eq. 15).
func X0FromEps(dst, xt, eps []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, 1/signal, xt, -sigma/signal, eps)
}

// EpsFromX0 sets dst = (x_t − √ᾱ_t·x_0)/√(1−ᾱ_t) (eq. 4 solved for ε).
func EpsFromX0(dst, xt, x0 []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, 1/sigma, xt, -signal/sigma, x0)
}

// VFromX0Eps sets dst = √ᾱ_t·ε − √(1−ᾱ_t)·x_0, the velocity of Salimans & Ho
// (2022, "Progressive distillation", arXiv:2202.00512, §4).
func VFromX0Eps(dst, x0, eps []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, signal, eps, -sigma, x0)
}

// VFromX0 sets dst = (√ᾱ_t·x_t − x_0)/√(1−ᾱ_t).
func VFromX0(dst, xt, x0 []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, signal/sigma, xt, -1/sigma, x0)
}

// VFromEps sets dst = (ε − √(1−ᾱ_t)·x_t)/√ᾱ_t.
func VFromEps(dst, xt, eps []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, 1/signal, eps, -sigma/signal, xt)
}

// X0FromV sets dst = √ᾱ_t·x_t − √(1−ᾱ_t)·v (Salimans & Ho, 2022, §4).
func X0FromV(dst, xt, v []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, signal, xt, -sigma, v)
}

// EpsFromV sets dst = √(1−ᾱ_t)·x_t + √ᾱ_t·v.
func EpsFromV(dst, xt, v []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, sigma, xt, signal, v)
}

// X0FromMu sets dst to the x_0 whose posterior mean (eq. 7) is μ.
func X0FromMu(dst, xt, mu []float32, s *schedule.Schedule, t int) {
	c0 := s.PosteriorMeanX0[t]
	combine(dst, -s.PosteriorMeanXt[t]/c0, xt, 1/c0, mu)
}

// EpsFromMu sets dst = √(1−ᾱ_t)/β_t·(x_t − √α_t·μ) (eq. 11 solved for ε).
func EpsFromMu(dst, xt, mu []float32, s *schedule.Schedule, t int) {
	_, sigma := amplitudes(s, t)
	scale := sigma / s.Beta[t]
	combine(dst, scale, xt, -scale*math.Sqrt(s.Alpha[t]), mu)
}
