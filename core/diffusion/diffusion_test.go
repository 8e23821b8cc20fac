package diffusion

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// schedules are those that every equation is tried on.
func schedules(tb testing.TB) map[string]*schedule.Schedule {
	short, err := schedule.Cosine(1000).Respace(10)
	if err != nil {
		tb.Fatal(err)
	}
	return map[string]*schedule.Schedule{
		"linear": schedule.Linear(1000), "cosine": schedule.Cosine(1000), "respaced": short,
	}
}

// edges are the t to try: both ends, their neighbours, and the middle.
func edges(s *schedule.Schedule) []int { return []int{1, 2, 3, s.T / 2, s.T - 1, s.T} }

// normals returns n draws, others for each key.
func normals(n int, key uint32) []float32 {
	dst := make([]float32, n)
	noise.Normal(dst, 1, noise.Forward, key, 0)
	return dst
}

// images returns n values as pictures have them, in [−1, 1].
func images(n int) []float32 {
	dst := normals(n, 1000)
	for i := range dst {
		dst[i] = float32(math.Tanh(2 * float64(dst[i])))
	}
	return dst
}

// compare fails if got is off from want by more than tolerance anywhere.
func compare(t *testing.T, what string, got []float32, want func(i int) float64, tolerance float64) {
	t.Helper()
	for i, g := range got {
		if w := want(i); !(math.Abs(float64(g)-w) <= tolerance) {
			t.Fatalf("%s: value %d is %v, want %v ± %.1g", what, i, g, w, tolerance)
		}
	}
}

func values(x []float32) func(int) float64 { return func(i int) float64 { return float64(x[i]) } }

// TestQSampleRGBA: the picture is x_t's levels, to the byte, and opaque.
func TestQSampleRGBA(t *testing.T) {
	const pixels = 103
	x0, eps, xt := images(3*pixels), normals(3*pixels, 0), make([]float32, 3*pixels)
	levels, got := make([]byte, 3*pixels), make([]byte, 4*pixels)
	for name, s := range schedules(t) {
		for _, at := range append(edges(s), 0) {
			QSample(xt, x0, eps, s, at)
			tensor.Bytes(levels, xt)
			QSampleRGBA(got, x0, eps, s, at)
			for p := range pixels {
				if want := append(slices.Clone(levels[3*p:3*p+3]), 255); !slices.Equal(got[4*p:4*p+4], want) {
					t.Fatalf("%s, t=%d: pixel %d is %v, want %v", name, at, p, got[4*p:4*p+4], want)
				}
			}
		}
	}
	s := schedule.Linear(1000)
	if n := testing.AllocsPerRun(5, func() {
		QSample(xt, x0, eps, s, 5)
		QSampleRGBA(got, x0, eps, s, 5)
	}); n != 0 {
		t.Errorf("the forward process allocates %v times", n)
	}
}

// TestForward checks both forward equations value by value.
func TestForward(t *testing.T) {
	const n = 100
	x0, eps, got := images(n), normals(n, 0), make([]float32, n)
	for name, s := range schedules(t) {
		for _, at := range append(edges(s), 0) {
			QSample(got, x0, eps, s, at)
			a := s.AlphaBar[at]
			compare(t, name+" QSample", got, func(i int) float64 {
				return math.Sqrt(a)*float64(x0[i]) + math.Sqrt(1-a)*float64(eps[i])
			}, 5e-7)
			QStep(got, x0, eps, s, at)
			compare(t, name+" QStep", got, func(i int) float64 {
				return math.Sqrt(1-s.Beta[at])*float64(x0[i]) + math.Sqrt(s.Beta[at])*float64(eps[i])
			}, 5e-7)
		}
		if QSample(got, x0, eps, s, 0); !slices.Equal(got, x0) {
			t.Errorf("%s: x_0 drawn from q(x_0|x_0) is another image", name)
		}
	}
}

// TestMarkovIsTheJump walks from one x_0 to x_t in single steps and compares
// the moments with those of the jump, at several t on the way.
func TestMarkovIsTheJump(t *testing.T) {
	const n, pixel, sigmas = 20_000, 0.8, 4.5
	s := schedule.Linear(100)
	x, z := make([]float32, n), make([]float32, n)
	for i := range x {
		x[i] = pixel
	}
	for at := 1; at <= s.T; at++ {
		noise.Normal(z, 3, noise.Markov, 0, uint32(at))
		QStep(x, x, z, s, at)
		var mean, variance float64
		for _, v := range x {
			mean += float64(v) / n
		}
		for _, v := range x {
			variance += (float64(v) - mean) * (float64(v) - mean) / n
		}
		wantMean, wantVariance := math.Sqrt(s.AlphaBar[at])*pixel, 1-s.AlphaBar[at]
		if math.Abs(mean-wantMean) > sigmas*math.Sqrt(wantVariance/n) {
			t.Fatalf("t=%d: the mean is %v, want %v", at, mean, wantMean)
		}
		if math.Abs(variance-wantVariance) > sigmas*wantVariance*math.Sqrt(2.0/n) {
			t.Fatalf("t=%d: the variance is %v, want %v", at, variance, wantVariance)
		}
	}
}

// logDensity is log N(x; mean, variance).
func logDensity(x, mean, variance float64) float64 {
	return -0.5 * (math.Log(2*math.Pi*variance) + (x-mean)*(x-mean)/variance)
}

// TestPosteriorIsBayes checks q(x_{t−1}|x_t,x_0) = q(x_t|x_{t−1})·q(x_{t−1}|x_0)
// / q(x_t|x_0) at random points.
func TestPosteriorIsBayes(t *testing.T) {
	const n = 50
	x0, eps, z := images(n), normals(n, 0), normals(n, 1)
	xt, mean := make([]float32, n), make([]float32, n)
	for name, s := range schedules(t) {
		for at := 2; at <= s.T; at++ {
			QSample(xt, x0, eps, s, at)
			PosteriorMean(mean, x0, xt, s, at)
			variance := s.PosteriorVariance[at]
			for i := range n {
				before := float64(mean[i]) + math.Sqrt(variance)*float64(z[i])
				posterior := logDensity(before, float64(mean[i]), variance)
				bayes := logDensity(float64(xt[i]), math.Sqrt(s.Alpha[at])*before, s.Beta[at]) +
					logDensity(before, math.Sqrt(s.AlphaBar[at-1])*float64(x0[i]), 1-s.AlphaBar[at-1]) -
					logDensity(float64(xt[i]), math.Sqrt(s.AlphaBar[at])*float64(x0[i]), 1-s.AlphaBar[at])
				// The mean's float32 rounding, in standard deviations.
				if tolerance := 1e-9 + 2e-6/math.Sqrt(variance); math.Abs(posterior-bayes) > tolerance {
					t.Fatalf("%s, t=%d: log q is %v, by Bayes' rule %v", name, at, posterior, bayes)
				}
			}
		}
	}
}

// TestPosteriorEdge is t = 1, where x_0 is all there is to know.
func TestPosteriorEdge(t *testing.T) {
	x0, xt, got := images(9), normals(9, 0), make([]float32, 9)
	for name, s := range schedules(t) {
		if PosteriorMean(got, x0, xt, s, 1); !slices.Equal(got, x0) {
			t.Errorf("%s: the posterior's mean at t=1 is not x_0", name)
		}
		if v := ReverseVariance(s, 1, BetaTilde); v != 0 {
			t.Errorf("%s: β̃_1 is %v, want 0", name, v)
		}
		for _, at := range edges(s) {
			if got, want := ReverseVariance(s, at, Beta), s.Beta[at]; got != want {
				t.Errorf("%s, t=%d: σ² is %v, want β = %v", name, at, got, want)
			}
			want := s.Beta[at] * (1 - s.AlphaBar[at-1]) / (1 - s.AlphaBar[at])
			if got := ReverseVariance(s, at, BetaTilde); math.Abs(got-want) > 1e-12*want {
				t.Errorf("%s, t=%d: σ² is %v, want β̃ = %v", name, at, got, want)
			}
		}
	}
}

// TestConversions starts from a known x_0 and ε; each conversion has to give
// back what x_t was made of, as well as float32 allows.
func TestConversions(t *testing.T) {
	const n = 200
	x0, eps := images(n), normals(n, 0)
	xt, v, mu, got := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	for name, s := range schedules(t) {
		for _, at := range edges(s) {
			a := s.AlphaBar[at]
			signal, sigma := math.Sqrt(a), math.Sqrt(1-a)
			QSample(xt, x0, eps, s, at)
			VFromX0Eps(v, x0, eps, s, at)
			PosteriorMean(mu, x0, xt, s, at)
			wantV := func(i int) float64 { return signal*float64(eps[i]) - sigma*float64(x0[i]) }

			// A rounding of 2⁻²⁴ in values of up to 5, a few times over; dividing
			// by what multiplied a value brings it back that much enlarged.
			const u = 1e-6
			for _, c := range []struct {
				what      string
				convert   func(dst, xt, from []float32, s *schedule.Schedule, t int)
				from      []float32
				want      func(int) float64
				tolerance float64
			}{
				{"x_0 from ε", X0FromEps, eps, values(x0), u / signal},
				{"ε from x_0", EpsFromX0, x0, values(eps), u / sigma},
				{"x_0 from v", X0FromV, v, values(x0), u},
				{"ε from v", EpsFromV, v, values(eps), u},
				{"v from x_0", VFromX0, x0, wantV, u / sigma},
				{"v from ε", VFromEps, eps, wantV, u / signal},
				{"x_0 from μ", X0FromMu, mu, values(x0), u / s.PosteriorMeanX0[at]},
				{"ε from μ", EpsFromMu, mu, values(eps), u * sigma / s.Beta[at]},
				{"μ from ε", ReverseMean, eps, values(mu), u / math.Sqrt(s.Alpha[at])},
			} {
				c.convert(got, xt, c.from, s, at)
				compare(t, name+": "+c.what, got, c.want, c.tolerance)
				// In place, over either argument, the bits are the same.
				for _, over := range []int{0, 1} {
					args := [][]float32{slices.Clone(xt), slices.Clone(c.from)}
					c.convert(args[over], args[0], args[1], s, at)
					if !slices.Equal(args[over], got) {
						t.Fatalf("%s: %s differs in place", name, c.what)
					}
				}
			}
			compare(t, name+": v", v, wantV, u)
		}
	}
}

// TestPrediction checks that the four parameterisations agree: from each one's
// Target come the same x_0, the same ε and the same mean of p_θ.
func TestPrediction(t *testing.T) {
	const n = 100
	x0, eps := images(n), normals(n, 0)
	xt, out, got, want := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	for name, s := range schedules(t) {
		for _, at := range edges(s) {
			signal, sigma := math.Sqrt(s.AlphaBar[at]), math.Sqrt(1-s.AlphaBar[at])
			QSample(xt, x0, eps, s, at)
			PosteriorMean(want, x0, xt, s, at)
			const u = 1e-6
			for _, p := range []Prediction{Eps, V, X0, Mu, Residual} {
				// What rounding the output, as float32, can do to ε and x_0.
				toEps := map[Prediction]float64{Eps: 1, V: 1, X0: 1 / sigma, Mu: sigma / s.Beta[at], Residual: 1 - ResidualSlope(s, at)}[p]
				toX0 := map[Prediction]float64{Eps: 1 / signal, V: 1, X0: 1, Mu: 1 / s.PosteriorMeanX0[at], Residual: 1}[p]
				what := name + ", " + p.String()
				p.Target(out, x0, eps, s, at)
				p.Eps(got, out, xt, s, at)
				compare(t, what+": ε", got, values(eps), u*toEps)
				p.X0(got, out, xt, s, at)
				compare(t, what+": x_0", got, values(x0), u*toX0)
				PosteriorMean(got, got, xt, s, at)
				compare(t, what+": μ", got, values(want), u*(1+toX0*s.PosteriorMeanX0[at]))
			}
		}
	}
}

func TestLSimple(t *testing.T) {
	if got := LSimple([]float32{1, 2, -3}, []float32{1, 0, 1}); math.Abs(got-20.0/3) > 1e-12 {
		t.Errorf("the loss is %v, want 20/3", got)
	}
}

func TestNames(t *testing.T) {
	for _, p := range []Prediction{Eps, V, X0, Mu, Residual} {
		if got, err := ParsePrediction(p.String()); err != nil || got != p {
			t.Errorf("%v becomes %v, %v", p, got, err)
		}
	}
	for _, v := range []Variance{Beta, BetaTilde, 0.25, 0.999} {
		if got, err := ParseVariance(v.String()); err != nil || got != v || !v.Valid() {
			t.Errorf("%v becomes %v, %v", v, got, err)
		}
	}
	if Variance(2).Valid() || Variance(-0.1).Valid() || Variance(math.NaN()).Valid() {
		t.Error("a variance that does not exist is valid")
	}
	if _, err := ParsePrediction("epsilon"); err == nil || !strings.Contains(err.Error(), `"epsilon", want one of eps, v, x0, mu`) {
		t.Errorf("the error is %v", err)
	}
	for _, text := range []string{"", ".", "1.5", "-0", "1e-1", "NaN", "0x0", "small", strings.Repeat("0", 25)} {
		if _, err := ParseVariance(text); err == nil || !strings.Contains(err.Error(), "want beta, beta_tilde, or a number from 0") {
			t.Errorf("%q: the error is %v", text, err)
		}
	}
	for text, want := range map[string]string{"1": "beta", "0.0": "beta_tilde", ".50": "0.5"} {
		if v, err := ParseVariance(text); err != nil || v.String() != want {
			t.Errorf("%s is %v, %v; want %s", text, v, err, want)
		}
	}
}

// The logarithm of σ² is interpolated, and the ends are β and β̃ to the bit.
func TestReverseVariance(t *testing.T) {
	for _, s := range []*schedule.Schedule{schedule.Linear(100), schedule.Cosine(100)} {
		for at := 2; at <= s.T; at++ {
			beta, tilde := s.Beta[at], s.PosteriorVariance[at]
			if ReverseVariance(s, at, Beta) != beta || ReverseVariance(s, at, BetaTilde) != tilde {
				t.Fatalf("t=%d: the ends are not β and β̃", at)
			}
			for _, v := range []float64{0.1, 0.5, 0.9} {
				want := v*math.Log(beta) + (1-v)*math.Log(tilde)
				if got := math.Log(ReverseVariance(s, at, Variance(v))); math.Abs(got-want) > 1e-12 {
					t.Fatalf("t=%d, v=%v: ln σ² is %v, want %v", at, v, got, want)
				}
			}
		}
		if got := ReverseVariance(s, 1, 0.5); got != 0 {
			t.Errorf("at t=1, halfway to β̃_1 = 0, σ² is %v", got)
		}
	}
}

func TestPanics(t *testing.T) {
	s := schedule.Linear(100)
	two, three := make([]float32, 2), make([]float32, 3)
	for what, call := range map[string]func(){
		"short x":    func() { QSample(three, two, three, s, 1) },
		"long y":     func() { QStep(two, two, three, s, 1) },
		"short out":  func() { Eps.Eps(three, two, three, s, 1) },
		"loss":       func() { LSimple(two, three) },
		"empty loss": func() { LSimple(nil, nil) },
		"t":          func() { QSample(two, two, two, s, 101) },
		"prediction": func() { Prediction(9).X0(two, two, two, s, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: want a panic", what)
				}
			}()
			call()
		}()
	}
}

func BenchmarkQSample(b *testing.B) {
	const n = 1 << 16
	x0, eps, got := images(n), normals(n, 0), make([]float32, n)
	s := schedule.Linear(1000)
	b.SetBytes(4 * n)
	for b.Loop() {
		QSample(got, x0, eps, s, 500)
	}
}
