package sampler

import "math"

// DDIM begins sampling by Song et al. (2021, "Denoising Diffusion Implicit
// Models", arXiv:2010.02502, eq. 12 and 16), with ᾱ for what is α there:
//
//	σ_t     = η·√β̃_t = η·√((1−ᾱ_{t−1})/(1−ᾱ_t))·√(1 − ᾱ_t/ᾱ_{t−1})
//	x_{t−1} = √ᾱ_{t−1}·x̂_0 + √(1−ᾱ_{t−1}−σ_t²)·ε + σ_t·z
//
// where t−1 is the step before on the respaced schedule, and ε is the one that
// x̂_0 and x_t imply, (x_t − √ᾱ_t·x̂_0)/√(1−ᾱ_t): the predicted ε̂ unless x̂_0 was
// clipped. η = 0 is deterministic from x_T on; η = 1 is DDPM with σ² = β̃. The
// last step yields x̂_0 itself. Encode is its inverse.
func DDIM(o Options) (*Run, error) {
	if err := o.validateEta(); err != nil {
		return nil, err
	}
	return begin(o, func(t int) formula {
		now, before := o.Schedule.AlphaBar[t], o.Schedule.AlphaBar[t-1]
		sigma := o.Eta * math.Sqrt(o.Schedule.PosteriorVariance[t])
		// What multiplies ε; the difference may round below 0 at t = 1.
		direction := math.Sqrt(max(0, 1-before-float64(sigma*sigma)))
		xt := direction / math.Sqrt(1-now)
		return formula{xt: xt, x0: math.Sqrt(before) - float64(xt*math.Sqrt(now)), sigma: sigma}
	})
}
