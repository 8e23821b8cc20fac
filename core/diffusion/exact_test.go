package diffusion

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// gaussianData is x_0 ~ N(mean, spread²), for which everything is known: the
// best ε_θ, and by it every term of the bound.
type gaussianData struct{ mean, spread float64 }

// variance is Var x_t.
func (g gaussianData) variance(s *schedule.Schedule, t int) float64 {
	return s.AlphaBar[t]*g.spread*g.spread + 1 - s.AlphaBar[t]
}

// eps is E[ε|x_t], the ε_θ that L_simple has its least value at.
func (g gaussianData) eps(xt float64, s *schedule.Schedule, t int) float64 {
	signal, sigma := amplitudes(s, t)
	return sigma * (xt - signal*g.mean) / g.variance(s, t)
}

// reverse is Var q(x_{t−1}|x_t), from the covariance of x_{t−1} and x_t.
func (g gaussianData) reverse(s *schedule.Schedule, t int) float64 {
	return s.Beta[t] * g.variance(s, t-1) / g.variance(s, t)
}

// expected is the exact expectation of L_{t−1} for an ε_θ that is linear in x_t:
// the term is a quadratic in (x_0, ε), so the Gauss–Hermite rule of nodes ±1
// in each integrates it without error.
func (g gaussianData) expected(s *schedule.Schedule, t int, variance float64, model func(xt float64) float64) float64 {
	var sum float64
	for _, z := range []float64{-1, 1} {
		for _, e := range []float64{-1, 1} {
			x0 := []float64{g.mean + g.spread*z}
			xt := sample(x0, []float64{e}, s, t)
			sum += PosteriorKL(x0, xt, []float64{model(xt[0])}, s, t, variance) / 4
		}
	}
	return sum
}

func exactSchedules(t *testing.T) map[string]*schedule.Schedule {
	all := schedules(t)
	steep, err := schedule.FromBeta([]float64{0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6})
	if err != nil {
		t.Fatal(err)
	}
	all["steep"] = steep
	return all
}

// TestExactTerms compares every L_{t−1} of Gaussian data with what it must be,
// ½(ln(σ²/β̃) − 1 + Var q(x_{t−1}|x_t)/σ²) for the best ε_θ; one that believes
// it is at t−1 or t+1 is measurably worse.
func TestExactTerms(t *testing.T) {
	for name, s := range exactSchedules(t) {
		for _, g := range []gaussianData{{0, 1}, {0.3, 0.5}, {-0.7, 0.1}} {
			for at := 2; at <= s.T; at++ {
				best := func(xt float64) float64 { return g.eps(xt, s, at) }
				reverse, tilde := g.reverse(s, at), s.PosteriorVariance[at]
				for _, variance := range []float64{s.Beta[at], tilde, reverse} {
					want := (math.Log(variance/tilde) - 1 + reverse/variance) / 2
					got := g.expected(s, at, variance, best)
					if !(math.Abs(got-want) <= 1e-9*want+1e-14) {
						t.Fatalf("%s, %v, t=%d, σ²=%v: %v nats, want %v", name, g, at, variance, got, want)
					}
				}
				right := g.expected(s, at, reverse, best)
				for _, wrong := range []int{at - 1, at + 1} {
					if wrong > s.T {
						continue
					}
					got := g.expected(s, at, reverse, func(xt float64) float64 { return g.eps(xt, s, wrong) })
					if !(got > right*(1+1e-9)) {
						t.Fatalf("%s, %v, t=%d: %v nats with ε_θ of t=%d, no worse than %v", name, g, at, got, wrong, right)
					}
				}
			}
		}
	}
}

// TestBestVariance: of all σ², β is the best for x_0 ~ N(0, I) and β̃ for a
// single point (§3.2).
func TestBestVariance(t *testing.T) {
	for name, s := range exactSchedules(t) {
		for _, c := range []struct {
			data gaussianData
			best Variance
		}{{gaussianData{0, 1}, Beta}, {gaussianData{0.4, 0}, BetaTilde}} {
			for _, at := range []int{2, s.T / 2, s.T} {
				model := func(xt float64) float64 { return c.data.eps(xt, s, at) }
				best := BoundVariance(s, at, c.best)
				least := c.data.expected(s, at, best, model)
				for _, factor := range []float64{0.9, 0.999, 1.001, 1.1} {
					if got := c.data.expected(s, at, factor*best, model); !(got > least) {
						t.Errorf("%s, %v, t=%d: %v nats at %v of σ² = %v, %v at it", name, c.data, at, got, factor, c.best, least)
					}
				}
			}
		}
	}
}

// wholeBound is the expected bound of Gaussian data by another route than a sum
// of divergences: −log p(x_T) − Σ log p_θ(x_{t−1}|x_t) + Σ log q(x_t|x_{t−1}),
// where bins are so narrow beside σ_1 that the decoder is a density times 2/255.
func (g gaussianData) wholeBound(s *schedule.Schedule, variance func(t int) float64) float64 {
	mean := math.Sqrt(s.AlphaBar[s.T]) * g.mean
	nats := (math.Log(2*math.Pi)+g.variance(s, s.T)+mean*mean)/2 - math.Log(2.0/255)
	for t := 1; t <= s.T; t++ {
		nats += (math.Log(2*math.Pi*variance(t)) + g.reverse(s, t)/variance(t)) / 2
		nats -= (math.Log(2*math.Pi*s.Beta[t]) + 1) / 2
	}
	return nats
}

// TestExactBound draws x_0 and every x_t and sums all terms: their mean is the
// whole bound, within its error. With σ² = Var q(x_{t−1}|x_t) that is the
// entropy of the data and KL(q(x_T) ‖ N(0, I)), as nothing else is lost.
func TestExactBound(t *testing.T) {
	const n, sigmas = 20_000, 4.5
	g := gaussianData{0.1, 0.2}
	s := exactSchedules(t)["steep"]
	mean, spread := math.Sqrt(s.AlphaBar[s.T])*g.mean, g.variance(s, s.T)
	entropy := (math.Log(2*math.Pi*g.spread*g.spread)+1)/2 - math.Log(2.0/255)
	least := entropy + (spread+mean*mean-1-math.Log(spread))/2
	reverse := func(t int) float64 { return g.reverse(s, t) }
	if got := g.wholeBound(s, reverse); !relative(got, least, 1e-12) {
		t.Fatalf("the bound is %v nats, entropy and prior are %v", got, least)
	}
	for name, variance := range map[string]func(t int) float64{
		"beta":       func(t int) float64 { return BoundVariance(s, t, Beta) },
		"beta_tilde": func(t int) float64 { return BoundVariance(s, t, BetaTilde) },
		"reverse":    reverse,
	} {
		x := make([]float32, n)
		noise.Normal(x, 5, noise.Initial, 0, 0)
		eps := make([][]float32, s.T+1)
		for at := 1; at <= s.T; at++ {
			eps[at] = make([]float32, n)
			noise.Normal(eps[at], 5, noise.Forward, 0, uint32(at))
		}
		var sum, squares float64
		for i := range n {
			x0 := []float64{g.mean + g.spread*float64(x[i])}
			nats := PriorKL(x0, s)
			for at := 1; at <= s.T; at++ {
				xt := sample(x0, []float64{float64(eps[at][i])}, s, at)
				nats += Term(x0, xt, []float64{g.eps(xt[0], s, at)}, s, at, variance(at))
			}
			sum, squares = sum+nats, squares+nats*nats
		}
		got, want := sum/n, g.wholeBound(s, variance)
		standard := math.Sqrt((squares/n - got*got) / n)
		// The decoder's bin is 1/28 of σ_1 wide: 1/24 of its square is the density's error.
		if math.Abs(got-want) > sigmas*standard+1e-4 {
			t.Errorf("%s: the bound is %v ± %v nats, want %v", name, got, standard, want)
		}
		if standard > 0.01 {
			t.Errorf("%s: an error of %v nats proves nothing", name, standard)
		}
	}
}
