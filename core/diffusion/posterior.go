package diffusion

import (
	"errors"
	"math"
	"strconv"
	"strings"

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

// Variance is a choice of σ_t², the fixed variance of p_θ(x_{t−1}|x_t): a weight
// from 0, β̃_t, to 1, β_t, between which Nichol & Dhariwal (2021,
// arXiv:2102.09672, eq. 15) interpolate the logarithms. β̃_t and β_t bound what
// is optimal (Ho et al., §3.2).
type Variance float64

const (
	Beta      Variance = 1 // σ_t² = β_t, optimal for x_0 ~ N(0, I)
	BetaTilde Variance = 0 // σ_t² = β̃_t, optimal for x_0 a single point
)

// ParseVariance reads "beta", "beta_tilde", or a weight from 0 to 1 in decimal
// digits.
func ParseVariance(text string) (Variance, error) {
	switch text {
	case "beta":
		return Beta, nil
	case "beta_tilde":
		return BetaTilde, nil
	}
	if len(text) <= 24 && strings.Trim(text, "0123456789.") == "" {
		if w, err := strconv.ParseFloat(text, 64); err == nil && Variance(w).Valid() {
			return Variance(w), nil
		}
	}
	return 0, errors.New("diffusion: unknown variance " + strconv.Quote(text) +
		", want beta, beta_tilde, or a number from 0 (beta_tilde) to 1 (beta)")
}

// String returns the text that ParseVariance takes.
func (v Variance) String() string {
	switch v {
	case Beta:
		return "beta"
	case BetaTilde:
		return "beta_tilde"
	}
	return strconv.FormatFloat(float64(v), 'f', -1, 64)
}

// Valid reports whether v lies between the choices above.
func (v Variance) Valid() bool { return v >= 0 && v <= 1 }

// ReverseVariance returns σ_t² of p_θ(x_{t−1}|x_t), 1 ≤ t ≤ T:
//
//	σ_t² = β_t^v·β̃_t^(1−v)
//
// At t = 1, where the mean is what is shown and no noise is added, it is what
// the equation says: β_1 for v = 1, else 0.
func ReverseVariance(s *schedule.Schedule, t int, v Variance) float64 {
	return v.between(s.PosteriorVariance[t], s.Beta[t])
}

// between returns the variance at v from tilde to beta, exact at the ends.
func (v Variance) between(tilde, beta float64) float64 {
	switch v {
	case Beta:
		return beta
	case BetaTilde:
		return tilde
	}
	return math.Pow(beta, float64(v)) * math.Pow(tilde, 1-float64(v))
}
