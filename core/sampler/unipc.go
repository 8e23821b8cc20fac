package sampler

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// unipcOrder is the order p of the predictor.
const unipcOrder = 3

// UniPC begins sampling by the predictor–corrector of Zhao et al. (2023,
// "UniPC", arXiv:2302.04867, §3, algorithms 5 and 6), in the form that predicts
// x_0. With λ as in DPMSolverPP, from s to t, h = λ_t − λ_s and
// D_k = x̂_0 at k − x̂_0 at s, both halves are
//
//	x_t = σ_t/σ_s·x_s + α_t·(1 − e^{−h})·(x̂_0 at s + Σ_k ρ_k·D_k/r_k),  r_k = (λ_k − λ_s)/h
//
// The predictor's k are the p−1 steps before s. The corrector has t among them,
// r = 1: it replaces x_t once x̂_0 at t is known, costs no evaluation of its own,
// and raises the order from p to p+1. The ρ_k solve
//
//	Σ_k r_k^{j−1}·ρ_k = j!·φ_{j+1}(−h)/φ_1(−h), j = 1, 2, …
//	φ_1(z) = (e^z − 1)/z, φ_{j+1}(z) = (φ_j(z) − 1/j!)/z
//
// also for a single k, where the paper takes ½: the steps of a cosine schedule
// in λ are too long at first for that. The formula is then the integral of
// the polynomial through the predictions, and the paper's B(h) drops out of it.
// The first steps, and the last ones, have a lower order: as many points as
// there are before, and steps as there are left. The last yields x̂_0 itself. It
// is deterministic from x_T on.
func UniPC(o Options) (*Run, error) { return unipc(o, unipcOrder) }

func unipc(o Options, most int) (*Run, error) {
	return begin(o, func(t int) formula {
		s := o.Schedule
		order := func(t int) int { return min(most, s.T-t+1, t) } // of the predictor at t
		var f formula
		if t < s.T {
			nodes := []int{t + 1, t}
			for k := 1; k < order(t+1); k++ {
				nodes = append(nodes, t+1+k)
			}
			kept, w := unified(s, nodes, t)
			// The x̂_0 at t, at t+1, and those before.
			f.kept, f.corrected = kept, append([]float64{w[1], w[0]}, w[2:]...)
		}
		nodes := []int{t}
		for k := 1; k < order(t); k++ {
			nodes = append(nodes, t+k)
		}
		kept, w := unified(s, nodes, t-1)
		f.xt, f.x0, f.past = kept, w[0], w[1:]
		return f
	})
}

// unified returns the factor of x at nodes[0], and those of the x̂_0 at all
// nodes, in UniPC's formula for x at to.
func unified(s *schedule.Schedule, nodes []int, to int) (keep float64, weights []float64) {
	keep, gain := flow(s, nodes[0], to)
	weights = make([]float64, len(nodes))
	weights[0] = gain
	n := len(nodes) - 1
	if n == 0 {
		return keep, weights
	}
	from := halfLogSNR(s, nodes[0])
	h := halfLogSNR(s, to) - from
	first := -math.Expm1(-h) / h // φ_1(−h)
	r, rho := make([]float64, n), make([]float64, n)
	factorial, phi := 1.0, first
	for j := range n {
		r[j] = (halfLogSNR(s, nodes[j+1]) - from) / h
		factorial *= float64(j + 1)
		phi = (phi - 1/factorial) / -h
		rho[j] = factorial * phi / first
	}
	solveMoments(rho, r)
	for k, v := range rho {
		w := gain * v / r[k]
		weights[k+1] = w
		weights[0] -= w
	}
	return keep, weights
}

// solveMoments replaces b by the solution ρ of Σ_k r_k^j·ρ_k = b_j, j = 0, 1, …,
// for distinct r_k (Björck & Pereyra, 1970).
func solveMoments(b, r []float64) {
	n := len(r)
	for k := range n - 1 {
		for i := n - 1; i > k; i-- {
			b[i] -= float64(r[k] * b[i-1])
		}
	}
	for k := n - 2; k >= 0; k-- {
		for i := k + 1; i < n; i++ {
			b[i] /= r[i] - r[i-k-1]
		}
		for i := k; i < n-1; i++ {
			b[i] -= b[i+1]
		}
	}
}
