package evaluate

import "math"

// adam is Adam (Kingma & Ba, 2015) with decoupled weight decay (Loshchilov &
// Hutter, 2019).
type adam struct {
	m, v  []float32
	steps int
	decay float64
}

func (a *adam) step(w, grad []float32, rate float64) {
	const beta1, beta2, eps = 0.9, 0.99, 1e-8
	a.steps++
	c1, c2 := 1-math.Pow(beta1, float64(a.steps)), 1-math.Pow(beta2, float64(a.steps))
	for i, g := range grad {
		a.m[i] += (1 - beta1) * (g - a.m[i])
		a.v[i] += (1 - beta2) * (g*g - a.v[i])
		d := float64(a.m[i]) / c1 / (math.Sqrt(float64(a.v[i])/c2) + eps)
		w[i] -= float32(rate * (d + a.decay*float64(w[i])))
	}
}
