package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// guarded is a slice with guard values before and behind it: a kernel that writes
// outside changes them, one that reads outside gets NaN.
type guarded struct {
	all    []float32
	Values []float32
}

const guards = 40

func newGuarded(n int, value func(i int) float32) guarded {
	all := make([]float32, n+2*guards)
	for i := range all {
		all[i] = float32(math.NaN())
		if i >= guards && i < guards+n {
			all[i] = value(i - guards)
		}
	}
	return guarded{all, all[guards : guards+n]}
}

func normals(r *rand.Rand) func(int) float32 {
	return func(int) float32 { return float32(r.NormFloat64()) }
}

func zeros(int) float32 { return 0 }

func (g guarded) intact(t *testing.T) {
	t.Helper()
	for i, v := range g.all {
		if (i < guards || i >= guards+len(g.Values)) && v == v {
			t.Fatalf("wrote %v at %d of a slice of %d", v, i-guards, len(g.Values))
		}
	}
}

func (g guarded) clone() guarded {
	all := append([]float32(nil), g.all...)
	return guarded{all, all[guards : guards+len(g.Values)]}
}

// near fails unless every value is within tolerance·scale[i] of want, where scale
// is the size of what was added up to make it.
func near(t *testing.T, what string, got []float32, want, scale []float64, tolerance float64) {
	t.Helper()
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - w); !(d <= tolerance*scale[i]) {
			t.Fatalf("%s[%d] = %v, want %v (off by %.3g, allowed %.3g)", what, i, got[i], w, d, tolerance*scale[i])
		}
	}
}
