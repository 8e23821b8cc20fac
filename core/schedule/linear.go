package schedule

// The schedule of Ho et al. (§4): β from 1e-4 to 0.02 over 1000 steps.
const (
	linearFirst = 1e-4
	linearLast  = 0.02
	linearSteps = 1000

	// linearMinT is the least T whose last β, 0.02·1000/T, stays below 1.
	linearMinT = 21
)

// Linear returns the schedule of Ho et al. (2020, §4): β_t rises linearly from
// 1e-4 at t = 1 to 0.02 at t = T for T = 1000. For another T the betas are
// multiplied by 1000/T, as in Nichol & Dhariwal's code, so that ᾱ_T stays about
// 4e-5 and the chain is the same one at another resolution:
//
//	β_t = 1000/T·(1e-4 + (t−1)/(T−1)·(0.02 − 1e-4))
//
// It panics for T outside 21…MaxT (below 21, β_T would reach 1); New returns
// an error instead.
func Linear(T int) *Schedule {
	if T < linearMinT || T > MaxT {
		panic("schedule: Linear wants 21 to 100000 steps")
	}
	scale := float64(linearSteps) / float64(T)
	first, last := float64(scale*linearFirst), float64(scale*linearLast)
	step := (last - first) / float64(T-1)
	beta := make([]float64, T)
	for i := range beta {
		beta[i] = first + float64(float64(i)*step)
	}
	beta[T-1] = last // the sum above may miss it by a rounding
	return mustFromBeta(beta)
}
