package sampler

import (
	"errors"
	"math"
	"strconv"

	"github.com/ddpm-go/ddpm/core/diffusion"
)

// DDPM begins ancestral sampling (Ho et al., 2020, algorithm 2): each step
// draws from p_θ(x_{t−1}|x_t), whose mean is the posterior's (eq. 7) at the
// predicted x̂_0, which equals eq. 11 if nothing is clipped, and whose variance
// is o.Variance:
//
//	x_{t−1} = √ᾱ_{t−1}·β_t/(1−ᾱ_t)·x̂_0 + √α_t·(1−ᾱ_{t−1})/(1−ᾱ_t)·x_t + σ_t·z
//
// No noise is added in the last step. On a respaced schedule, β and α are its
// own.
func DDPM(o Options) (*Run, error) {
	if !o.Variance.Valid() {
		return nil, errors.New("sampler: the variance is " + strconv.FormatFloat(float64(o.Variance), 'g', -1, 64) +
			", want 0 (β̃) to 1 (β)")
	}
	return begin(o, func(t int) formula {
		s := o.Schedule
		return formula{
			xt:    s.PosteriorMeanXt[t],
			x0:    s.PosteriorMeanX0[t],
			sigma: math.Sqrt(diffusion.ReverseVariance(s, t, o.Variance)),
		}
	})
}
