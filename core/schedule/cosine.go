package schedule

import "math"

const (
	cosineOffset  = 0.008 // s: keeps β_1 from being too small to learn from
	cosineMaxBeta = 0.999 // ᾱ_T would be 0 otherwise
)

// Cosine returns the schedule of Nichol & Dhariwal (2021, "Improved Denoising
// Diffusion Probabilistic Models", arXiv:2102.09672, eq. 17), with s = 0.008:
//
//	f(t) = cos²((t/T + s)/(1 + s)·π/2)
//	β_t  = min(1 − f(t)/f(t−1), 0.999)
//
// ᾱ is the product of the 1 − β_t, so it agrees with the clipped β also at
// t = T, where f is 0. There is no lower clip. It panics for T outside 1…MaxT;
// New returns an error instead.
func Cosine(T int) *Schedule {
	if T < 1 || T > MaxT {
		panic("schedule: Cosine wants 1 to 100000 steps")
	}
	return fromSignal(T, func(t int) float64 { return cosineSignal(t, T) })
}

// cosineSignal is f(t) of Cosine. It takes the cosine as the sine of what is
// left to π/2, (1 − t/T)/(1 + s)·π/2, which loses no digits near t = T.
func cosineSignal(t, T int) float64 {
	left := float64(T-t) / float64(T) / (1 + cosineOffset)
	c := sine(left * (math.Pi / 2))
	return c * c
}

// sine returns sin x for x in [0, π/2], within 3 units of the last place. It is
// Taylor's series up to x²¹/21!, whose remainder there is below 2e-18: slower
// than math.Sin, and the same bits everywhere, which math.Sin is not.
func sine(x float64) float64 {
	xx := x * x
	sum := 1.0
	for n := 20.0; n >= 2; n -= 2 {
		sum = 1 - float64(xx*sum)/(n*(n+1))
	}
	return x * sum
}
