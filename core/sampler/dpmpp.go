package sampler

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// DPMSolverPP begins sampling by DPM-Solver++(2M) of Lu et al. (2022b,
// "DPM-Solver++", arXiv:2211.01095, algorithm 2), which solves the ODE of the
// probability flow by a multistep method of second order. With
// λ_t = ½·ln(ᾱ_t/(1−ᾱ_t)), half the log-SNR, h = λ_{t−1} − λ_t, r = h of the step
// before / h, and x̂_0′ the prediction of that step,
//
//	D       = x̂_0 + (x̂_0 − x̂_0′)/(2r)
//	x_{t−1} = √((1−ᾱ_{t−1})/(1−ᾱ_t))·x_t + √ᾱ_{t−1}·(1 − e^{−h})·D
//
// The first step, which has no prediction before it, and the last one, whose h
// is infinite, take D = x̂_0: they are DDIM's. The last yields x̂_0 itself. It is
// deterministic from x_T on; the schedule may be spaced in any way.
func DPMSolverPP(o Options) (*Run, error) {
	return begin(o, func(t int) formula {
		s := o.Schedule
		keep, gain := flow(s, t, t-1)
		if t == s.T || t == 1 {
			return formula{xt: keep, x0: gain}
		}
		before := gain * (halfLogSNR(s, t-1) - halfLogSNR(s, t)) / (2 * (halfLogSNR(s, t) - halfLogSNR(s, t+1)))
		return formula{xt: keep, x0: gain + before, past: []float64{-before}}
	})
}

// flow returns the factors of the step x_to = keep·x_from + gain·x̂_0 along the
// probability flow, with which it is exact where x̂_0 is constant (Lu et al.,
// 2022b, eq. 8): keep = σ_to/σ_from, gain = α_to·(1 − e^{−h}), where α = √ᾱ,
// σ = √(1−ᾱ) and e^{−h} = α_from·σ_to/(σ_from·α_to). At to = 0 they are 0 and 1.
func flow(s *schedule.Schedule, from, to int) (keep, gain float64) {
	keep = math.Sqrt((1 - s.AlphaBar[to]) / (1 - s.AlphaBar[from]))
	gain = math.Sqrt(s.AlphaBar[to]) - float64(keep*math.Sqrt(s.AlphaBar[from]))
	return keep, gain
}

// halfLogSNR is λ_t of the papers on fast solvers.
func halfLogSNR(s *schedule.Schedule, t int) float64 { return s.LogSNR(t) / 2 }
