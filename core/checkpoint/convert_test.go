package checkpoint

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// halfValue is binary16 by its definition: (−1)^s · 2^(e−15) · 1.f, or
// 2^−14 · 0.f where e = 0.
func halfValue(h uint16) float64 {
	sign, e, f := float64(1), int(h>>10&31), float64(h&0x3ff)
	if h&0x8000 != 0 {
		sign = -1
	}
	switch {
	case e == 0:
		return math.Copysign(math.Ldexp(f, -24), sign)
	case e == 31 && f == 0:
		return math.Inf(int(sign))
	case e == 31:
		return math.NaN()
	}
	return sign * math.Ldexp(1024+f, e-25)
}

func TestHalfToFloatIsExact(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		got, want := float64(halfToFloat(h)), halfValue(h)
		if math.IsNaN(want) != math.IsNaN(got) || !math.IsNaN(want) && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%#04x is %v, want %v", h, got, want)
		}
		if back := floatToHalf(float32(got)); back != h && !math.IsNaN(want) {
			t.Fatalf("%#04x comes back as %#04x", h, back)
		}
	}
	if h := floatToHalf(float32(math.NaN())); !math.IsNaN(halfValue(h)) {
		t.Errorf("NaN becomes %#04x", h)
	}
}

// Between every two neighbours: just below the middle, the middle, just above.
func TestFloatToHalfRoundsToNearestEven(t *testing.T) {
	for i := range uint16(0x7c00) {
		low, high := halfValue(i), halfValue(i+1)
		if i+1 == 0x7c00 {
			high = 65536 // where the next value would be
		}
		middle := float32((low + high) / 2) // exact: one more bit
		even := i + i&1
		for _, c := range []struct {
			v    float32
			want uint16
		}{
			{math.Nextafter32(middle, 0), i},
			{middle, even},
			{math.Nextafter32(middle, 1e9), i + 1},
		} {
			if got := floatToHalf(c.v); got != c.want {
				t.Fatalf("%v becomes %#04x, want %#04x", c.v, got, c.want)
			}
			if got := floatToHalf(-c.v); got != c.want|0x8000 {
				t.Fatalf("%v becomes %#04x, want %#04x", -c.v, got, c.want|0x8000)
			}
		}
	}
	for _, v := range []float32{65520, 1e9, math.MaxFloat32, float32(math.Inf(1))} {
		if got := floatToHalf(v); got != 0x7c00 {
			t.Errorf("%v becomes %#04x, want an infinity", v, got)
		}
	}
	if got := floatToHalf(math.SmallestNonzeroFloat32); got != 0 {
		t.Errorf("the smallest float becomes %#04x", got)
	}
}

func TestQuantize(t *testing.T) {
	w := []float32{
		0.5, -1.27, 0.004, 0.016,
		0, 0, 0, 0,
		1e-44, 0, -1e-45, 0, // too small for a scale
		127e30, -127e30, 1e30, -1e30,
	}
	q, scales := quantize(w, 4)
	want := []int8{50, -127, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 127, -127, 1, -1}
	for i, v := range want {
		if got := int8(q[i]); got != v {
			t.Errorf("q[%d] = %d, want %d", i, got, v)
		}
	}
	for o, s := range []float32{1.27 / float32(127), 0, 0, 127e30 / float32(127)} {
		if scales[o] != s {
			t.Errorf("scale %d = %v, want %v", o, scales[o], s)
		}
	}
}

// The error of a weight is at most half a step of its own row.
func TestQuantizeError(t *testing.T) {
	const out, row = 5, 333
	w := make([]float32, out*row)
	for i := range w {
		w[i] = float32(math.Sin(float64(i)*1.7)) * float32(math.Pow(10, float64(i/row)-2))
	}
	var b Builder
	b.Int8("w", []int{out, row}, w)
	data, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := f.Float32("w")
	if err != nil {
		t.Fatal(err)
	}
	for o := range out {
		var largest float64
		for _, v := range w[o*row : (o+1)*row] {
			largest = max(largest, math.Abs(float64(v)))
		}
		for i := o * row; i < (o+1)*row; i++ {
			if e := math.Abs(float64(got[i] - w[i])); e > largest/254*1.00001 {
				t.Fatalf("weight %d of row %d is off by %v, more than half a step %v", i, o, e, largest/254)
			}
		}
	}
}

// TestFinite finds a number that is not finite at every place of tensors around the
// length of a block, and none among the largest, the smallest and the negative.
func TestFinite(t *testing.T) {
	extremes := []float32{math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, 0, float32(math.Copysign(0, -1)), -1}
	for n := 1; n < 40; n++ {
		values := make([]float32, n)
		for i := range values {
			values[i] = extremes[i%len(extremes)]
		}
		data := floats(values...)
		if e := checkNumbers("a", F32, 0, data); e != nil {
			t.Fatalf("%d finite numbers: %v", n, e)
		}
		for i := range values {
			for _, bad := range []float64{math.Inf(1), math.Inf(-1), math.NaN()} {
				was := values[i]
				values[i] = float32(bad)
				e := checkNumbers("a", F32, 0, floats(values...))
				values[i] = was
				if want := "at element " + strconv.Itoa(i); e == nil || !strings.HasSuffix(e.Error(), want) {
					t.Fatalf("%v of %d numbers: %v, want it found %s", bad, n, e, want)
				}
			}
		}
	}
}
