package diffusion

import "math"

// Float is what the terms of the bound are computed from: float32 as images
// are, or float64 where the rounding of x_t would show. They compute in float64
// either way.
type Float interface{ float32 | float64 }

// GaussianKL returns KL(N(m, diag v) ‖ N(n, diag w)) in nats, for any means and
// variances (Kullback & Leibler, 1951):
//
//	½ Σ_i (ln(w_i/v_i) − 1 + v_i/w_i + (m_i − n_i)²/w_i)
func GaussianKL[F Float](m, v, n, w []F) float64 {
	if len(v) != len(m) || len(n) != len(m) || len(w) != len(m) {
		panic("diffusion: slices of different lengths")
	}
	var sum float64
	for i := range m {
		v, w := float64(v[i]), float64(w[i])
		d := float64(m[i]) - float64(n[i])
		sum += spreadKL(v, w) + d*d/(2*w)
	}
	return sum
}

// Density returns N(x; mean, variance).
func Density(x, mean, variance float64) float64 {
	return math.Exp(-(x-mean)*(x-mean)/(2*variance)) / math.Sqrt(2*math.Pi*variance)
}

// spreadKL is what two variances alone add to the divergence of one element,
// ½(ln(w/v) − 1 + v/w): 0 where they are equal, and positive elsewhere.
func spreadKL(v, w float64) float64 {
	return (math.Log(w/v) - 1 + v/w) / 2
}
