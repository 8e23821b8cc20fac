package train

import "github.com/ddpm-go/ddpm/core/kernel"

// emaDecay is the share of the average that outlives step n = 1, 2, …: it ramps
// up with (1+n)/(10+n), so that the average forgets the first weights, which
// mean nothing, long before it is as slow as asked for.
func emaDecay(longest float64, n int) float64 {
	return min(longest, float64(1+n)/float64(10+n))
}

// average moves the average towards the weights: e ← d·e + (1−d)·w.
func average(ema, w []float32, s span, d float64) {
	kernel.Approach(s.of(ema), s.of(w), float32(1-d))
}
