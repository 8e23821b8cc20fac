package kernel

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
)

// edges are values at which a rounding, a clamp or a conversion changes; what
// they are blended with at a = 1, b = 0 leaves them as they are.
func edges() []float32 {
	x := []float32{-1, 1, 0, -2, 2, 1e9, -1e9, 1e10, -1e10, 4e9, -4e9, math.MaxFloat32, -math.MaxFloat32,
		float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.SmallestNonzeroFloat32}
	for level := range 256 { // either side of where one level becomes the next
		half := float32(level)/127.5 - 1 + 1/255.0
		x = append(x, half, math.Nextafter32(half, -9), math.Nextafter32(half, 9))
	}
	for len(x)%12 != 0 {
		x = append(x, 0.25)
	}
	return x
}

func TestBlend(t *testing.T) {
	const a, b = float32(0.83), float32(-1.71)
	eachForm(t, func(t *testing.T) {
		for _, n := range lengths {
			r := rand.New(rand.NewPCG(uint64(n), 4))
			dst, x, y := newGuarded(n, zeros), newGuarded(n, normals(r)), newGuarded(n, normals(r))
			want := make([]float32, n)
			blendGeneric(want, x.Values, y.Values, a, b)
			for i := range want {
				if w := float64(a)*float64(x.Values[i]) + float64(b)*float64(y.Values[i]); math.Abs(w-float64(want[i])) > 1e-6 {
					t.Fatalf("the plain form gives %v, want %v", want[i], w)
				}
			}
			Blend(dst.Values, x.Values, y.Values, a, b)
			same(t, "Blend", dst.Values, want)
			dst.intact(t)
			Blend(x.Values, x.Values, y.Values, a, b)
			same(t, "Blend in place", x.Values, want)
			x.intact(t)
		}
	})
}

func TestBlendRGBA(t *testing.T) {
	hard := edges()
	eachForm(t, func(t *testing.T) {
		for _, pixels := range append([]int{len(hard) / 3}, lengths...) {
			r := rand.New(rand.NewPCG(uint64(pixels), 5))
			x, y := newGuarded(3*pixels, normals(r)), newGuarded(3*pixels, normals(r))
			a, b := float32(0.6), float32(0.8)
			if pixels == len(hard)/3 {
				copy(x.Values, hard)
				a, b = 1, 0
			}
			want := make([]byte, 0, 4*pixels)
			for i, v := range x.Values {
				want = append(want, Level(float32(a*v)+float32(b*y.Values[i])))
				if i%3 == 2 {
					want = append(want, 255)
				}
			}
			const guard = 32
			got := bytes.Repeat([]byte{0xA5}, 4*pixels+2*guard)
			BlendRGBA(got[guard:guard+4*pixels], x.Values, y.Values, a, b)
			for i := range want {
				if got[guard+i] != want[i] {
					t.Fatalf("%d pixels: byte %d is %d, want %d (value %v)", pixels, i, got[guard+i], want[i], x.Values[i/4*3+min(i%4, 2)])
				}
			}
			for i, v := range got {
				if (i < guard || i >= guard+len(want)) && v != 0xA5 {
					t.Fatalf("%d pixels: wrote outside, at %d", pixels, i-guard)
				}
			}
		}
	})
}

func TestLevel(t *testing.T) {
	for _, x := range edges() {
		want := math.Floor((float64(x)+1)*127.5 + 0.5)
		want = min(max(want, 0), 255)
		if x != x {
			want = 0
		}
		// float32(x + 1) may round across a half.
		if got := float64(Level(x)); got != want && math.Abs((float64(x)+1)*127.5+0.5-math.Round((float64(x)+1)*127.5+0.5)) > 1e-4 {
			t.Errorf("%v becomes %v, want %v", x, got, want)
		}
	}
}

func BenchmarkBlend(b *testing.B) {
	const n = 3 << 20
	x, y := make([]float32, n), make([]float32, n)
	Normal(y, [4]uint32{}, [2]uint32{})
	b.Run("RGBA", func(b *testing.B) {
		dst := make([]byte, n/3*4)
		for b.Loop() {
			BlendRGBA(dst, x, y, 0.6, 0.8)
		}
	})
	b.Run("float32", func(b *testing.B) {
		dst := make([]float32, n)
		for b.Loop() {
			Blend(dst, x, y, 0.6, 0.8)
		}
	})
}
