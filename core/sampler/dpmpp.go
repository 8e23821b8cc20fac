package sampler

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// DPMSolverPP begins sampling by DPM-Solver++(2M) of Lu et al. (2022b,
// "DPM-Solver++", arXiv:2211.01095). At η = 0 it solves the ODE of the
// probability flow by a multistep method of second order (algorithm 2), at η = 1
// the reverse SDE (SDE-DPM-Solver++(2M)), and between them one of the
// family that has the same q(x_t) for every η. With λ_t = ½·ln(ᾱ_t/(1−ᾱ_t)),
// half the log-SNR, h = λ_{t−1} − λ_t, r = h of the step before / h, and x̂_0′ the
// prediction of that step,
//
//	D       = x̂_0 + (x̂_0 − x̂_0′)/(2r)
//	x_{t−1} = √((1−ᾱ_{t−1})/(1−ᾱ_t))·e^{−ηh}·x_t + √ᾱ_{t−1}·(1 − e^{−(1+η)h})·D + σ_t·z
//	σ_t     = √(1−ᾱ_{t−1})·√(1 − e^{−2ηh})
//
// The first step, which has no prediction before it, and the last one, whose h
// is infinite, take D = x̂_0: at η = 0 they are DDIM's, at η = 1 DDPM's with
// σ² = β̃. The last yields x̂_0 itself. The schedule may be spaced in any way.
func DPMSolverPP(o Options) (*Run, error) {
	if err := o.validateEta(); err != nil {
		return nil, err
	}
	return begin(o, func(t int) formula {
		s := o.Schedule
		if t == 1 {
			return formula{x0: 1}
		}
		f := diffuse(s, t, o.Eta)
		if t < s.T {
			before := f.x0 * (halfLogSNR(s, t-1) - halfLogSNR(s, t)) / (2 * (halfLogSNR(s, t) - halfLogSNR(s, t+1)))
			f.x0, f.past = f.x0+before, []float64{-before}
		}
		return f
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

// diffuse returns the first order's step of the reverse SDE with η, from t to t−1 > 0,
// which is exact where x̂_0 is constant. At η = 0 it is flow's.
func diffuse(s *schedule.Schedule, t int, eta float64) formula {
	h := halfLogSNR(s, t-1) - halfLogSNR(s, t)
	keep, _ := flow(s, t, t-1)
	keep *= math.Exp(-eta * h)
	return formula{
		xt:    keep,
		x0:    math.Sqrt(s.AlphaBar[t-1]) - float64(keep*math.Sqrt(s.AlphaBar[t])),
		sigma: math.Sqrt((1 - s.AlphaBar[t-1]) * -math.Expm1(-2*eta*h)),
	}
}

// halfLogSNR is λ_t of the papers on fast solvers.
func halfLogSNR(s *schedule.Schedule, t int) float64 { return s.LogSNR(t) / 2 }
