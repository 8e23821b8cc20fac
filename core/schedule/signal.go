package schedule

import (
	"errors"
	"strconv"
	"strings"
)

const (
	// shiftedPrefix begins the name of a cosine schedule whose SNR is shifted.
	shiftedPrefix = "shifted:"

	// The bounds of R: beyond, next to nothing is left of one end of the chain.
	minShift, maxShift = 0.05, 20

	// Sigmoid's s and e.
	sigmoidStart, sigmoidEnd = -3, 3
)

// Sigmoid returns the schedule of Jabri et al. (2022, "Scalable Adaptive
// Computation for Iterative Generation", arXiv:2212.11972, appendix B), with start
// s = −3, end e = 3 and temperature τ = 1, and σ the logistic function:
//
//	ᾱ(t) = (σ(e/τ) − σ((s + (e − s)·t/T)/τ)) / (σ(e/τ) − σ(s/τ))
//	β_t  = min(1 − ᾱ(t)/ᾱ(t−1), 0.999)
//
// It panics for T outside 1…MaxT; New returns an error instead.
func Sigmoid(T int) *Schedule {
	if T < 1 || T > MaxT {
		panic("schedule: Sigmoid wants 1 to 100000 steps")
	}
	first, last := logistic(sigmoidStart), logistic(sigmoidEnd)
	return fromSignal(T, func(t int) float64 {
		along := sigmoidStart + float64((sigmoidEnd-sigmoidStart)*float64(t))/float64(T)
		return (last - logistic(along)) / (last - first)
	})
}

// Shifted returns the cosine schedule with its signal-to-noise ratio multiplied by
// R² (Hoogeboom et al., 2023, "simple diffusion", arXiv:2301.11093, eq. 4):
//
//	log SNR(t) = log SNR_cosine(t) + 2·log R
//	ᾱ(t) = R²·ᾱ_cosine(t) / (R²·ᾱ_cosine(t) + 1 − ᾱ_cosine(t))
//	β_t  = min(1 − ᾱ(t)/ᾱ(t−1), 0.999)
//
// In the paper R is 64/d for images of d pixels a side: a large image needs more
// noise, since its neighbouring pixels say the same. R is 0.05 to 20.
func Shifted(T int, R float64) (*Schedule, error) {
	if !(R >= minShift && R <= maxShift) {
		return nil, errors.New("schedule: the SNR shifted by " + short(R) + ", want " + short(minShift) + " to " + short(maxShift))
	}
	if T < 1 || T > MaxT {
		return nil, errors.New("schedule: a shifted schedule of " + strconv.Itoa(T) + " steps, want 1 to " + strconv.Itoa(MaxT))
	}
	whole, square := cosineSignal(0, T), R*R
	return fromSignal(T, func(t int) float64 {
		bar := cosineSignal(t, T) / whole
		signal := float64(square * bar)
		return signal / (signal + (1 - bar))
	}), nil
}

// parseShifted reads what follows a name's prefix.
func parseShifted(name string, T int) (*Schedule, error) {
	text := strings.TrimPrefix(name, shiftedPrefix)
	R, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, errors.New("schedule: " + strconv.Quote(text) + " in " + strconv.Quote(name) + " is not a number, want one such as shifted:2")
	}
	return Shifted(T, R)
}

// fromSignal returns the schedule with a given ᾱ, but for what clipping β at 0.999
// keeps from falling faster.
func fromSignal(T int, bar func(t int) float64) *Schedule {
	beta := make([]float64, T)
	before := bar(0)
	for i := range beta {
		now := bar(i + 1)
		beta[i] = min(1-now/before, cosineMaxBeta)
		before = now
	}
	return mustFromBeta(beta)
}

func logistic(x float64) float64 { return 1 / (1 + exponential(-x)) }
