package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// Stratum returns the first t of the k-th of n strata that 2…T is cut into; the n-th
// would start at T+1. They widen in proportion to k: where t is small the terms of the
// bound are large, and the strata narrow. One t drawn from each stratum, standing for
// all of it, gives an unbiased estimate of the sum over t whatever the strata.
func Stratum(k, n, T int) int {
	return 2 + k + (T-1-n)*k*k/(n*n)
}

// DrawnTime is a t drawn from the k-th of n strata, and how many t it stands for. The
// draw depends on the seed, the image and k alone.
func DrawnTime(seed uint64, image uint32, k, n, T int) (t, weight int) {
	from, to := Stratum(k, n, T), Stratum(k+1, n, T)
	return from + int(float64(to-from)*noise.Uniform(seed, noise.Time, image, uint32(k))), to - from
}

// Estimate is the bound of one image as it becomes known. Each round evaluates the
// decoder's term and one term from each stratum of 2…T, with noise of its own; rounds
// are independent, so their spread says how far the mean of them may be off.
type Estimate struct {
	Prior      float64 // L_T, exactly
	Divergence Spread  // Σ L_{t−1}, t = 2…T
	Decoder    Spread  // L_0
	Total      Spread  // with Prior
	LSimple    Spread  // ‖ε − ε_θ‖²/d, the mean over t

	seed          uint64
	strata, T     int
	round, within int
	stride        int
	// Sums of the round that goes on.
	divergence, decoder, squares float64
	weight                       int
}

// Spread is a mean of rounds.
type Spread struct {
	Mean   float64
	rounds int
	square float64 // Σ (x − mean)²
}

// Error is the standard error of the mean; infinite until there are two rounds.
func (s Spread) Error() float64 {
	if s.rounds < 2 {
		return math.Inf(1)
	}
	return math.Sqrt(s.square / float64(s.rounds*(s.rounds-1)))
}

// add is Welford's update.
func (s *Spread) add(x float64) {
	s.rounds++
	before := x - s.Mean
	s.Mean += before / float64(s.rounds)
	s.square += float64(before * (x - s.Mean))
}

// NewEstimate begins an estimate for x_0, with so many strata, 1…T−1, a round.
func NewEstimate[F Float](x0 []F, s *schedule.Schedule, seed uint64, strata int) *Estimate {
	if strata < 1 || strata > s.T-1 {
		panic("diffusion: strata of 2…T are 1 to T−1")
	}
	e := &Estimate{Prior: PriorKL(x0, s), seed: seed, strata: strata, T: s.T, within: -1}
	// The strata of a round are gone through in strides, so that a curve fills evenly.
	for e.stride = max(1, strata*5/13); gcd(e.stride, strata) != 1; e.stride++ {
	}
	return e
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Rounds is how many are complete.
func (e *Estimate) Rounds() int { return e.Total.rounds }

// Next says what is to be evaluated: t, with the noise of Forward for this round and t.
func (e *Estimate) Next() (t int, round uint32) {
	if e.within < 0 {
		e.weight = 1
		return 1, uint32(e.round)
	}
	t, e.weight = DrawnTime(e.seed, uint32(e.round), e.within*e.stride%e.strata, e.strata, e.T)
	return t, uint32(e.round)
}

// Add takes what was found there: the term in nats (TermFrom) and ‖ε − ε_θ‖²/d.
func (e *Estimate) Add(term, square float64) {
	weight := float64(e.weight)
	e.squares += float64(weight * square)
	if e.within < 0 {
		e.decoder = term
	} else {
		e.divergence += float64(weight * term)
	}
	if e.within++; e.within < e.strata {
		return
	}
	e.Decoder.add(e.decoder)
	e.Divergence.add(e.divergence)
	e.Total.add(e.Prior + e.divergence + e.decoder)
	e.LSimple.add(e.squares / float64(e.T))
	e.round, e.within = e.round+1, -1
	e.divergence, e.decoder, e.squares = 0, 0, 0
}
