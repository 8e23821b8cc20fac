package kernel

import "math"

// Adam is the coefficients of one step of Adam (Kingma & Ba, 2015, Algorithm 1) with
// decoupled weight decay. All forms round each product and each sum alike, so that a
// training run gives the same weights on every platform, to the bit.
type Adam struct {
	Scale          float32 // g ← Scale·g, clipping
	Beta1, Rest1   float32 // m ← Beta1·m + Rest1·g
	Beta2, Rest2   float32 // v ← Beta2·v + Rest2·g²
	Keep, Rate, By float32 // w ← Keep·w − Rate·m/(√v + By)
}

// Step changes w, m and v, given the gradient; all have one length.
func (a *Adam) Step(w, m, v, grad []float32) {
	need(len(m) == len(w) && len(v) == len(w) && len(grad) == len(w))
	a.step(w, m, v, grad)
}

// Approach computes dst[i] += by·(x[i] − dst[i]), a moving average's step, rounded
// alike in all forms; the lengths are equal.
func Approach(dst, x []float32, by float32) {
	need(len(dst) == len(x))
	approach(dst, x, by)
}

func (a *Adam) stepGeneric(w, m, v, grad []float32) {
	m, v, grad = m[:len(w)], v[:len(w)], grad[:len(w)]
	for i, g := range grad {
		g = float32(g * a.Scale)
		mi := float32(a.Beta1*m[i]) + float32(a.Rest1*g)
		vi := float32(a.Beta2*v[i]) + float32(a.Rest2*float32(g*g))
		m[i], v[i] = mi, vi
		w[i] = float32(w[i]*a.Keep) - float32(a.Rate*mi)/(float32(math.Sqrt(float64(vi)))+a.By)
	}
}

func approachGeneric(dst, x []float32, by float32) {
	x = x[:len(dst)]
	for i, d := range dst {
		dst[i] = d + float32(by*(x[i]-d))
	}
}
