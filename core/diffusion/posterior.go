package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// PosteriorMean sets dst to μ̃_t(x_t, x_0), the mean of q(x_{t−1}|x_t,x_0)
// (eq. 7), 1 ≤ t ≤ T; at t = 1 it is x_0. The variance, β̃_t, is
// s.PosteriorVariance:
//
//	dst = √ᾱ_{t−1}·β_t/(1−ᾱ_t)·x_0 + √α_t·(1−ᾱ_{t−1})/(1−ᾱ_t)·x_t
func PosteriorMean(dst, x0, xt []float32, s *schedule.Schedule, t int) {
	combine(dst, s.PosteriorMeanX0[t], x0, s.PosteriorMeanXt[t], xt)
}

// ReverseMean sets dst to μ_θ(x_t, t), the mean of p_θ(x_{t−1}|x_t), from the ε
// that a network predicts (eq. 11), 1 ≤ t ≤ T:
//
//	dst = (x_t − β_t/√(1−ᾱ_t)·ε)/√α_t
//
// It is PosteriorMean at the x_0 that ε implies, X0FromEps.
func ReverseMean(dst, xt, eps []float32, s *schedule.Schedule, t int) {
	root := math.Sqrt(s.Alpha[t])
	_, sigma := amplitudes(s, t)
	combine(dst, 1/root, xt, -s.Beta[t]/(sigma*root), eps)
}

// Variance is a choice of σ_t², the fixed variance of p_θ(x_{t−1}|x_t) (§3.2).
type Variance uint8

const (
	Beta      Variance = iota // σ_t² = β_t, optimal for x_0 ~ N(0, I)
	BetaTilde                 // σ_t² = β̃_t, optimal for x_0 a single point
)

var variances = []string{Beta: "beta", BetaTilde: "beta_tilde"}

// ParseVariance returns the choice called name, "beta" or "beta_tilde".
func ParseVariance(name string) (Variance, error) {
	i, err := parse("variance", name, variances)
	return Variance(i), err
}

// String returns the name that ParseVariance takes.
func (v Variance) String() string { return variances[v] }

// Valid reports whether v is one of the choices above.
func (v Variance) Valid() bool { return int(v) < len(variances) }

// ReverseVariance returns σ_t² of p_θ(x_{t−1}|x_t), 1 ≤ t ≤ T. At t = 1, where
// the mean is what is shown and no noise is added, it is what the equation says:
// β_1, or 0.
func ReverseVariance(s *schedule.Schedule, t int, v Variance) float64 {
	if v == Beta {
		return s.Beta[t]
	}
	return s.PosteriorVariance[t]
}
