// Package diffusion holds the equations of Ho et al. (2020, "Denoising
// Diffusion Probabilistic Models", arXiv:2006.11239) as functions with the
// paper's names; equation numbers are that paper's unless another is named.
//
// Images are float32 slices of any shape, as every equation here works element
// by element; all slices of a call have the same length, and dst may be one of
// the others. t is the paper's, 1…s.T, or 0 where an equation has a meaning
// there. Coefficients are computed in float64 and rounded once to float32;
// every product is rounded before it is added, so results are the same bits on
// every platform.
//
// A slice of another length and a t outside of the schedule are broken
// invariants and panic.
package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/kernel"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// QSample draws x_t from q(x_t|x_0) = N(√ᾱ_t·x_0, (1−ᾱ_t)·I) (eq. 4), given ε
// from N(0, I), 0 ≤ t ≤ T:
//
//	dst = √ᾱ_t·x_0 + √(1−ᾱ_t)·ε
func QSample(dst, x0, eps []float32, s *schedule.Schedule, t int) {
	signal, sigma := amplitudes(s, t)
	combine(dst, signal, x0, sigma, eps)
}

// QSampleRGBA is QSample of a picture, [n][3], that is to be seen at once: opaque
// RGBA, [n][4], each byte the level of x_t that tensor.Bytes gives. x_t itself is
// not written down, which is most of the time that a large picture takes.
func QSampleRGBA(dst []byte, x0, eps []float32, s *schedule.Schedule, t int) {
	if len(dst)%4 != 0 || len(x0) != len(dst)/4*3 || len(eps) != len(x0) {
		panic("diffusion: a picture of different sizes")
	}
	signal, sigma := amplitudes(s, t)
	kernel.BlendRGBA(dst, x0, eps, float32(signal), float32(sigma))
}

// QStep draws x_t from q(x_t|x_{t−1}) = N(√(1−β_t)·x_{t−1}, β_t·I) (eq. 2), one
// Markov step, given z from N(0, I):
//
//	dst = √(1−β_t)·x_{t−1} + √β_t·z
func QStep(dst, before, z []float32, s *schedule.Schedule, t int) {
	combine(dst, math.Sqrt(s.Alpha[t]), before, math.Sqrt(s.Beta[t]), z)
}

// amplitudes returns √ᾱ_t and √(1−ᾱ_t), what is left of the image and what the
// noise has grown to.
func amplitudes(s *schedule.Schedule, t int) (signal, sigma float64) {
	return math.Sqrt(s.AlphaBar[t]), math.Sqrt(1 - s.AlphaBar[t])
}

// combine sets dst = a·x + b·y, with a and b rounded to float32 first.
func combine(dst []float32, a float64, x []float32, b float64, y []float32) {
	if len(x) != len(dst) || len(y) != len(dst) {
		panic("diffusion: slices of different lengths")
	}
	kernel.Blend(dst, x, y, float32(a), float32(b))
}
