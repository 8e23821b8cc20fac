package diffusion

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// Prediction is what a network's output stands for.
type Prediction uint8

const (
	Eps      Prediction = iota // the noise ε (Ho et al., §3.2)
	V                          // the velocity v = √ᾱ_t·ε − √(1−ᾱ_t)·x_0 (Salimans & Ho, 2022)
	X0                         // the image x_0
	Mu                         // the posterior's mean μ̃_t(x_t, x_0) (eq. 7)
	Residual                   // the residual r of x_0, x_0 = k_t·x_t + c_t·r (after Karras et al., 2022)
)

var predictions = []string{Eps: "eps", V: "v", X0: "x0", Mu: "mu", Residual: "residual"}

// ParsePrediction returns the kind called name: "eps", "v", "x0", "mu"
// or "residual".
func ParsePrediction(name string) (Prediction, error) {
	i := slices.Index(predictions, name)
	if i < 0 {
		return 0, errors.New("diffusion: unknown prediction " + strconv.Quote(name) +
			", want one of " + strings.Join(predictions, ", "))
	}
	return Prediction(i), nil
}

// String returns the name that ParsePrediction takes.
func (p Prediction) String() string { return predictions[p] }

// Eps sets dst to the ε that the network's output at (x_t, t) implies.
func (p Prediction) Eps(dst, out, xt []float32, s *schedule.Schedule, t int) {
	switch p {
	case Eps:
		copySame(dst, out)
	case V:
		EpsFromV(dst, xt, out, s, t)
	case X0:
		EpsFromX0(dst, xt, out, s, t)
	case Mu:
		EpsFromMu(dst, xt, out, s, t)
	case Residual:
		EpsFromResidual(dst, xt, out, s, t)
	default:
		panic("diffusion: unknown prediction")
	}
}

// X0 sets dst to the x_0 that the network's output at (x_t, t) implies.
func (p Prediction) X0(dst, out, xt []float32, s *schedule.Schedule, t int) {
	switch p {
	case Eps:
		X0FromEps(dst, xt, out, s, t)
	case V:
		X0FromV(dst, xt, out, s, t)
	case X0:
		copySame(dst, out)
	case Mu:
		X0FromMu(dst, xt, out, s, t)
	case Residual:
		X0FromResidual(dst, xt, out, s, t)
	default:
		panic("diffusion: unknown prediction")
	}
}

// Target sets dst to what a perfect output would be at x_t = QSample(x_0, ε):
// what training compares the network's output with.
func (p Prediction) Target(dst, x0, eps []float32, s *schedule.Schedule, t int) {
	switch p {
	case Eps:
		copySame(dst, eps)
	case V:
		VFromX0Eps(dst, x0, eps, s, t)
	case X0:
		copySame(dst, x0)
	case Mu: // eq. 7 with x_t written out
		c0, ct := s.PosteriorMeanX0[t], s.PosteriorMeanXt[t]
		signal, sigma := amplitudes(s, t)
		combine(dst, c0+float64(ct*signal), x0, ct*sigma, eps)
	case Residual:
		ResidualFromX0Eps(dst, x0, eps, s, t)
	default:
		panic("diffusion: unknown prediction")
	}
}

func copySame(dst, src []float32) {
	if len(dst) != len(src) {
		panic("diffusion: slices of different lengths")
	}
	copy(dst, src)
}
