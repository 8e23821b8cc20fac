// Package schedule holds the noise schedule of a diffusion model and the
// constants that follow from it (Ho et al., 2020, "Denoising Diffusion
// Probabilistic Models", arXiv:2006.11239).
//
// Every array has T+1 entries and its index is the paper's t: 1…T, where t = 0
// is the clean image (ᾱ_0 = 1). Everything is float64, and the same bits on
// every platform: only sums, products, quotients and square roots occur, no
// product is summed without being rounded first (a compiler may fuse a*b+c),
// and the cosine and the exponential are our own. LogSNR is the exception, and says so.
package schedule

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// MaxT is the longest chain that New and FromBeta accept: 100 times the usual
// one. It keeps a schedule that is read from a file from asking for gigabytes.
const MaxT = 100_000

// Schedule is a variance schedule β_1…β_T with what is derived from it. It is
// read-only once built, so any number of runs may share one.
type Schedule struct {
	T int // number of steps

	Beta     []float64 // β_t, variance of one Markov step (Ho et al., eq. 2); β_0 = 0
	Alpha    []float64 // α_t = 1 − β_t; α_0 = 1
	AlphaBar []float64 // ᾱ_t = Π_{s≤t} α_s (eq. 4); ᾱ_0 = 1

	// The posterior q(x_{t−1}|x_t,x_0) = N(c_0·x_0 + c_t·x_t, β̃_t) (eq. 6, 7).
	// At t = 1 it is the point x_0: β̃_1 = 0, c_0 = 1, c_t = 0, exactly. The
	// entries at t = 0 mean nothing and are 0.
	PosteriorVariance []float64 // β̃_t = (1 − ᾱ_{t−1})/(1 − ᾱ_t)·β_t
	PosteriorMeanX0   []float64 // c_0 = √ᾱ_{t−1}·β_t/(1 − ᾱ_t)
	PosteriorMeanXt   []float64 // c_t = √α_t·(1 − ᾱ_{t−1})/(1 − ᾱ_t)

	// Step[t] is the t that the network was trained with. It is t itself unless
	// the schedule is respaced.
	Step []int
}

// New returns the schedule called name with T steps: "linear", "cosine", "sigmoid",
// Shifted with its R as in "shifted:2", or FromLogSNR with its points as in
// "logsnr:9,4.5,0,-4.5,-9". It reports names it does not know and a T outside of
// what the schedule allows.
func New(name string, T int) (*Schedule, error) {
	if text, is := strings.CutPrefix(name, logSNRPrefix); is {
		points, err := parseLogSNR(text)
		if err != nil {
			return nil, err
		}
		return FromLogSNR(T, points)
	}
	if strings.HasPrefix(name, shiftedPrefix) {
		return parseShifted(name, T)
	}
	least := 1
	switch name {
	case "linear":
		least = linearMinT
	case "cosine", "sigmoid":
	default:
		return nil, errors.New("schedule: unknown schedule " + strconv.Quote(name) + ", want linear, cosine, sigmoid, " + shiftedPrefix + " and a number or " + logSNRPrefix + " and points")
	}
	if T < least || T > MaxT {
		return nil, errors.New("schedule: a " + name + " schedule of " + strconv.Itoa(T) +
			" steps, want " + strconv.Itoa(least) + " to " + strconv.Itoa(MaxT))
	}
	switch name {
	case "linear":
		return Linear(T), nil
	case "sigmoid":
		return Sigmoid(T), nil
	}
	return Cosine(T), nil
}

// FromBeta returns the schedule whose β_t is beta[t−1]; T = len(beta). Each β
// must lie strictly between 0 and 1: at 0 a step does nothing and at 1 it
// leaves nothing of the image, so that x̂_0 could not be recovered from ε.
func FromBeta(beta []float64) (*Schedule, error) {
	if len(beta) < 1 || len(beta) > MaxT {
		return nil, errors.New("schedule: " + strconv.Itoa(len(beta)) + " values of beta, want 1 to " + strconv.Itoa(MaxT))
	}
	for i, b := range beta {
		if !(b > 0 && 1-b > 0 && 1-b < 1) {
			return nil, errors.New("schedule: beta at t=" + strconv.Itoa(i+1) + " is " +
				strconv.FormatFloat(b, 'g', -1, 64) + ", want a number between 0 and 1")
		}
	}
	s := empty(len(beta))
	for i, b := range beta {
		t := i + 1
		s.Step[t] = t
		s.Beta[t] = b
		s.Alpha[t] = 1 - b
		s.AlphaBar[t] = s.AlphaBar[t-1] * s.Alpha[t]
	}
	if s.AlphaBar[s.T] == 0 {
		return nil, errors.New("schedule: the product of all alpha is 0 in float64: nothing of the image is left at t=" + strconv.Itoa(s.T))
	}
	s.derive()
	return s, nil
}

// mustFromBeta is for the betas that this package computes itself.
func mustFromBeta(beta []float64) *Schedule {
	s, err := FromBeta(beta)
	if err != nil {
		panic("schedule: a built-in schedule has a beta outside of (0, 1)")
	}
	return s
}

// empty returns a schedule of T steps in which only t = 0 is filled in.
func empty(T int) *Schedule {
	s := &Schedule{
		T:                 T,
		Beta:              make([]float64, T+1),
		Alpha:             make([]float64, T+1),
		AlphaBar:          make([]float64, T+1),
		PosteriorVariance: make([]float64, T+1),
		PosteriorMeanX0:   make([]float64, T+1),
		PosteriorMeanXt:   make([]float64, T+1),
		Step:              make([]int, T+1),
	}
	s.Alpha[0] = 1
	s.AlphaBar[0] = 1
	return s
}

// derive fills in the posterior from Beta, Alpha and AlphaBar.
func (s *Schedule) derive() {
	for t := 1; t <= s.T; t++ {
		before, now := 1-s.AlphaBar[t-1], 1-s.AlphaBar[t]
		s.PosteriorVariance[t] = before / now * s.Beta[t]
		s.PosteriorMeanX0[t] = math.Sqrt(s.AlphaBar[t-1]) * s.Beta[t] / now
		s.PosteriorMeanXt[t] = math.Sqrt(s.Alpha[t]) * before / now
	}
	// β_1 and 1 − ᾱ_1 are equal but for the rounding of 1 − β_1.
	s.PosteriorMeanX0[1] = 1
}

// SNR returns the signal-to-noise ratio ᾱ_t/(1 − ᾱ_t) (Kingma et al., 2021,
// arXiv:2107.00630, eq. 3), 0 ≤ t ≤ T; +Inf at t = 0.
func (s *Schedule) SNR(t int) float64 {
	return s.AlphaBar[t] / (1 - s.AlphaBar[t])
}

// LogSNR returns the natural logarithm of SNR(t). It uses math.Log, whose last
// bit may differ between platforms: round before deciding anything by it.
func (s *Schedule) LogSNR(t int) float64 {
	return math.Log(s.SNR(t))
}
