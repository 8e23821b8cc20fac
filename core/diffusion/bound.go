package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// The variational bound on −log p_θ(x_0) (eq. 5) is the expectation, over
// x_t ~ q(x_t|x_0), of
//
//	L_T + Σ_{t=2…T} L_{t−1} + L_0
//
// PriorKL is L_T, PosteriorKL is L_{t−1} and DecoderNLL is L_0. All are sums
// over the elements of one image, in nats. x̂_0 is not clipped anywhere: that
// would be another p_θ.

// BitsPerDim converts nats over d elements to bits for each of them.
func BitsPerDim(nats float64, d int) float64 {
	return nats / (float64(d) * math.Ln2)
}

// BoundVariance returns the σ_t² of p_θ(x_{t−1}|x_t) that the bound is computed
// with, 1 ≤ t ≤ T. It is ReverseVariance but for β̃_1 = 0, with which no image
// would have a likelihood: in its place is β̃_2, as Nichol & Dhariwal (2021,
// arXiv:2102.09672) have it, or β_1 in a chain of one step.
func BoundVariance(s *schedule.Schedule, t int, v Variance) float64 {
	if t > 1 {
		return ReverseVariance(s, t, v)
	}
	if s.T == 1 {
		return s.Beta[1]
	}
	return v.between(s.PosteriorVariance[2], s.Beta[1])
}

// PriorKL returns L_T = KL(q(x_T|x_0) ‖ N(0, I)), for which no network is
// needed:
//
//	½ Σ_i (ᾱ_T·x_0² − ᾱ_T − ln(1 − ᾱ_T))
func PriorKL[F Float](x0 []F, s *schedule.Schedule) float64 {
	a := s.AlphaBar[s.T]
	var square float64
	for _, x := range x0 {
		square += float64(float64(x) * float64(x))
	}
	return (float64(a*square) - float64(float64(len(x0))*(a+math.Log1p(-a)))) / 2
}

// Term returns L_{t−1} at one x_t, 1 ≤ t ≤ T: DecoderNLL at t = 1, PosteriorKL
// otherwise. Its expectation over x_t, summed over t, and L_T are the bound.
func Term[F Float](x0, xt, eps []F, s *schedule.Schedule, t int, variance float64) float64 {
	if t == 1 {
		return DecoderNLL(x0, xt, eps, s, variance)
	}
	return PosteriorKL(x0, xt, eps, s, t, variance)
}

// PosteriorKL returns KL(q(x_{t−1}|x_t,x_0) ‖ p_θ(x_{t−1}|x_t)), 2 ≤ t ≤ T, for
// eps = ε_θ(x_t, t) and σ_t² = variance (eq. 8, with its constant):
//
//	‖μ̃_t(x_t,x_0) − μ_θ(x_t,t)‖²/(2σ²) + (d/2)·(ln(σ²/β̃) − 1 + β̃/σ²)
//
// It holds for every x_t, whether or not it is a draw from q(x_t|x_0).
func PosteriorKL[F Float](x0, xt, eps []F, s *schedule.Schedule, t int, variance float64) float64 {
	if len(xt) != len(x0) || len(eps) != len(x0) {
		panic("diffusion: slices of different lengths")
	}
	needPosterior(s, t)
	c0, ct := s.PosteriorMeanX0[t], s.PosteriorMeanXt[t]
	var square float64
	for i := range x0 {
		d := float64(c0*float64(x0[i])) + float64(ct*float64(xt[i])) - reverseMean(float64(xt[i]), float64(eps[i]), s, t)
		square += float64(d * d)
	}
	return square/(2*variance) + float64(float64(len(x0))*spreadKL(s.PosteriorVariance[t], variance))
}

// RegressionKL is PosteriorKL as a weighted regression on the noise (eq. 12,
// with its constant), for x_t = √ᾱ_t·x_0 + √(1−ᾱ_t)·ε and predicted =
// ε_θ(x_t, t):
//
//	β²/(2σ²·α·(1−ᾱ))·‖ε − ε_θ‖² + (d/2)·(ln(σ²/β̃) − 1 + β̃/σ²)
//
// L_simple is this without the weight and the constant.
func RegressionKL[F Float](eps, predicted []F, s *schedule.Schedule, t int, variance float64) float64 {
	if len(predicted) != len(eps) {
		panic("diffusion: slices of different lengths")
	}
	needPosterior(s, t)
	var square float64
	for i := range eps {
		d := float64(eps[i]) - float64(predicted[i])
		square += float64(d * d)
	}
	return float64(RegressionWeight(s, t, variance)*square) + float64(float64(len(eps))*spreadKL(s.PosteriorVariance[t], variance))
}

// RegressionWeight is what RegressionKL multiplies ‖ε − ε_θ‖² with, 2 ≤ t ≤ T; at
// t = 1, where the term is the decoder's, it is the weight by which that of a Gaussian
// decoder would be a regression, too.
func RegressionWeight(s *schedule.Schedule, t int, variance float64) float64 {
	return s.Beta[t] * s.Beta[t] / (2 * variance * s.Alpha[t] * (1 - s.AlphaBar[t]))
}

// TermFrom is Term at x_t = √ᾱ_t·x_0 + √(1−ᾱ_t)·ε for predicted = ε_θ(x_t, t), without
// the float32 rounding of x_t, which would show where β_t is some ten-thousandths.
func TermFrom[F Float](x0, eps, predicted []F, s *schedule.Schedule, t int, variance float64) float64 {
	if t > 1 {
		return RegressionKL(eps, predicted, s, t, variance)
	}
	if len(eps) != len(x0) || len(predicted) != len(x0) {
		panic("diffusion: slices of different lengths")
	}
	signal, sigma := amplitudes(s, 1)
	deviation := math.Sqrt(variance)
	var sum float64
	for i, x := range x0 {
		x1 := float64(signal*float64(x)) + float64(sigma*float64(eps[i]))
		sum -= logBin(float64(x), reverseMean(x1, float64(predicted[i]), s, 1), deviation)
	}
	return sum
}

// reverseMean is ReverseMean (eq. 11) of one element, in float64.
func reverseMean(xt, eps float64, s *schedule.Schedule, t int) float64 {
	return (xt - float64(s.Beta[t]/math.Sqrt(1-s.AlphaBar[t])*eps)) / math.Sqrt(s.Alpha[t])
}

// needPosterior refuses t = 1, where the posterior is a point and the term of
// the bound is DecoderNLL.
func needPosterior(s *schedule.Schedule, t int) {
	if t < 2 || t > s.T {
		panic("diffusion: a divergence from the posterior wants 2 <= t <= T")
	}
}
