package sampler

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// predictor makes a Predictor of a function of one value.
type predictor func(x float64, t, class int) float64

func (p predictor) PredictEps(eps, xt []float32, t int, classes []int) {
	size := len(xt) / len(classes)
	for i, x := range xt {
		eps[i] = float32(p(float64(x), t, classes[i/size]))
	}
}

// dummy is a deterministic model that depends on all its arguments.
var dummy = predictor(func(x float64, t, class int) float64 {
	return float64(x*float64(t)/float64(t+1)) + float64(float64(class)/16)
})

func respaced(tb testing.TB, s *schedule.Schedule, n int) *schedule.Schedule {
	tb.Helper()
	r, err := s.Respace(n)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

type kind struct {
	name  string
	begin func(Options) (*Run, error)
	o     Options
}

// samplers are the kinds that every test of what they share goes through.
var samplers = []kind{
	{"ddpm beta", DDPM, Options{Variance: diffusion.Beta}},
	{"ddpm beta_tilde", DDPM, Options{Variance: diffusion.BetaTilde}},
	{"ddim 0", DDIM, Options{Eta: 0}},
	{"ddim 0.5", DDIM, Options{Eta: 0.5}},
	{"ddim 1", DDIM, Options{Eta: 1}},
	{"ddpm between", DDPM, Options{Variance: 0.3}},
	{"dpmpp 0", DPMSolverPP, Options{}},
	{"dpmpp 0.5", DPMSolverPP, Options{Eta: 0.5}},
	{"dpmpp 1", DPMSolverPP, Options{Eta: 1}},
	{"unipc", UniPC, Options{}},
}

// reference runs a chain in float64 from the papers' equations as they are
// printed, one value of image `image` at a time, and returns every x_{t−1}.
func reference(name string, o Options, p predictor, image, element int) []float64 {
	s := o.Schedule
	draw := func(stream noise.Stream, t int) float64 {
		z := make([]float32, element+1)
		noise.Normal(z, o.Seed, stream, uint32(o.First+image), uint32(t))
		return float64(z[element])
	}
	x := draw(noise.Initial, 0)
	var all []float64
	var last float64 // x̂_0 of the step before
	for t := s.T; t >= 1; t-- {
		now, before := s.AlphaBar[t], s.AlphaBar[t-1]
		alpha := now / before
		beta := 1 - alpha
		tilde := (1 - before) / (1 - now) * beta

		null := p(x, s.Step[t], Null)
		eps := null + o.Guidance*(p(x, s.Step[t], o.Classes[image])-null)
		if o.Clip {
			x0 := (x - math.Sqrt(1-now)*eps) / math.Sqrt(now)
			eps = (x - math.Sqrt(now)*max(-1, min(1, x0))) / math.Sqrt(1-now)
		}
		if strings.HasPrefix(name, "ddpm") { // eq. 11
			sigma := math.Sqrt(beta)
			if v := float64(o.Variance); v < 1 && t > 1 { // eq. 15 of Nichol & Dhariwal
				sigma = math.Exp((v*math.Log(beta) + (1-v)*math.Log(tilde)) / 2)
			}
			x = (x - beta/math.Sqrt(1-now)*eps) / math.Sqrt(alpha)
			if t > 1 {
				x += sigma * draw(noise.Reverse, s.Step[t])
			}
		} else if strings.HasPrefix(name, "dpmpp") { // algorithm 2 of DPM-Solver++ and its form for the SDE, joined by η
			lambda := func(t int) float64 { return math.Log(math.Sqrt(s.AlphaBar[t]) / math.Sqrt(1-s.AlphaBar[t])) }
			x0 := (x - math.Sqrt(1-now)*eps) / math.Sqrt(now)
			d, h := x0, lambda(t-1)-lambda(t)
			if t > 1 && t < s.T {
				r := (lambda(t) - lambda(t+1)) / h
				d = (1+1/(2*r))*x0 - 1/(2*r)*last
			}
			if t > 1 {
				x = math.Sqrt(1-before)/math.Sqrt(1-now)*math.Exp(-o.Eta*h)*x + math.Sqrt(before)*(1-math.Exp(-(1+o.Eta)*h))*d +
					math.Sqrt(1-before)*math.Sqrt(1-math.Exp(-2*o.Eta*h))*draw(noise.Reverse, s.Step[t])
			} else {
				x = d // h is infinite
			}
			last = x0
		} else { // eq. 12 and 16 of DDIM
			sigma := o.Eta * math.Sqrt((1-before)/(1-now)) * math.Sqrt(1-now/before)
			x0 := (x - math.Sqrt(1-now)*eps) / math.Sqrt(now)
			x = math.Sqrt(before)*x0 + math.Sqrt(1-before-sigma*sigma)*eps
			if t > 1 {
				x += sigma * draw(noise.Reverse, s.Step[t])
			}
		}
		all = append(all, x)
	}
	return all
}

func TestAgainstEquations(t *testing.T) {
	linear, cosine := schedule.Linear(1000), schedule.Cosine(1000)
	for _, c := range samplers {
		if c.name == "unipc" {
			continue // TestUnified and TestOrder
		}
		for _, s := range []*schedule.Schedule{respaced(t, linear, 25), respaced(t, cosine, 50), linear, respaced(t, cosine, 1)} {
			for _, clip := range []bool{false, true} {
				o := c.o
				o.Schedule, o.Clip = s, clip
				o.Predictor, o.Size, o.Seed, o.First, o.Guidance = dummy, 5, 99, 4, 1.5
				o.Classes = []int{3, Null, 0}
				r, err := c.begin(o)
				if err != nil {
					t.Fatal(err)
				}
				want := [3][]float64{}
				for i := range want {
					want[i] = reference(c.name, o, dummy, i, 4)
				}
				scale := 1.0 // what rounding errors are relative to: they grow as x does
				for step := range r.Steps() {
					for i := range want {
						w := want[i][step.Index-1]
						scale = max(scale, math.Abs(w))
						if got := float64(step.X[i*o.Size+4]); math.Abs(got-w) > 5e-5*scale {
							t.Fatalf("%s, %d steps, clip %v: image %d after step %d is %v, want %v",
								c.name, s.T, clip, i, step.Index, got, w)
						}
					}
				}
			}
		}
	}
}

// Mean and Sigma are those of p_θ(x_{t−1}|x_t): the posterior's mean at x̂_0 (eq. 7), and the
// root of the variance that was asked for; X is drawn from there.
func TestMean(t *testing.T) {
	const size = 6
	s := respaced(t, schedule.Linear(1000), 12)
	z, mean, before := make([]float32, size), make([]float32, size), make([]float32, 2*size)
	for _, c := range samplers[:2] {
		o := c.o
		o.Schedule, o.Predictor, o.Size, o.Seed, o.Clip, o.Guidance = s, dummy, size, 3, true, 1
		o.Classes = []int{2, Null}
		r, err := c.begin(o)
		if err != nil {
			t.Fatal(err)
		}
		copy(before, r.Step().X)
		for step := range r.Steps() {
			at := s.T + 1 - step.Index
			want := math.Sqrt(diffusion.ReverseVariance(s, at, o.Variance))
			if at == 1 {
				want = 0
			}
			if math.Abs(step.Sigma-want) > 1e-6*want {
				t.Errorf("%s: σ at step %d is %v, want %v", c.name, step.Index, step.Sigma, want)
			}
			for i := range o.Classes {
				of := func(batch []float32) []float32 { return batch[i*size : (i+1)*size] }
				diffusion.PosteriorMean(mean, of(step.X0), of(before), s, at)
				noise.Normal(z, o.Seed, noise.Reverse, uint32(i), uint32(step.T))
				for k, m := range of(step.Mean) {
					if math.Abs(float64(m-mean[k])) > 1e-5 {
						t.Fatalf("%s: μ of image %d at step %d is %v, want %v", c.name, i, step.Index, m, mean[k])
					}
					if x := of(step.X)[k]; math.Abs(float64(x)-float64(m)-step.Sigma*float64(z[k])) > 1e-5 {
						t.Fatalf("%s: x of image %d after step %d is %v, not μ + σz", c.name, i, step.Index, x)
					}
				}
			}
			copy(before, step.X)
		}
	}
}

// TestBits pins what the samplers compute to the bit: it is the same on every
// platform, given the same predictions.
func TestBits(t *testing.T) {
	for name, want := range map[string]string{
		"ddpm beta":       "bbde03ddd3e9560a",
		"ddpm beta_tilde": "c503b22847bd712c",
		"ddpm between":    "c04034f46486ab3f",
		"ddim 0":          "a70ea57ced728093",
		"ddim 0.5":        "c1b225dffeeef6ba",
		"ddim 1":          "c503b22847bd712c",
		"dpmpp 0":         "f1d24813d5cc2207",
		"dpmpp 1":         "796985b6396e3899",
		"unipc":           "68f0eeec7b19802a",
	} {
		c := samplers[slices.IndexFunc(samplers, func(c kind) bool { return c.name == name })]
		h := sha256.New()
		for _, clip := range []bool{false, true} {
			o := c.o
			o.Schedule, o.Clip = respaced(t, schedule.Cosine(1000), 20), clip
			o.Predictor, o.Size, o.Seed, o.Guidance, o.Classes = dummy, 100, 1, 2, []int{1, 5}
			r, err := c.begin(o)
			if err != nil {
				t.Fatal(err)
			}
			for step := range r.Steps() {
				for _, x := range [][]float32{step.X, step.X0, step.Eps} {
					for _, v := range x {
						h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
					}
				}
			}
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != want {
			t.Errorf("%s: sha256 of the bits begins with %s, want %s", name, got, want)
		}
	}
}

func TestEta1IsDDPM(t *testing.T) {
	o := Options{Schedule: schedule.Linear(1000), Predictor: dummy, Size: 50, Seed: 3, Classes: []int{Null, 2},
		Guidance: 1, Eta: 1, Variance: diffusion.BetaTilde, Clip: true}
	a, err := DDPM(o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := DDIM(o)
	if err != nil {
		t.Fatal(err)
	}
	for a.Next() && b.Next() {
		for i, x := range a.Step().X {
			if y := b.Step().X[i]; math.Abs(float64(x-y)) > 1e-4 {
				t.Fatalf("step %d: DDPM has %v, DDIM(1) %v", a.Step().Index, x, y)
			}
		}
	}
}
