package diffusion

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// pixel is b/127.5 − 1.
func pixel(b int) float64 { return float64(b)/127.5 - 1 }

// TestDecoderIsADistribution sums the 256 probabilities for random means and
// standard deviations of 0.001 to 10.
func TestDecoderIsADistribution(t *testing.T) {
	draws := make([]float32, 400)
	noise.Normal(draws, 2, noise.Forward, 0, 0)
	for i := 0; i < len(draws); i += 2 {
		mean, sigma := 1.5*float64(draws[i]), math.Pow(10, float64(i)/100-3)
		var sum, single float64
		for b := range 256 {
			sum += math.Exp(logBin(pixel(b), mean, sigma))
			single += math.Exp(logBin(float64(float32(pixel(b))), mean, sigma))
		}
		// Neighbouring bins share an edge up to the rounding of x.
		if math.Abs(sum-1) > 1e-12 || math.Abs(single-1) > 1e-7/sigma {
			t.Fatalf("mean %v, σ %v: the probabilities sum to %v, of float32 pixels to %v", mean, sigma, sum, single)
		}
	}
}

// TestDecoderFarOut has means so far away that a probability underflows, from
// both sides: the logarithm stays finite, falls with distance, and is the same
// mirrored.
func TestDecoderFarOut(t *testing.T) {
	for _, b := range []int{0, 1, 127, 128, 254, 255} {
		for _, sigma := range []float64{1e-3, 1e-2, 0.3, 10} {
			last := 1.0
			for _, mean := range []float64{3, 10, 1e2, 1e4, 1e8} {
				if b == 255 {
					mean = -mean // the open bin of 1 holds all that is above
				}
				got, mirrored := logBin(pixel(b), mean, sigma), logBin(pixel(255-b), -mean, sigma)
				if math.IsInf(got, 0) || math.IsNaN(got) || got >= last {
					t.Fatalf("byte %d, mean %v, σ %v: the logarithm is %v, nearer by it was %v", b, mean, sigma, got, last)
				}
				if !relative(mirrored, got, 1e-9) {
					t.Fatalf("byte %d, mean %v, σ %v: %v, mirrored %v", b, mean, sigma, got, mirrored)
				}
				last = got
			}
		}
	}
	if got := logBin(1, 1e8, 0.01); got != 0 {
		t.Errorf("a mean far above is not surely the last byte: %v", got)
	}
}

// TestLogPhi compares with Laplace's continued fraction of the Mills ratio, on
// both sides of where the series takes over.
func TestLogPhi(t *testing.T) {
	for _, z := range []float64{-5, -12, -29.99, -30, -30.01, -37, -40, -300, -1e6} {
		var rest float64
		for k := 200.0; k > 0; k-- {
			rest = k / (-z + rest)
		}
		want := -z*z/2 - math.Log(2*math.Pi)/2 - math.Log(-z+rest)
		if got := logPhi(z); !relative(got, want, 1e-13) {
			t.Errorf("ln Φ(%v) is %v, want %v", z, got, want)
		}
	}
	if got := logPhi(0); !relative(got, -math.Ln2, 1e-15) {
		t.Errorf("ln Φ(0) is %v", got)
	}
}

// TestDecoderNLL writes eq. 13 down with the error function, for pixels near
// their mean, and checks that the mean is the x̂_0 that ε_θ implies.
func TestDecoderNLL(t *testing.T) {
	x0 := []float32{-1, float32(pixel(10)), float32(pixel(200)), 1}
	eps, predicted := normals(4, 0), normals(4, 1)
	x1 := make([]float32, 4)
	for name, s := range schedules(t) {
		QSample(x1, x0, eps, s, 1)
		for _, v := range []Variance{Beta, BetaTilde} {
			variance := BoundVariance(s, 1, v)
			signal, sigma := amplitudes(s, 1)
			var want float64
			for i := range x0 {
				mean := (float64(x1[i]) - sigma*float64(predicted[i])) / signal
				phi := func(x float64) float64 { return 0.5 + math.Erf((x-mean)/math.Sqrt(2*variance))/2 }
				low, high := phi(float64(x0[i])-1.0/255), phi(float64(x0[i])+1.0/255)
				if i == 0 {
					low = 0
				}
				if i == 3 {
					high = 1
				}
				want -= math.Log(high - low)
			}
			got := DecoderNLL(x0, x1, predicted, s, variance)
			if !relative(got, want, 1e-9) {
				t.Errorf("%s, σ² = %v: L_0 is %v, want %v", name, v, got, want)
			}
			if Term(x0, x1, predicted, s, 1, variance) != got {
				t.Errorf("%s: the term at t=1 is not the decoder", name)
			}
		}
	}
	// A sharp decoder that sees x_0 exactly is almost certain of it.
	s := schedule.Linear(1000)
	QSample(x1, x0, eps, s, 1)
	if got := DecoderNLL(x0, x1, eps, s, 1e-8); !(got >= 0 && got < 1e-9) {
		t.Errorf("L_0 is %v where ε is known, want 0", got)
	}
}
