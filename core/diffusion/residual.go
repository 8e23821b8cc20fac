package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// Detail is the δ of the residual r: the scale of what is left to x_t to say of x_0. It
// is some levels of a byte: a larger one leaves grain in flat areas, a smaller one has
// the network repeat x_t where there is hardly any noise.
const Detail = 0.02

// The residual is what of x_0 cannot be taken from x_t as it stands,
//
//	x_0 = k_t·x_t + c_t·r,   k_t = √ᾱ_t·δ²/(ᾱ_t·δ² + 1−ᾱ_t),   c_t² = (1−√ᾱ_t·k_t)² + (1−ᾱ_t)·k_t².
//
// k_t·x_t is the best linear estimate of a signal of variance δ² in x_t, and c_t makes r
// of variance 1 where x_0 has it. That is a preconditioning (Karras et al., 2022, §5): in
// little noise the network says what to change, as one that predicts ε or v does, and all
// of x_0 in more than δ, as one that predicts x_0. With δ = 1 the residual would be −v,
// with δ = 0 it would be x_0.

// skip returns √ᾱ_t and √(1−ᾱ_t) as amplitudes does, then k_t, c_t, and 1 − √ᾱ_t·k_t
// without the difference of two near numbers.
func skip(s *schedule.Schedule, t int) (signal, sigma, k, c, rest float64) {
	signal, sigma = amplitudes(s, t)
	bar := s.AlphaBar[t]
	total := float64(bar*Detail*Detail) + (1 - bar)
	k, rest = signal*Detail*Detail/total, (1-bar)/total
	c = math.Sqrt(float64(rest*rest) + float64((1-bar)*k*k))
	return signal, sigma, k, c, rest
}

// ResidualFromX0Eps sets dst = ((1−√ᾱ_t·k_t)·x_0 − k_t·√(1−ᾱ_t)·ε)/c_t.
func ResidualFromX0Eps(dst, x0, eps []float32, s *schedule.Schedule, t int) {
	_, sigma, k, c, rest := skip(s, t)
	combine(dst, rest/c, x0, -k*sigma/c, eps)
}

// X0FromResidual sets dst = k_t·x_t + c_t·r.
func X0FromResidual(dst, xt, r []float32, s *schedule.Schedule, t int) {
	_, _, k, c, _ := skip(s, t)
	combine(dst, k, xt, c, r)
}

// EpsFromResidual sets dst = ((1−√ᾱ_t·k_t)·x_t − √ᾱ_t·c_t·r)/√(1−ᾱ_t).
func EpsFromResidual(dst, xt, r []float32, s *schedule.Schedule, t int) {
	signal, sigma, _, c, rest := skip(s, t)
	combine(dst, rest/sigma, xt, -signal*c/sigma, r)
}

// ResidualSlope is dε/dr at t, where x_t is given: an error of r is one of ε so many
// times as large.
func ResidualSlope(s *schedule.Schedule, t int) float64 {
	signal, sigma, _, c, _ := skip(s, t)
	return -signal * c / sigma
}
