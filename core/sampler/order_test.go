package sampler

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// hills is a mixture of Gaussians of one value each: the probability flow is
// neither linear nor known in closed form.
var hills = diffusion.Mixture[float64]{Means: [][]float64{{-0.8}, {0.3}, {0.9}}, Weights: []float64{2, 1, 1}, Spread: 0.25}

// optimal is the best predictor there is for data of a mixture. It looks t up in
// the original schedule.
func optimal(m *diffusion.Mixture[float64], original *schedule.Schedule) predictor {
	return func(x float64, t, _ int) float64 {
		eps := []float64{x}
		m.Eps(eps, eps, original, t)
		return eps[0]
	}
}

// flowTo follows the probability flow from x at ᾱ = from to ᾱ = to: with
// y = x/√ᾱ and ρ = √((1−ᾱ)/ᾱ), dy/dρ = ε (Song et al., 2021, DDIM, eq. 14), by
// the classical Runge–Kutta method in ln ρ. The noise is computed here from the
// densities, not by diffusion.Mixture.
func flowTo(m *diffusion.Mixture[float64], x, from, to float64) float64 {
	slope := func(logRho, y float64) float64 {
		rho := math.Exp(logRho)
		a := 1 / (1 + rho*rho)
		v := a*m.Spread*m.Spread + 1 - a
		var total, pull float64
		for k, mean := range m.Means {
			d := math.Sqrt(a) * (y - mean[0])
			density := m.Weights[k] * math.Exp(-d*d/(2*v))
			total += density
			pull += density * d
		}
		return math.Sqrt(1-a) * pull / total / v * rho
	}
	const steps = 2000
	begin, end := math.Log((1-from)/from)/2, math.Log((1-to)/to)/2
	h := (end - begin) / steps
	y := x / math.Sqrt(from)
	for i := range steps {
		at := begin + float64(i)*h
		k1 := slope(at, y)
		k2 := slope(at+h/2, y+h/2*k1)
		k3 := slope(at+h/2, y+h/2*k2)
		k4 := slope(at+h, y+h*k3)
		y += h / 6 * (k1 + 2*k2 + 2*k3 + k4)
	}
	return y * math.Sqrt(to)
}

// TestOrder measures the order of every deterministic sampler, with the best
// predictor there is for data of a mixture: the error against the probability
// flow at t = 1 falls as step size to the power of the order. (From t = 1 to 0
// the step in log-SNR is infinite, whatever the number of steps.)
func TestOrder(t *testing.T) {
	original := schedule.Linear(20_000)
	for _, c := range []struct {
		name   string
		begin  func(Options) (*Run, error)
		coarse int // steps, from where on the order shows
		order  float64
	}{
		{"ddim", DDIM, 20, 1},
		{"dpmpp", DPMSolverPP, 20, 2},
		{"unipc 1", func(o Options) (*Run, error) { return unipc(o, 1) }, 20, 2},
		{"unipc 2", func(o Options) (*Run, error) { return unipc(o, 2) }, 40, 3},
		{"unipc 3", func(o Options) (*Run, error) { return unipc(o, 3) }, 40, 4},
	} {
		coarse, fine := flowError(t, c.begin, original, c.coarse), flowError(t, c.begin, original, 4*c.coarse)
		order := math.Log2(coarse/fine) / 2
		t.Logf("%s: %.2g after %d steps, %.2g after %d: order %.2f", c.name, coarse, c.coarse, fine, 4*c.coarse, order)
		if order < c.order-0.3 || order > c.order+0.6 {
			t.Errorf("%s: four times the steps turn an error of %.2g into %.2g: order %.2f, want %v", c.name, coarse, fine, order, c.order)
		}
	}
}

// flowError is the largest error at t = 1 of n steps equal in log-SNR.
func flowError(t *testing.T, begin func(Options) (*Run, error), original *schedule.Schedule, n int) float64 {
	t.Helper()
	s, err := original.Spaced(schedule.LogSNR, n+1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := begin(Options{Schedule: s, Predictor: optimal(&hills, original), Size: 20, Seed: 6, Classes: []int{Null}})
	if err != nil {
		t.Fatal(err)
	}
	var want [20]float64
	for i, x := range r.Step().X {
		want[i] = flowTo(&hills, float64(x), s.AlphaBar[s.T], s.AlphaBar[1])
	}
	for range n {
		r.Next()
	}
	most := 0.0
	for i, x := range r.Step().X {
		most = max(most, math.Abs(float64(x)-want[i]))
	}
	return most
}

// TestSolveMoments checks the weights that UniPC solves for against the moments.
func TestSolveMoments(t *testing.T) {
	for _, r := range [][]float64{{1}, {-1, 1}, {1, -0.7, -2.5}, {-1, -2, 1, 0.5}} {
		b := []float64{0.3, -1.2, 0.8, 2.5}[:len(r)]
		rho := append([]float64(nil), b...)
		solveMoments(rho, r)
		for j := range r {
			var sum float64
			for k := range r {
				sum += rho[k] * math.Pow(r[k], float64(j))
			}
			if math.Abs(sum-b[j]) > 1e-13 {
				t.Errorf("r = %v: moment %d is %v, want %v", r, j, sum, b[j])
			}
		}
	}
}

// TestUnified checks UniPC's weights against what they are exact for: the
// integral over the step of the polynomial through the predictions,
// σ_t·∫ e^λ·L_k(λ) dλ.
func TestUnified(t *testing.T) {
	s := schedule.Linear(1000)
	for _, c := range []struct {
		nodes []int
		to    int
	}{
		{[]int{400}, 350},
		{[]int{400, 430}, 350},
		{[]int{400, 350}, 350},
		{[]int{500, 560, 640}, 430},
		{[]int{300, 260, 350}, 260},
		{[]int{300, 260, 350, 370}, 260},
	} {
		keep, weights := unified(s, c.nodes, c.to)
		sigma := math.Sqrt(1 - s.AlphaBar[c.to])
		if want := sigma / math.Sqrt(1-s.AlphaBar[c.nodes[0]]); math.Abs(keep-want) > 1e-15 {
			t.Errorf("%v: x's factor is %v, want %v", c.nodes, keep, want)
		}
		for k, node := range c.nodes {
			lagrange := func(lambda float64) float64 {
				p := math.Exp(lambda)
				for j, other := range c.nodes {
					if j != k {
						p *= (lambda - halfLogSNR(s, other)) / (halfLogSNR(s, node) - halfLogSNR(s, other))
					}
				}
				return p
			}
			const n = 200 // of Simpson's rule
			from := halfLogSNR(s, c.nodes[0])
			h := (halfLogSNR(s, c.to) - from) / n
			var want float64
			for i := range n {
				a := from + float64(i)*h
				want += sigma * h / 6 * (lagrange(a) + 4*lagrange(a+h/2) + lagrange(a+h))
			}
			if math.Abs(weights[k]-want) > 1e-9 {
				t.Errorf("%v: the weight of x̂_0 at %d is %v, want %v", c.nodes, node, weights[k], want)
			}
		}
	}
}
