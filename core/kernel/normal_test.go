package kernel

import (
	"math"
	"testing"
)

// hardWords are those where a polynomial's argument, an exponent or a quarter turn
// changes.
var hardWords = []uint32{0, 1, 2, 3, 1<<29 - 1, 1 << 29, 1<<30 - 1, 1 << 30, 3 << 29, 1<<31 - 1, 1 << 31,
	5 << 29, 3<<30 - 1, 3 << 30, 7 << 29, 0xFFFFFFFE, 0xFFFFFFFF,
	3037000499, 3037000500, 1518500249, 1518500250} // around √½·2³² and half of it

func TestBoxMullerEdges(t *testing.T) {
	for _, wr := range hardWords {
		for _, wa := range hardWords {
			r := math.Sqrt(-2 * math.Log((float64(wr)+0.5)/(1<<32)))
			if wr >= 1<<31 { // where the quotient's rounding would show
				r = math.Sqrt(-2 * math.Log1p(-(float64(^wr)+0.5)/(1<<32)))
			}
			sin, cos := math.Sincos(2 * math.Pi * (float64(wa) + 0.5) / (1 << 32))
			x, y := boxMuller(wr, wa)
			for _, c := range []struct {
				got  float32
				want float64
			}{{x, r * cos}, {y, r * sin}} {
				// Next to a multiple of π/2 math's own argument is off by 1e-16 of π.
				if !(math.Abs(float64(c.got)-c.want) <= 1.3e-7*math.Abs(c.want)+1e-14) {
					t.Errorf("words %#x, %#x: got %v, want %v", wr, wa, c.got, c.want)
				}
			}
		}
	}
	if x, _ := boxMuller(0, 0); x < 6.76 || x > 6.77 {
		t.Errorf("the largest value is %v, want between 6.76 and 6.77", x)
	}
}

// TestNormal: every form gives the bits of the plain one, at every length, across
// the chunks that it works in, and where the counter wraps.
func TestNormal(t *testing.T) {
	key := [2]uint32{0xDEADBEEF, 7}
	eachForm(t, func(t *testing.T) {
		for _, first := range []uint32{0, 5, 1<<32 - 9} {
			counter := [4]uint32{first, 1000, 3, 2}
			for _, n := range append([]int{4*256 - 1, 4 * 256, 4*256 + 21, 5000}, lengths...) {
				got, want := newGuarded(n, zeros), make([]float32, n)
				normalGeneric(want, counter, key)
				Normal(got.Values, counter, key)
				same(t, "Normal", got.Values, want)
				got.intact(t)
			}
		}
	})
}
