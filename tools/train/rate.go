package train

import "math"

// decays maps the share of the way from the end of the warm-up to the end of the
// run to the share of the highest rate.
var decays = map[string]func(x float64) float64{
	"cosine":   func(x float64) float64 { return (1 + math.Cos(math.Pi*x)) / 2 },
	"linear":   func(x float64) float64 { return 1 - x },
	"constant": func(float64) float64 { return 1 },
}

// rate is the learning rate of step n = 0, 1, …, Steps−1. It rises linearly over
// the warm-up, to c.Rate at its last step, and would reach 0 at step Steps.
func (c Config) rate(n int) float64 {
	warm := math.Round(c.Warmup * float64(c.Steps))
	at := float64(n) + 1
	if at <= warm {
		return c.Rate * at / warm
	}
	return c.Rate * decays[c.Decay]((at-1-max(warm-1, 0))/(float64(c.Steps)-max(warm-1, 0)))
}
