package diffusion

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// TestTelescoping follows whole chains, one Markov step after another, and
// compares the bound as it begins (eq. 3), −ln p(x_T) − Σ ln p_θ(x_{t−1}|x_t) +
// Σ ln q(x_t|x_{t−1}), with the sum of divergences that it is rearranged into
// (eq. 5, appendix A): equal in expectation for any ε_θ, good or bad.
func TestTelescoping(t *testing.T) {
	const n, d, sigmas = 20_000, 2, 4.5
	s := exactSchedules(t)["steep"]
	m := &Mixture[float64]{Means: [][]float64{{0.8, -0.4}, {-0.6, 0.2}}, Spread: 0.1}
	draws := m.draw(n, 7)
	for name, predict := range map[string]func(eps, xt []float64, t int){
		"the best": func(eps, xt []float64, t int) { m.Eps(eps, xt, s, t) },
		"a bad one": func(eps, xt []float64, t int) {
			for i, x := range xt {
				eps[i] = math.Tanh(x + float64(t)/10)
			}
		},
	} {
		for _, variance := range []Variance{Beta, BetaTilde} {
			var difference, squares float64
			for i, x0 := range draws {
				chain, terms := 0.0, PriorKL(x0, s)
				before, eps := x0, make([]float64, d)
				for at := 1; at <= s.T; at++ {
					z := make([]float32, d)
					noise.Normal(z, 7, noise.Markov, uint32(i), uint32(at))
					sigma := BoundVariance(s, at, variance)
					xt := make([]float64, d)
					for j := range xt {
						mean := math.Sqrt(s.Alpha[at]) * before[j]
						xt[j] = mean + math.Sqrt(s.Beta[at])*float64(z[j])
						chain += logDensity(xt[j], mean, s.Beta[at])
					}
					predict(eps, xt, at)
					if at == 1 {
						chain += DecoderNLL(x0, xt, eps, s, sigma)
					} else {
						for j := range xt {
							chain -= logDensity(before[j], reverseMean(xt[j], eps[j], s, at), sigma)
						}
					}
					terms += Term(x0, xt, eps, s, at, sigma)
					before = xt
				}
				for _, x := range before { // x_T
					chain -= logDensity(x, 0, 1)
				}
				gap := chain - terms
				difference, squares = difference+gap/n, squares+gap*gap/n
			}
			standard := math.Sqrt(squares / n)
			if math.Abs(difference) > sigmas*standard || standard > 0.1 {
				t.Errorf("%s, σ² = %v: the chain and the terms differ by %v ± %v nats", name, variance, difference, standard)
			}
		}
	}
}

// TestMarginals runs the reverse process from q(x_T) with the best ε_θ for
// Gaussian data and σ_t² = Var q(x_{t−1}|x_t): it undoes the forward process, so
// that every x_t on the way has the moments of q(x_t), and the last step, a
// Gaussian decoder, those of the data.
func TestMarginals(t *testing.T) {
	const images, size, sigmas = 8, 125_000, 4
	const n = images * size
	g := gaussianData{0.4, 0.3}
	short, err := schedule.Cosine(1000).Respace(12)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*schedule.Schedule{"cosine": short, "steep": exactSchedules(t)["steep"]} {
		sums, squares := make([]float64, s.T+1), make([]float64, s.T+1)
		x, z, eps := make([]float32, size), make([]float32, size), make([]float32, size)
		for image := range images {
			noise.Normal(x, 9, noise.Initial, uint32(image), 0)
			mean, deviation := math.Sqrt(s.AlphaBar[s.T])*g.mean, math.Sqrt(g.variance(s, s.T))
			for i := range x {
				x[i] = float32(mean + deviation*float64(x[i]))
			}
			for at := s.T; at >= 0; at-- {
				for _, v := range x {
					d := float64(v) - math.Sqrt(s.AlphaBar[at])*g.mean
					sums[at], squares[at] = sums[at]+d, squares[at]+d*d
				}
				if at == 0 {
					break
				}
				for i, v := range x {
					eps[i] = float32(g.eps(float64(v), s, at))
				}
				ReverseMean(x, x, eps, s, at)
				noise.Normal(z, 9, noise.Reverse, uint32(image), uint32(at))
				combine(x, 1, x, math.Sqrt(g.reverse(s, at)), z)
			}
		}
		for at := s.T; at >= 0; at-- {
			mean, want := sums[at]/n, g.variance(s, at)
			variance := squares[at]/n - mean*mean
			if math.Abs(mean) > sigmas*math.Sqrt(want/n) {
				t.Errorf("%s, t=%d: the mean is off by %v, %v standard errors", name, at, mean, mean/math.Sqrt(want/n))
			}
			if error := want * math.Sqrt(2.0/n); math.Abs(variance-want) > sigmas*error {
				t.Errorf("%s, t=%d: the variance is %v, want %v ± %v", name, at, variance, want, error)
			}
		}
	}
}

// line is a mixture on a line, with the integrals that its bound needs.
type line struct{ Mixture[float64] }

// integrate is ∫ f(x)·q(x_t = x) dx by the trapezium rule, which is exact to
// rounding for smooth functions that vanish at both ends.
func (l line) integrate(s *schedule.Schedule, t int, f func(x, logDensity float64) float64) float64 {
	const steps = 600
	low, high := math.Inf(1), math.Inf(-1)
	signal, reach := math.Sqrt(s.AlphaBar[t]), 9*math.Sqrt(l.Variance(s, t))
	for _, m := range l.Means {
		low, high = min(low, signal*m[0]-reach), max(high, signal*m[0]+reach)
	}
	h := (high - low) / steps
	var sum float64
	for i := range steps + 1 {
		x := low + h*float64(i)
		_, density := l.Responsibilities([]float64{x}, s, t)
		sum += h * math.Exp(density) * f(x, density)
	}
	return sum
}

// gap is by how many nats the bound, with the best ε_θ and a Gaussian decoder,
// exceeds the entropy of the data and KL(q(x_T) ‖ N(0, 1)), which no ε_θ can
// make less: the sum over t of E KL(q(x_{t−1}|x_t) ‖ p_θ(x_{t−1}|x_t)).
func (l line) gap(s *schedule.Schedule, variance func(t int) float64) float64 {
	entropy := l.integrate(s, 0, func(_, density float64) float64 { return -density })
	prior := l.integrate(s, s.T, func(x, density float64) float64 { return density - logDensity(x, 0, 1) })
	square := l.integrate(s, 0, func(x, _ float64) float64 { return x * x })
	bound := PriorKL([]float64{math.Sqrt(square)}, s)
	for t := 1; t <= s.T; t++ {
		// E‖ε − E[ε|x_t]‖² = 1 − E E[ε|x_t]².
		left := 1 - l.integrate(s, t, func(x, _ float64) float64 {
			eps := []float64{0}
			l.Eps(eps, []float64{x}, s, t)
			return eps[0] * eps[0]
		})
		if t > 1 {
			bound += RegressionKL([]float64{math.Sqrt(left)}, []float64{0}, s, t, variance(t))
			continue
		}
		signal, sigma := amplitudes(s, 1)
		bound += (math.Log(2*math.Pi*variance(1)) + left*sigma*sigma/(signal*signal)/variance(1)) / 2
	}
	return bound - entropy - prior
}

// TestRefinement makes the chain finer, β scaled by 1000/T. With σ_t² =
// Var q(x_{t−1}|x_t) nothing is lost for Gaussian data at any T; with β, and for
// a mixture with either, what is lost falls as 1/T. With β̃ it falls to half of
// Euler's constant a dimension and no further: as the chain begins with equal β,
// β/β̃ is t/(t−1) there, and Σ ½(t/(t−1) − 1 − ln(t/(t−1))) does not know T. (The
// decoder's variance is Var q(x_0|x_1), which has no choice of β or β̃.)
func TestRefinement(t *testing.T) {
	const euler = 0.57721566490153286
	one := line{Mixture[float64]{Means: [][]float64{{0.2}}, Spread: 0.4}}
	two := line{Mixture[float64]{Means: [][]float64{{0.7}, {-0.5}}, Weights: []float64{1, 2}, Spread: 0.25}}
	chains := map[int]*schedule.Schedule{}
	for _, T := range []int{100, 200, 400} {
		chains[T] = schedule.Linear(T)
	}
	for _, c := range []struct {
		name     string
		data     line
		variance func(l line, s *schedule.Schedule, t int) float64
		limit    float64
	}{
		{"Gaussian, β", one, func(l line, s *schedule.Schedule, t int) float64 { return s.Beta[t] }, 0},
		{"Gaussian, β̃", one, func(l line, s *schedule.Schedule, t int) float64 { return s.PosteriorVariance[t] }, euler / 2},
		{"mixture, β", two, func(l line, s *schedule.Schedule, t int) float64 { return s.Beta[t] }, 0},
		{"mixture, β̃", two, func(l line, s *schedule.Schedule, t int) float64 { return s.PosteriorVariance[t] }, euler / 2},
		{"mixture, ρ²", two, func(l line, s *schedule.Schedule, t int) float64 { return l.ReverseVariance(s, t) }, 0},
	} {
		gap := func(T int) float64 {
			s := chains[T]
			return c.data.gap(s, func(t int) float64 {
				if t == 1 {
					return c.data.ReverseVariance(s, 1)
				}
				return c.variance(c.data, s, t)
			})
		}
		coarse, middle, fine := gap(100)-c.limit, gap(200)-c.limit, gap(400)-c.limit
		for _, ratio := range []float64{coarse / middle, middle / fine} {
			if !(ratio > 1.6 && ratio < 2.4) || !(fine > 0) {
				t.Errorf("%s: beyond %v, %v, %v, %v nats are lost at T = 100, 200, 400: want about half each time",
					c.name, c.limit, coarse, middle, fine)
			}
		}
	}
	for T, s := range chains {
		got := one.gap(s, func(t int) float64 { return one.ReverseVariance(s, t) })
		if math.Abs(got) > 1e-9 {
			t.Errorf("T=%d: Gaussian data lose %v nats with the right σ², want none", T, got)
		}
	}
}
