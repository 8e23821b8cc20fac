package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// interpolating makes Bᵀ, Aᵀ and G of the F(M×M, 3×3) that multiplies polynomials by
// their values at 0, ±p for each of the given p, and ∞ (Lavin & Gray, §4).
func interpolating(pairs ...float64) (input, output, taps matrix) {
	points := []float64{0}
	for _, p := range pairs {
		points = append(points, p, -p)
	}
	side := len(points) + 1
	// times is the polynomial times (x − p).
	times := func(c []float64, p float64) []float64 {
		next := make([]float64, len(c)+1)
		for i, v := range c {
			next[i] -= p * v
			next[i+1] += v
		}
		return next
	}
	whole := []float64{1}
	for i, p := range points {
		whole = times(whole, p)
		others, scale := []float64{1}, 1.0
		for j, q := range points {
			if i != j {
				others, scale = times(others, q), scale*(p-q)
			}
		}
		input = append(input, row(side, others))
		taps = append(taps, row(3, []float64{1 / scale, p / scale, p * p / scale}))
	}
	input = append(input, row(side, whole))
	taps = append(taps, row(3, []float64{0, 0, 1}))
	for k := range side - 2 {
		var powers []float64
		for _, p := range points {
			powers = append(powers, math.Pow(p, float64(k)))
		}
		if k == side-3 {
			powers = append(powers, 1)
		}
		output = append(output, row(side, powers))
	}
	return input, output, taps
}

func row(n int, values []float64) []float32 {
	r := make([]float32, n)
	for i, v := range values {
		r[i] = float32(v)
	}
	return r
}

// bothSides is m x mᵀ, rounded after every product and sum as the kernels do.
func (m matrix) bothSides(x [][]float32) [][]float32 {
	return matrix(m.times(x)).transposedTimes(m)
}

func (m matrix) times(x [][]float32) [][]float32 {
	y := make([][]float32, len(m))
	for i := range m {
		y[i] = make([]float32, len(x[0]))
		for j := range y[i] {
			for k, v := range m[i] {
				y[i][j] += float32(v * x[k][j])
			}
		}
	}
	return y
}

func (m matrix) transposedTimes(right matrix) [][]float32 {
	return matrix(right.times(m.transposed())).transposed()
}

// pointError is the relative error, root mean square, of a convolution over 64
// channels by these matrices in float32, against float64.
func pointError(input, output, taps matrix) float64 {
	r := rand.New(rand.NewPCG(31, 32))
	square := func(n int) [][]float32 {
		x := make([][]float32, n)
		for i := range x {
			for range n {
				x[i] = append(x[i], float32(r.NormFloat64()))
			}
		}
		return x
	}
	var wrong, size float64
	for range 20 {
		sum := square(len(input))
		want := make([]float64, len(output)*len(output))
		for i := range sum {
			clear(sum[i])
		}
		for range 64 {
			d, w := square(len(input)), square(3)
			u, v := input.bothSides(d), taps.bothSides(w)
			for i := range sum {
				for j := range sum[i] {
					sum[i][j] += float32(u[i][j] * v[i][j])
				}
			}
			for i := range want {
				for k := range 9 {
					want[i] += float64(d[i/len(output)+k/3][i%len(output)+k%3]) * float64(w[k/3][k%3])
				}
			}
		}
		for i, y := range output.bothSides(sum) {
			for j, v := range y {
				exact := want[i*len(output)+j]
				wrong += (float64(v) - exact) * (float64(v) - exact)
				size += exact * exact
			}
		}
	}
	return math.Sqrt(wrong / size)
}

// TestPoints holds the matrices against the interpolation they stand for, and the
// points of F(4×4, 3×3) against others.
func TestPoints(t *testing.T) {
	input, output, taps := interpolating(math.Sqrt2, 1/math.Sqrt2)
	for name, pair := range map[string][2]matrix{
		"input": {transform4.input.matrix, input}, "output": {transform4.output.matrix, output}, "taps": {transform4.taps.matrix, taps},
	} {
		for i, row := range pair[1] {
			for j, want := range row {
				if got := pair[0][i][j]; math.Abs(float64(got-want)) > 1e-6 {
					t.Errorf("%s[%d][%d] is %v, the points say %v", name, i, j, got, want)
				}
			}
		}
	}
	ours := pointError(input, output, taps)
	t.Logf("0, ±√2, ±1/√2, ∞: relative error %.2g", ours)
	for _, p := range [][2]float64{{1, 2}, {1, 0.5}, {1, 1.5}, {2, 0.5}, {1.25, 0.625}} {
		e := pointError(interpolating(p[0], p[1]))
		t.Logf("0, ±%g, ±%g, ∞: relative error %.2g", p[0], p[1], e)
		if e < ours {
			t.Errorf("0, ±%g, ±%g, ∞ are better points", p[0], p[1])
		}
	}
	t.Logf("F(2×2, 3×3), 0, ±1, ∞: relative error %.2g", pointError(transform2.input.matrix, transform2.output.matrix, transform2.taps.matrix))
}
