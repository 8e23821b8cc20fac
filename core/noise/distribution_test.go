package noise

import (
	"math"
	"testing"
)

// The draws are fixed by their seed, so these tests give the same verdict every
// time. The bounds are 5 standard errors: a sound generator fails one in two
// million such tests, a wrong constant in the transform fails at once.
const sigmas = 5

// cdf is Φ.
func cdf(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// TestNormalDistribution draws 10⁷ values, 1000 images of 10⁴ elements.
func TestNormalDistribution(t *testing.T) {
	const (
		images, size = 1000, 10_000
		n            = images * size
		perUnit      = 50 // bins of width 0.02
		edge         = 4
		bins         = 2*edge*perUnit + 2
	)
	tails := []float64{3, 3.5, 4, 4.5, 5}
	beyond := make([][2]int, len(tails)) // below −z and above z
	var count [bins]int
	var m [5]float64
	dst := make([]float32, size)
	for image := range uint32(images) {
		Normal(dst, 2020, Forward, image, 0)
		var part [5]float64
		for _, v := range dst {
			z := float64(v)
			bin := int(math.Floor(z*perUnit)) + edge*perUnit + 1
			count[max(0, min(bins-1, bin))]++
			zz := z * z
			part[1] += z
			part[2] += zz
			part[3] += zz * z
			part[4] += zz * zz
			if zz > 9 {
				for i, edge := range tails {
					if z < -edge {
						beyond[i][0]++
					} else if z > edge {
						beyond[i][1]++
					}
				}
			}
		}
		for i := range m {
			m[i] += part[i]
		}
	}

	// E z^k is 0, 1, 0, 3 and the variance of z^k is 1, 2, 15, 96.
	for i, c := range []struct{ want, variance float64 }{{0, 1}, {1, 2}, {0, 15}, {3, 96}} {
		got := m[i+1] / n
		if off := (got - c.want) / math.Sqrt(c.variance/n); math.Abs(off) > sigmas {
			t.Errorf("moment %d is %v, %.1f standard errors from %v", i+1, got, off, c.want)
		}
	}

	var chi2 float64
	for i, got := range count {
		low, high := float64(i-1)/perUnit-edge, float64(i)/perUnit-edge
		switch i {
		case 0:
			low = math.Inf(-1)
		case bins - 1:
			high = math.Inf(1)
		}
		want := n * (cdf(high) - cdf(low))
		if low >= 0 { // the upper half without cancellation
			want = n * (cdf(-low) - cdf(-high))
		}
		chi2 += (float64(got) - want) * (float64(got) - want) / want
	}
	if off := (chi2 - (bins - 1)) / math.Sqrt(2*(bins-1)); math.Abs(off) > sigmas {
		t.Errorf("chi-square is %.1f for %d degrees of freedom", chi2, bins-1)
	}

	for i, edge := range tails {
		want := n * cdf(-edge)
		for side, got := range beyond[i] {
			if off := (float64(got) - want) / math.Sqrt(want); math.Abs(off) > sigmas {
				t.Errorf("%d values beyond %v on side %d, want %.1f", got, edge, side, want)
			}
		}
	}
}

// TestNormalIndependence correlates draws that differ in one coordinate, and
// draws at small distances in one image; both the values and their squares, as
// the two values of a transform share their radius.
func TestNormalIndependence(t *testing.T) {
	const n = 1_000_000
	type key struct {
		seed     uint64
		stream   Stream
		image, t uint32
	}
	draw := func(k key) []float32 {
		dst := make([]float32, n+64)
		Normal(dst, k.seed, k.stream, k.image, k.t)
		return dst
	}
	check := func(name string, a, b []float32) {
		var values, squares float64
		for i := range n {
			x, y := float64(a[i]), float64(b[i])
			values += x * y
			squares += (x*x - 1) * (y*y - 1)
		}
		for _, c := range []struct {
			what string
			got  float64
		}{{"values", values / math.Sqrt(n)}, {"squares", squares / 2 / math.Sqrt(n)}} {
			if math.Abs(c.got) > sigmas {
				t.Errorf("%s: %s are correlated, %.1f standard errors from 0", name, c.what, c.got)
			}
		}
	}
	base := key{7, Reverse, 3, 100}
	a := draw(base)
	for name, k := range map[string]key{
		"next seed":       {8, Reverse, 3, 100},
		"seed's high bit": {7 | 1<<63, Reverse, 3, 100},
		"next stream":     {7, Forward, 3, 100},
		"next image":      {7, Reverse, 4, 100},
		"next t":          {7, Reverse, 3, 101},
		"t and image":     {7, Reverse, 100, 3},
	} {
		check(name, a, draw(k))
	}
	for _, lag := range []int{1, 2, 3, 4, 5, 8, 28, 64} {
		check("lag", a, a[lag:])
	}
}

func TestUniform(t *testing.T) {
	const n, bins = 1_000_000, 100
	var count [bins]int
	var sum float64
	for i := range uint32(n) {
		u := Uniform(11, Time, i, i%7)
		if !(u >= 0 && u < 1) {
			t.Fatalf("draw %d is %v, want it in [0, 1)", i, u)
		}
		count[int(u*bins)]++
		sum += u
	}
	if off := (sum/n - 0.5) * math.Sqrt(12*n); math.Abs(off) > sigmas {
		t.Errorf("the mean is %v", sum/n)
	}
	var chi2 float64
	for _, got := range count {
		d := float64(got) - n/bins
		chi2 += d * d / (n / bins)
	}
	if off := (chi2 - (bins - 1)) / math.Sqrt(2*(bins-1)); math.Abs(off) > sigmas {
		t.Errorf("chi-square is %.1f for %d degrees of freedom", chi2, bins-1)
	}
	if got, want := Uint64(7, Time, 3, 9)&0xFFFFFFFF, Philox4x32([4]uint32{0, 9, 3, uint32(Time)}, [2]uint32{7, 0})[0]; got != uint64(want) {
		t.Errorf("the low word is %#x, want %#x", got, want)
	}
}

func TestPermutation(t *testing.T) {
	// Every one of the 4! orders is as likely as the others.
	const n = 240_000
	count := map[[4]int]int{}
	for epoch := range uint32(n) {
		var p [4]int
		Permutation(p[:], 1, Order, epoch)
		count[p]++
	}
	if len(count) != 24 {
		t.Fatalf("%d orders of 4 occur, want 24", len(count))
	}
	for p, got := range count {
		if math.Abs(float64(got)-n/24) > sigmas*math.Sqrt(n/24) {
			t.Errorf("order %v occurs %d times, want about %d", p, got, n/24)
		}
	}

	for _, size := range []int{0, 1, 2, 1000} {
		p := make([]int, size)
		for i := range p {
			p[i] = -1 // what was in dst must not matter
		}
		Permutation(p, 2, Order, 0)
		seen := make([]bool, size)
		for _, v := range p {
			if v < 0 || v >= size || seen[v] {
				t.Fatalf("size %d: %v is not a permutation", size, p)
			}
			seen[v] = true
		}
	}
}
