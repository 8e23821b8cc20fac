package diffusion

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// relative reports whether got is want to a relative error.
func relative(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Abs(want)
}

func widen(x []float32) []float64 {
	wide := make([]float64, len(x))
	for i, v := range x {
		wide[i] = float64(v)
	}
	return wide
}

func narrow(x []float64) []float32 {
	short := make([]float32, len(x))
	for i, v := range x {
		short[i] = float32(v)
	}
	return short
}

func constant(n int, v float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return x
}

// sample is QSample in float64.
func sample(x0, eps []float64, s *schedule.Schedule, t int) []float64 {
	signal, sigma := amplitudes(s, t)
	xt := make([]float64, len(x0))
	for i := range xt {
		xt[i] = signal*x0[i] + sigma*eps[i]
	}
	return xt
}

// TestKLThreeWays computes L_{t−1} by the general formula for Gaussians, by the
// closed form of these two and as a weighted regression.
func TestKLThreeWays(t *testing.T) {
	const n = 64
	x0, eps, predicted := widen(images(n)), widen(normals(n, 0)), widen(normals(n, 1))
	for i := range predicted {
		predicted[i] = eps[i] + 0.1*predicted[i]
	}
	for name, s := range schedules(t) {
		for at := 2; at <= s.T; at++ {
			xt := sample(x0, eps, s, at)
			before, now := s.AlphaBar[at-1], s.AlphaBar[at]
			signal, sigma := amplitudes(s, at)
			// q is written down anew; p_θ's mean is q's at the x̂_0 that ε_θ implies.
			mean := func(x, xt float64) float64 {
				return (math.Sqrt(before)*s.Beta[at]*x + math.Sqrt(s.Alpha[at])*(1-before)*xt) / (1 - now)
			}
			m, w := make([]float64, n), make([]float64, n)
			for i := range m {
				m[i] = mean(x0[i], xt[i])
				w[i] = mean((xt[i]-sigma*predicted[i])/signal, xt[i])
			}
			tilde := s.Beta[at] * (1 - before) / (1 - now)
			for _, variance := range []float64{s.Beta[at], s.PosteriorVariance[at], 0.7 * s.Beta[at]} {
				general := GaussianKL(m, constant(n, tilde), w, constant(n, variance))
				closed := PosteriorKL(x0, xt, predicted, s, at, variance)
				regression := RegressionKL(eps, predicted, s, at, variance)
				if !relative(closed, general, 1e-9) || !relative(regression, general, 1e-9) {
					t.Fatalf("%s, t=%d, σ²=%v: %v in general, %v in closed form, %v by regression",
						name, at, variance, general, closed, regression)
				}
				if Term(x0, xt, predicted, s, at, variance) != closed {
					t.Fatalf("%s, t=%d: the term is another divergence", name, at)
				}
			}
			// From float32 images x_t's own rounding shows, and most where β is least.
			single := PosteriorKL(narrow(x0), narrow(xt), narrow(predicted), s, at, s.Beta[at])
			if want := RegressionKL(eps, predicted, s, at, s.Beta[at]); !relative(single, want, 1e-3) {
				t.Fatalf("%s, t=%d: %v from float32, want %v", name, at, single, want)
			}
		}
	}
}

// TestKLIsZeroAtThePosterior has ε_θ = ε: with σ² = β̃ the two Gaussians are
// one, with any other σ² they are not.
func TestKLIsZeroAtThePosterior(t *testing.T) {
	const n = 10
	x0, eps := widen(images(n)), widen(normals(n, 0))
	for name, s := range schedules(t) {
		for _, at := range edges(s)[1:] {
			tilde := BoundVariance(s, at, BetaTilde)
			if got := RegressionKL(eps, eps, s, at, tilde); got != 0 {
				t.Errorf("%s, t=%d: %v nats, want 0", name, at, got)
			}
			if got := PosteriorKL(x0, sample(x0, eps, s, at), eps, s, at, tilde); !(got >= 0 && got < 1e-15) {
				t.Errorf("%s, t=%d: %v nats in closed form, want 0", name, at, got)
			}
			ratio := tilde / s.Beta[at]
			want := n / 2.0 * (-math.Log(ratio) - 1 + ratio)
			if got := RegressionKL(eps, eps, s, at, s.Beta[at]); !(got > 0) || math.Abs(got-want) > 1e-12 {
				t.Errorf("%s, t=%d: the constant is %v for σ² = β, want %v", name, at, got, want)
			}
		}
	}
}

// TestGaussianKL has a value from the textbook formula by hand: variances 1 and
// 4 are ½(ln 4 − 1 + ¼) apart, means 2 apart add ½·4/4.
func TestGaussianKL(t *testing.T) {
	got := GaussianKL([]float32{0, 1}, []float32{1, 3}, []float32{2, 1}, []float32{4, 3})
	if want := math.Ln2 - 0.375 + 0.5; !relative(got, want, 1e-14) {
		t.Errorf("the divergence is %v, want %v", got, want)
	}
}

// TestPriorKL: ᾱ_2 = ¼ gives ½(¼·1 − ¼ − ln ¾) + ½(¼·¼ − ¼ − ln ¾).
func TestPriorKL(t *testing.T) {
	s, err := schedule.FromBeta([]float64{0.5, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := PriorKL([]float32{1, -0.5}, s), 0.1939320724517809; !relative(got, want, 1e-14) {
		t.Errorf("L_T is %v, want %v", got, want)
	}
	for name, s := range schedules(t) {
		x0 := images(100)
		m, a := widen(x0), s.AlphaBar[s.T]
		for i := range m {
			m[i] *= math.Sqrt(a)
		}
		want := GaussianKL(m, constant(100, 1-a), constant(100, 0), constant(100, 1))
		if got := PriorKL(x0, s); math.Abs(got-want) > 1e-13 {
			t.Errorf("%s: L_T is %v, want %v", name, got, want)
		}
	}
}

func TestBoundVariance(t *testing.T) {
	one, err := schedule.FromBeta([]float64{0.3})
	if err != nil {
		t.Fatal(err)
	}
	s := schedule.Linear(100)
	for _, c := range []struct {
		s    *schedule.Schedule
		t    int
		v    Variance
		want float64
	}{
		{s, 1, Beta, s.Beta[1]},
		{s, 1, BetaTilde, s.PosteriorVariance[2]},
		{s, 2, BetaTilde, s.PosteriorVariance[2]},
		{s, 100, BetaTilde, s.PosteriorVariance[100]},
		{s, 100, Beta, s.Beta[100]},
		{s, 1, 0.5, math.Sqrt(s.Beta[1]) * math.Sqrt(s.PosteriorVariance[2])},
		{one, 1, BetaTilde, 0.3},
		{one, 1, 0.5, 0.3},
	} {
		if got := BoundVariance(c.s, c.t, c.v); !relative(got, c.want, 1e-14) {
			t.Errorf("T=%d, t=%d, %v: σ² is %v, want %v", c.s.T, c.t, c.v, got, c.want)
		}
	}
}

func TestBitsPerDim(t *testing.T) {
	// A uniform guess of a byte costs 8 bits.
	if got := BitsPerDim(784*math.Log(256), 784); !relative(got, 8, 1e-14) {
		t.Errorf("%v bits/dim, want 8", got)
	}
}

func TestBoundPanics(t *testing.T) {
	s := schedule.Linear(100)
	two, three := make([]float32, 2), make([]float32, 3)
	for what, call := range map[string]func(){
		"posterior at t=1":     func() { PosteriorKL(two, two, two, s, 1, 1) },
		"posterior beyond T":   func() { PosteriorKL(two, two, two, s, 101, 1) },
		"regression at t=1":    func() { RegressionKL(two, two, s, 1, 1) },
		"posterior, short xt":  func() { PosteriorKL(three, two, three, s, 2, 1) },
		"posterior, long eps":  func() { PosteriorKL(two, two, three, s, 2, 1) },
		"regression, long eps": func() { RegressionKL(three, two, s, 2, 1) },
		"decoder, short x1":    func() { DecoderNLL(three, two, three, s, 1) },
		"decoder, long eps":    func() { DecoderNLL(two, two, three, s, 1) },
		"general, long w":      func() { GaussianKL(two, two, two, three) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", what)
				}
			}()
			call()
		}()
	}
}
