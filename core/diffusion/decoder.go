package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// DecoderNLL returns L_0 = −log p_θ(x_0|x_1) of the discretised Gaussian
// decoder (eq. 13), for eps = ε_θ(x_1, 1) and σ_1² = variance (BoundVariance):
// the probability that N(μ_θ(x_1, 1), σ_1²) falls into the bin of each element,
//
//	−Σ_i ln ∫_{x_i − 1/255}^{x_i + 1/255} N(x; μ_i, σ_1²) dx
//
// where the bins of −1 and 1, the first and the last byte, go on to infinity.
// x0 is b/127.5 − 1 of bytes b.
func DecoderNLL[F Float](x0, x1, eps []F, s *schedule.Schedule, variance float64) float64 {
	if len(x1) != len(x0) || len(eps) != len(x0) {
		panic("diffusion: slices of different lengths")
	}
	sigma := math.Sqrt(variance)
	var sum float64
	for i := range x0 {
		sum -= logBin(float64(x0[i]), reverseMean(float64(x1[i]), float64(eps[i]), s, 1), sigma)
	}
	return sum
}

const (
	halfBin = 1.0 / 255
	// lastBin is between the last two of the 256 values: what is beyond it, on
	// either side, belongs to an open bin.
	lastBin = 1 - halfBin
)

// logBin is the logarithm of the probability that N(mean, sigma²) gives to the
// bin of x.
func logBin(x, mean, sigma float64) float64 {
	low, high := (x-halfBin-mean)/sigma, (x+halfBin-mean)/sigma
	if x < -lastBin {
		low = math.Inf(-1)
	}
	if x > lastBin {
		high = math.Inf(1)
	}
	return logBetween(low, high)
}

// logBetween returns ln(Φ(b) − Φ(a)), a < b, where Φ is the standard normal's
// distribution function, as precisely far out as in the middle.
func logBetween(a, b float64) float64 {
	if a > 0 {
		a, b = -b, -a // so that it is the lower tail, where Φ has its digits
	}
	if b > 0 { // a sum of two positive parts on either side of 0
		return math.Log((math.Erf(b/math.Sqrt2) + math.Erf(-a/math.Sqrt2)) / 2)
	}
	upper := logPhi(b)
	return upper + math.Log1p(-math.Exp(logPhi(a)-upper))
}

// logPhi returns ln Φ(z) for z ≤ 0.
func logPhi(z float64) float64 {
	if z > -30 {
		return math.Log(math.Erfc(-z/math.Sqrt2) / 2)
	}
	// Before erfc underflows, its asymptotic series (Abramowitz & Stegun, 26.2.12);
	// what is left out is below 945/30¹⁰ = 2e-12.
	r := 1 / (z * z)
	series := 15 - float64(105*r)
	series = 3 - float64(series*r)
	series = 1 - float64(series*r)
	return -float64(float64(z*z)/2) - math.Log(-z*math.Sqrt(2*math.Pi)) + math.Log1p(-float64(series*r))
}
