package evaluate

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// rotated is q·diag(values)·qᵀ for a rotation q that depends on the seed.
func rotated(values []float64, seed uint64) *mat.SymDense {
	n := len(values)
	r := rand.New(rand.NewPCG(seed, 0))
	random := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			random.Set(i, j, r.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(random)
	var q, half, full mat.Dense
	qr.QTo(&q)
	half.Mul(&q, mat.NewDiagDense(n, values))
	full.Mul(&half, q.T())
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, full.At(i, j))
		}
	}
	return s
}

// Where covariances commute the distance is ‖μ₁−μ₂‖² + Σ(√λ₁−√λ₂)²; in two
// dimensions tr √M = √(tr M + 2√det M) holds for any.
func TestFrechetDistanceClosedForms(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b Gaussian
		want float64
	}{
		{"the same", Gaussian{[]float64{1, 2, 3}, rotated([]float64{1, 4, 9}, 1)}, Gaussian{[]float64{1, 2, 3}, rotated([]float64{1, 4, 9}, 1)}, 0},
		{"means apart", Gaussian{[]float64{0, 0}, rotated([]float64{2, 3}, 1)}, Gaussian{[]float64{3, 4}, rotated([]float64{2, 3}, 1)}, 25},
		{"commuting", Gaussian{[]float64{0, 0, 1}, rotated([]float64{1, 4, 9}, 2)}, Gaussian{[]float64{0, 0, 3}, rotated([]float64{16, 4, 25}, 2)}, 4 + 9 + 0 + 4},
		{"a point", Gaussian{[]float64{0, 0}, mat.NewSymDense(2, nil)}, Gaussian{[]float64{1, 0}, rotated([]float64{2, 3}, 3)}, 1 + 5},
		{"any two in the plane",
			Gaussian{[]float64{0, 0}, mat.NewSymDense(2, []float64{2, 1, 1, 3})},
			Gaussian{[]float64{0, 0}, mat.NewSymDense(2, []float64{4, -1, -1, 1})},
			// tr(Σ₁Σ₂) = 8−1−1+3 = 9, det Σ₁Σ₂ = 5·3 = 15
			5 + 5 - 2*math.Sqrt(9+2*math.Sqrt(15))},
	} {
		for _, swap := range []bool{false, true} {
			a, b := test.a, test.b
			if swap {
				a, b = b, a
			}
			got, err := FrechetDistance(a, b)
			if err != nil || math.Abs(got-test.want) > 1e-6 {
				t.Errorf("%s (swapped: %t): %g, %v; want %g", test.name, swap, got, err, test.want)
			}
		}
	}
}

// A set moved by a known vector is at the square of its length from itself, and
// a set scaled about its mean by s is at (s−1)²·tr Σ.
func TestFrechetDistanceOfSets(t *testing.T) {
	const n, length = 300, 7
	r := rand.New(rand.NewPCG(5, 6))
	x, moved, scaled := make([]float32, n*length), make([]float32, n*length), make([]float32, n*length)
	for i := range x {
		x[i] = float32(r.NormFloat64() * float64(1+i%length))
		moved[i] = x[i] + float32(i%length)/2
		scaled[i] = 3 * x[i]
	}
	fit := func(features []float32) Gaussian {
		g, err := Fit(features, length, nil)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	var wantMoved float64
	for i := range length {
		wantMoved += float64(i*i) / 4
	}
	g := fit(x)
	wantScaled := 4 * mat.Trace(g.Covariance)
	for _, m := range g.Mean {
		wantScaled += 4 * m * m
	}
	for _, test := range []struct {
		name string
		b    Gaussian
		want float64
	}{
		{"itself", fit(append([]float32(nil), x...)), 0},
		{"moved", fit(moved), wantMoved},
		{"scaled", fit(scaled), wantScaled},
	} {
		got, err := FrechetDistance(g, test.b)
		if err != nil || math.Abs(got-test.want) > 1e-5*(1+test.want) {
			t.Errorf("%s: %g, %v; want %g", test.name, got, err, test.want)
		}
	}
}

func TestFrechetDistanceRefuses(t *testing.T) {
	if _, err := Fit([]float32{1, 2, 3}, 3, nil); err == nil {
		t.Error("one vector has a covariance")
	}
	one := Gaussian{[]float64{0}, mat.NewSymDense(1, []float64{1})}
	two := Gaussian{[]float64{0, 0}, mat.NewSymDense(2, []float64{1, 0, 0, 1})}
	if _, err := FrechetDistance(one, two); err == nil {
		t.Error("Gaussians of different dimension have a distance")
	}
}

// A set in which classes are as frequent as they are asked for, weighted, has the
// moments of one in which they are as frequent as in the data.
func TestClassWeights(t *testing.T) {
	features := []float32{1, 10, 2, 20, 4, 40, 8, 80} // two of class 0, two of class 2
	asked := []int{0, 2, 0, 2}
	labels := []uint8{0, 0, 0, 1, 1, 2} // three to one of what was asked for
	weights := classWeights(asked, labels)
	got, err := Fit(features, 2, weights)
	if err != nil {
		t.Fatal(err)
	}
	var repeated []float32
	for i, class := range asked {
		for range map[int]int{0: 300, 2: 100}[class] {
			repeated = append(repeated, features[2*i:2*i+2]...)
		}
	}
	want, err := Fit(repeated, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if math.Abs(got.Mean[i]-want.Mean[i]) > 1e-9 {
			t.Errorf("mean %v, want %v", got.Mean, want.Mean)
		}
		for j := range 2 {
			// Of four vectors the unbiased covariance is that of many times 4/3.
			if g, w := got.Covariance.At(i, j), want.Covariance.At(i, j)*799/800*4/3; math.Abs(g-w) > 1e-9*math.Abs(w) {
				t.Errorf("covariance %d, %d is %v, want %v", i, j, g, w)
			}
		}
	}
	for name, c := range map[string]struct {
		asked  []int
		labels []uint8
	}{
		"as frequent":     {[]int{0, 1, 1, 0}, []uint8{1, 0}},
		"without a class": {[]int{0, -1, 1}, []uint8{0, 0, 1}},
		"one class":       {[]int{3, 3}, []uint8{0, 1, 3}},
		"not in the data": {[]int{3, 3}, []uint8{0, 1}},
	} {
		if w := classWeights(c.asked, c.labels); w != nil {
			t.Errorf("%s: weights %v, want none", name, w)
		}
	}
	if _, err := Fit(features, 2, weights[:3]); err == nil {
		t.Error("three weights fit four vectors")
	}
}
