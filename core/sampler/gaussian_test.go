package sampler

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// gaussian is the optimal predictor for data x_0 ~ N(mean, deviation²), value by
// value: E[ε|x_t] = √(1−ᾱ_t)·(x_t − √ᾱ_t·mean)/(ᾱ_t·deviation² + 1 − ᾱ_t). It
// looks t up in the original schedule.
func gaussian(original *schedule.Schedule, mean, deviation float64) predictor {
	return func(x float64, t, _ int) float64 {
		a := original.AlphaBar[t]
		return math.Sqrt(1-a) * (x - math.Sqrt(a)*mean) / (a*deviation*deviation + 1 - a)
	}
}

// moments returns the mean and the variance of x.
func moments(x []float32) (mean, variance float64) {
	for _, v := range x {
		mean += float64(v)
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, variance / float64(len(x))
}

// TestGaussian draws from data whose optimal predictor is known, on chains long
// and short. Where the reverse variance is the right one for the data, every
// x_t of every chain, however few its steps, has exactly the moments of
// q(x_t): a t that is off by one anywhere shows. Bounds are 4.5 standard errors.
func TestGaussian(t *testing.T) {
	const sigmas = 4.5
	linear, cosine := schedule.Linear(1000), schedule.Cosine(1000)
	for _, c := range []struct {
		name            string
		begin           func(Options) (*Run, error)
		o               Options
		mean, deviation float64
	}{
		// β_t is the variance of q(x_{t−1}|x_t) if x_0 ~ N(m, 1).
		{"ddpm, β, unit variance", DDPM, Options{Variance: diffusion.Beta}, 0.7, 1},
		// β̃_t is, if x_0 is a point; and DDIM keeps q(x_t|x_0) for any η (Song et
		// al., 2021, lemma 1), as DPM-Solver++ does.
		{"ddpm, β̃, a point", DDPM, Options{Variance: diffusion.BetaTilde}, -0.6, 0},
		{"ddim 0, a point", DDIM, Options{Eta: 0}, 0.5, 0},
		{"ddim 0.3, a point", DDIM, Options{Eta: 0.3}, 0.5, 0},
		{"ddim 1, a point", DDIM, Options{Eta: 1}, 0.5, 0},
		{"dpmpp 0.3, a point", DPMSolverPP, Options{Eta: 0.3}, 0.5, 0},
		{"dpmpp 1, a point", DPMSolverPP, Options{Eta: 1}, 0.5, 0},
	} {
		for _, chain := range []struct {
			original *schedule.Schedule
			n, size  int
		}{{linear, 5, 50_000}, {cosine, 5, 50_000}, {linear, 50, 20_000}, {cosine, 1000, 1000}} {
			s := respaced(t, chain.original, chain.n)
			o := c.o
			o.Schedule, o.Size, o.Classes, o.Seed = s, chain.size, []int{Null, Null}, 17
			o.Predictor = gaussian(chain.original, c.mean, c.deviation)
			r, err := c.begin(o)
			if err != nil {
				t.Fatal(err)
			}
			n := float64(2 * chain.size)
			for step := range r.Steps() {
				at := s.T - step.Index // the schedule's t of step.X
				a := s.AlphaBar[at]
				wantMean := math.Sqrt(a) * c.mean
				wantVariance := a*c.deviation*c.deviation + 1 - a
				if at == 0 { // no noise in the last step: the mean of q(x_0|x_1)
					d := c.deviation * c.deviation
					wantVariance = d * d * s.AlphaBar[1] / (s.AlphaBar[1]*d + 1 - s.AlphaBar[1])
				}
				mean, variance := moments(step.X)
				// x_T is drawn from N(0, 1) and not from q(x_T): √ᾱ_T·mean is
				// missing from the mean at most, and ᾱ_T from the variance.
				prior := s.AlphaBar[s.T]
				slackMean := math.Sqrt(prior)*math.Abs(c.mean) + 2e-5
				slackVariance := prior + 2e-5
				if d := math.Abs(mean - wantMean); d > sigmas*math.Sqrt(wantVariance/n)+slackMean {
					t.Fatalf("%s, %d steps: the mean at t=%d is %v, want %v", c.name, chain.n, at, mean, wantMean)
				}
				if d := math.Abs(variance - wantVariance); d > sigmas*wantVariance*math.Sqrt(2/n)+slackVariance {
					t.Fatalf("%s, %d steps: the variance at t=%d is %v, want %v", c.name, chain.n, at, variance, wantVariance)
				}
			}
		}
	}
}

// TestRotation checks DDIM(0) on x_0 ~ N(0, 1), where each step turns by the
// difference of two angles: with φ_t = arccos √ᾱ_t, x_{t−1} = cos(φ_t −
// φ_{t−1})·x_t. So the end is known value by value.
func TestRotation(t *testing.T) {
	for name, original := range map[string]*schedule.Schedule{"linear": schedule.Linear(1000), "cosine": schedule.Cosine(1000)} {
		for _, n := range []int{1, 2, 10, 100, 1000} {
			s := respaced(t, original, n)
			r, err := DDIM(Options{Schedule: s, Predictor: gaussian(original, 0, 1), Size: 100, Seed: 5, Classes: []int{Null}})
			if err != nil {
				t.Fatal(err)
			}
			start := append([]float32(nil), r.Step().X...)
			turned := 1.0
			// What the float32 rounding of ε̂ becomes in the first step, which
			// divides it by √ᾱ_T.
			tolerance := 2e-5 + 2e-7*math.Sqrt(s.AlphaBar[s.T-1]/s.AlphaBar[s.T])
			for step := range r.Steps() {
				i := s.T - step.Index + 1
				turned *= math.Cos(math.Acos(math.Sqrt(s.AlphaBar[i])) - math.Acos(math.Sqrt(s.AlphaBar[i-1])))
				for j, x := range step.X {
					if want := turned * float64(start[j]); math.Abs(float64(x)-want) > tolerance {
						t.Fatalf("%s, %d steps: value %d after step %d is %v, want %v", name, n, j, step.Index, x, want)
					}
				}
			}
		}
	}
}

// TestConvergence compares DDIM(0) with the solution of the probability flow for
// x_0 ~ N(mean, deviation²), which keeps (x_t − √ᾱ_t·mean)/deviation_t, the
// place of x_t in its distribution. DDIM is a method of first order: twice the
// steps leave half the error.
func TestConvergence(t *testing.T) {
	const mean, deviation = 0.3, 0.5
	original := schedule.Linear(8000)
	p := gaussian(original, mean, deviation)
	worst := func(n int) float64 {
		s := respaced(t, original, n)
		r, err := DDIM(Options{Schedule: s, Predictor: p, Size: 100, Seed: 6, Classes: []int{Null}})
		if err != nil {
			t.Fatal(err)
		}
		a := s.AlphaBar[s.T]
		var want [100]float64
		for i, x := range r.Step().X {
			want[i] = mean + deviation*(float64(x)-math.Sqrt(a)*mean)/math.Sqrt(a*deviation*deviation+1-a)
		}
		for r.Next() {
		}
		most := 0.0
		for i, x := range r.Step().X {
			most = max(most, math.Abs(float64(x)-want[i]))
		}
		return most
	}
	before := worst(100)
	for _, n := range []int{200, 400, 800} {
		now := worst(n)
		if ratio := before / now; ratio < 1.8 || ratio > 2.2 {
			t.Errorf("%d steps leave an error of %v, half as many %v: want about twice that", n, now, before)
		}
		before = now
	}
}
