package diffusion

import (
	"math"
	"slices"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// A chain is the steps of eq. 2 one after another, however it is walked: in
// pieces, back and forth, or after another chain.
func TestChainIsItsSteps(t *testing.T) {
	const n, T, seed = 37, 230, 5
	s := schedule.Cosine(T)
	x0 := make([]float32, n)
	for i := range x0 {
		x0[i] = float32(i)/18 - 1
	}
	want := [][]float32{x0}
	for at := 1; at <= T; at++ {
		z := make([]float32, n)
		noise.Normal(z, seed, noise.Markov, 0, uint32(at))
		x := make([]float32, n)
		QStep(x, want[at-1], z, s, at)
		want = append(want, x)
	}
	c := NewChain(x0, schedule.Linear(300), seed+1)
	c.Walk(300, 300)
	c.Restart(s, seed)
	for _, to := range []int{0, 1, 49, 50, 51, 50, 49, 230, 229, 100, 99, 0, 180, 3, 230} {
		for most := 1; ; most += 7 {
			before, _ := c.At()
			left := c.Walk(to, most)
			at, x := c.At()
			if left != to-at || left < 0 || at-before > most && at%chainStride > most {
				t.Fatalf("from %d to %d by %d steps: at %d with %d left", before, to, most, at, left)
			}
			if !slices.Equal(x, want[at]) {
				t.Fatalf("x_%d on the way to x_%d is not that of the steps", at, to)
			}
			if left == 0 {
				break
			}
		}
	}
	if len(c.kept) != 300/chainStride {
		t.Errorf("%d places are kept of a chain of 300", len(c.kept))
	}
}

// The chain and the jump have the same moments and the same histogram, which are
// what is to be expected.
func TestChainAndJumpAgree(t *testing.T) {
	const n, sigmas = 60_000, 4.5
	s := schedule.Linear(1000)
	x0, eps, jump := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range x0 {
		x0[i] = float32(i%5)/4 - 0.8
	}
	mean0, variance0 := Moments(x0)
	if math.Abs(mean0+0.3) > 1e-6 || math.Abs(variance0-0.125) > 1e-6 {
		t.Fatalf("the moments of x_0 are %v, %v", mean0, variance0)
	}
	noise.Normal(eps, 3, noise.Forward, 0, 0)
	chain := NewChain(x0, s, 3)
	for _, at := range []int{0, 20, 400, 1000} {
		chain.Walk(at, s.T)
		QSample(jump, x0, eps, s, at)
		mean, variance := QMoments(mean0, variance0, s, at)
		spread := 1 - s.AlphaBar[at]
		_, walked := chain.At()
		for name, x := range map[string][]float32{"the chain": walked, "the jump": jump} {
			m, v := Moments(x)
			if d := math.Abs(m - mean); d > 1e-6+sigmas*math.Sqrt(spread/n) {
				t.Errorf("%s at t=%d: mean %v, want %v", name, at, m, mean)
			}
			// The variance of a sample's variance, plus that of the product with x_0.
			if d := math.Abs(v - variance); d > 1e-6+sigmas*math.Sqrt((2*spread*spread+4*spread*variance0)/n) {
				t.Errorf("%s at t=%d: variance %v, want %v", name, at, v, variance)
			}
			if d := math.Abs(NoiseVariance(x0, x, s, at) - spread); d > 1e-6+sigmas*spread*math.Sqrt(2./n) {
				t.Errorf("%s at t=%d: the noise's variance is %v off 1 − ᾱ", name, at, d)
			}
		}
	}
}

func TestHistogram(t *testing.T) {
	density := make([]float64, 4)
	Histogram(density, []float32{-2, -1, -0.99, -0.5, 0.49, 0.5, 1, float32(math.NaN())}, -1, 1)
	if want := []float64{2 * 2. / 8, 1 * 2. / 8, 1 * 2. / 8, 1 * 2. / 8}; !slices.Equal(density, want) {
		t.Errorf("the histogram is %v, want %v", density, want)
	}
	const n, bins, sigmas = 200_000, 64, 5
	x, got, want := make([]float32, n), make([]float64, bins), make([]float64, bins)
	noise.Normal(x, 1, noise.Forward, 0, 0)
	Histogram(got, x, -4, 4)
	NormalHistogram(want, -4, 4)
	var sum float64
	for i, w := range want {
		sum += w * 8 / bins
		if d := math.Abs(got[i] - w); d > 1e-9+sigmas*math.Sqrt(w/n*bins/8)+1./n*bins/8 {
			t.Errorf("bin %d of N(0, 1) has %v, want %v", i, got[i], w)
		}
	}
	if math.Abs(sum-math.Erf(4/math.Sqrt2)) > 1e-12 {
		t.Errorf("N(0, 1) sums up to %v between −4 and 4", sum)
	}
}
