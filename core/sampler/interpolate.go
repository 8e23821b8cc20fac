package sampler

import "math"

// Slerp sets dst to the point at weight, 0…1, of the way from a to b on the
// great circle through both (Shoemake, 1985; Song et al., 2021, DDIM, appendix
// D.5), with θ the angle between a and b:
//
//	dst = sin((1−weight)·θ)/sin θ·a + sin(weight·θ)/sin θ·b
//
// Between two draws from N(0, I) it keeps the length that such draws have, which
// a straight line does not: it is how to go from one x_T to another. Where a and
// b point the same way, or opposite ways, or are 0, it is a straight line. The
// ends are a and b to the bit; dst may be either.
func Slerp(dst, a, b []float32, weight float64) {
	if len(a) != len(dst) || len(b) != len(dst) {
		panic("sampler: slices of different lengths")
	}
	var aa, bb, ab float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		aa += float64(x * x)
		bb += float64(y * y)
		ab += float64(x * y)
	}
	ofA, ofB := 1-weight, weight
	if weight != 0 && weight != 1 && aa > 0 && bb > 0 {
		theta := math.Acos(max(-1, min(1, ab/math.Sqrt(aa*bb))))
		if sin := math.Sin(theta); sin > 1e-6 {
			ofA, ofB = math.Sin((1-weight)*theta)/sin, math.Sin(weight*theta)/sin
		}
	}
	mix(dst, a, b, ofA, ofB)
}

// Lerp sets dst to (1−weight)·a + weight·b: it is how Ho et al. (2020, §4.4) go
// from the x_t of one image to that of another with the same noise.
func Lerp(dst, a, b []float32, weight float64) {
	if len(a) != len(dst) || len(b) != len(dst) {
		panic("sampler: slices of different lengths")
	}
	mix(dst, a, b, 1-weight, weight)
}

func mix(dst, a, b []float32, ofA, ofB float64) {
	fa, fb := float32(ofA), float32(ofB)
	for i := range dst {
		dst[i] = float32(fa*a[i]) + float32(fb*b[i])
	}
}
