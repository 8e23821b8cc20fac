package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// lengths around the widths of all vectors.
var lengths = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100}

func sigma(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func siluSlope64(x float64) float64 { return sigma(x) * (1 + x*(1-sigma(x))) }

// elementTolerance is for a few float32 operations and an exponential.
const elementTolerance = 5e-7

func TestElementwise(t *testing.T) {
	const s = float32(-1.7)
	// Each kernel overwrites the first of three slices; want is what it makes of one
	// element of each. Values up to 8 or so; the result is near to within the
	// tolerance times 1 + the sum of the operands' sizes.
	kernels := []struct {
		name string
		run  func(a, b, c []float32)
		want func(a, b, c float64) float64
	}{
		{"Add", func(a, b, _ []float32) { Add(a, b) }, func(a, b, _ float64) float64 { return a + b }},
		{"AddScaled", func(a, b, _ []float32) { AddScaled(a, b, s) }, func(a, b, _ float64) float64 { return a + float64(s)*b }},
		{"Scale", func(a, _, _ []float32) { Scale(a, s) }, func(a, _, _ float64) float64 { return float64(s) * a }},
		{"SiLU", func(a, b, _ []float32) { SiLU(a, b) }, func(_, b, _ float64) float64 { return b * sigma(b) }},
		{"SiLU in place", func(a, _, _ []float32) { SiLU(a, a) }, func(a, _, _ float64) float64 { return a * sigma(a) }},
		{"SiLUGrad", func(a, b, c []float32) { SiLUGrad(a, b, c) }, func(_, b, c float64) float64 { return b * siluSlope64(c) }},
		{"SiLUGrad in place", func(a, _, c []float32) { SiLUGrad(a, a, c) }, func(a, _, c float64) float64 { return a * siluSlope64(c) }},
	}
	eachForm(t, func(t *testing.T) {
		for _, k := range kernels {
			t.Run(k.name, func(t *testing.T) {
				for _, n := range lengths {
					r := rand.New(rand.NewPCG(uint64(n), 1))
					value := func(int) float32 { return float32(3 * r.NormFloat64()) }
					a, b, c := newGuarded(n, value), newGuarded(n, value), newGuarded(n, value)
					want, scale := make([]float64, n), make([]float64, n)
					for i := range n {
						x, y, z := float64(a.Values[i]), float64(b.Values[i]), float64(c.Values[i])
						want[i] = k.want(x, y, z)
						scale[i] = 1 + math.Abs(x) + math.Abs(y) + math.Abs(z)
					}
					before := []guarded{b.clone(), c.clone()}
					k.run(a.Values, b.Values, c.Values)
					near(t, k.name, a.Values, want, scale, elementTolerance)
					a.intact(t)
					same(t, "second operand", b.Values, before[0].Values)
					same(t, "third operand", c.Values, before[1].Values)
				}
			})
		}
	})
}

// TestSiLURange: over the whole range of float32 SiLU and its slope are finite
// and near, and so is exp where float32 has room for it.
func TestSiLURange(t *testing.T) {
	var x []float32
	for v := float32(-100); v <= 100; v += 0.37 {
		x = append(x, v)
	}
	x = append(x, -math.MaxFloat32, -1e30, -1e-30, 0, 1e-30, 1e30, math.MaxFloat32, 89, -89, -1000)
	ones := make([]float32, len(x))
	for i := range ones {
		ones[i] = 1
	}
	want, slope, scale := make([]float64, len(x)), make([]float64, len(x)), make([]float64, len(x))
	for i, v := range x {
		want[i] = float64(v) * sigma(float64(v))
		slope[i] = siluSlope64(float64(v))
		scale[i] = max(math.Abs(want[i]), 1e-30)
		if v < -87 {
			scale[i] = math.Abs(float64(v)) // e^-87·v is the best that the clamp gives
		}
		if v < -1e10 {
			slope[i] = 0
		}
	}
	eachForm(t, func(t *testing.T) {
		got := make([]float32, len(x))
		SiLU(got, x)
		near(t, "SiLU", got, want, scale, 2e-6)
		SiLUGrad(got, ones, x)
		for i := range scale {
			scale[i] = 1
			if x[i] < -87 {
				scale[i] = math.Abs(float64(x[i]))
			}
		}
		near(t, "SiLUGrad", got, slope, scale, 1e-6)
	})
	for v := float32(-87); v <= 88; v += 0.013 {
		if w := math.Exp(float64(v)); math.Abs(float64(exp(v))-w) > 2e-7*w {
			t.Fatalf("exp(%v) = %v, want %v", v, exp(v), w)
		}
	}
}

func TestNaNPasses(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		x := make([]float32, 19)
		x[3], x[18] = float32(math.NaN()), float32(math.NaN())
		SiLU(x, x)
		if x[3] == x[3] || x[18] == x[18] {
			t.Error("SiLU hides NaN")
		}
	})
}

func TestSoftmax(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for _, n := range lengths[1:] {
			const rows = 3
			r := rand.New(rand.NewPCG(uint64(n), 2))
			x := newGuarded(rows*n, func(i int) float32 { return float32(5*r.NormFloat64()) + 90*float32(i/n) })
			dy, dx := newGuarded(rows*n, normals(r)), newGuarded(rows*n, zeros)
			want, slope, scale := make([]float64, rows*n), make([]float64, rows*n), make([]float64, rows*n)
			for row := range rows {
				sum, dot := 0.0, 0.0
				for i := row * n; i < row*n+n; i++ {
					want[i] = math.Exp(float64(x.Values[i] - 90*float32(row)))
					sum += want[i]
				}
				for i := row * n; i < row*n+n; i++ {
					want[i] /= sum
					dot += want[i] * float64(dy.Values[i])
				}
				for i := row * n; i < row*n+n; i++ {
					slope[i] = want[i] * (float64(dy.Values[i]) - dot)
					scale[i] = 1
				}
			}
			Softmax(x.Values, n)
			// float32(90 + x) has lost some of x
			near(t, "Softmax", x.Values, want, scale, 1e-4)
			SoftmaxGrad(dx.Values, dy.Values, x.Values, n)
			near(t, "SoftmaxGrad", dx.Values, slope, scale, 1e-4)
			SoftmaxGrad(dy.Values, dy.Values, x.Values, n)
			same(t, "SoftmaxGrad in place", dy.Values, dx.Values)
			x.intact(t)
			dx.intact(t)
		}
	})
}
