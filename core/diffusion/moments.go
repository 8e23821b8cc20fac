package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// Moments returns the mean and the variance of the elements of x, Σx/n and
// Σ(x − mean)²/n.
func Moments(x []float32) (mean, variance float64) {
	for _, v := range x {
		mean += float64(v)
	}
	mean /= float64(len(x))
	for _, v := range x {
		d := float64(v) - mean
		variance += float64(d * d)
	}
	return mean, variance / float64(len(x))
}

// QMoments returns the moments to be expected of the elements of x_t ~ q(x_t|x_0),
// 0 ≤ t ≤ T, if those of x_0 are mean and variance (eq. 4):
//
//	√ᾱ_t·mean,  ᾱ_t·variance + 1 − ᾱ_t
//
// for many elements; of n, 1/n of the noise's variance is the mean's.
func QMoments(mean, variance float64, s *schedule.Schedule, t int) (float64, float64) {
	signal, _ := amplitudes(s, t)
	return float64(signal * mean), float64(s.AlphaBar[t]*variance) + (1 - s.AlphaBar[t])
}

// NoiseVariance returns the mean square of x_t − √ᾱ_t·x_0, the noise that x_t
// holds: 1 − ᾱ_t is to be expected, the variance of q(x_t|x_0) (eq. 4).
func NoiseVariance(x0, xt []float32, s *schedule.Schedule, t int) float64 {
	if len(x0) != len(xt) {
		panic("diffusion: slices of different lengths")
	}
	signal, _ := amplitudes(s, t)
	var sum float64
	for i, x := range xt {
		d := float64(x) - float64(signal*float64(x0[i]))
		sum += float64(d * d)
	}
	return sum / float64(len(xt))
}

// Histogram sets density to that of the elements of x in len(density) equal bins
// from low to high: the share of them that is in a bin, by its width. Those
// outside of all bins count as elements, and in no bin.
func Histogram(density []float64, x []float32, low, high float64) {
	clear(density)
	perUnit := float64(len(density)) / (high - low)
	for _, v := range x {
		if at := math.Floor((float64(v) - low) * perUnit); at >= 0 && at < float64(len(density)) {
			density[int(at)]++
		}
	}
	for i := range density {
		density[i] *= perUnit / float64(len(x))
	}
}

// NormalHistogram is the Histogram to be expected of N(0, 1): Φ's difference over
// each bin, by its width.
func NormalHistogram(density []float64, low, high float64) {
	width := (high - low) / float64(len(density))
	for i := range density {
		from := low + float64(float64(i)*width)
		density[i] = math.Exp(logBetween(from, from+width)) / width
	}
}
