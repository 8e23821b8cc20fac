package kernel

import "math"

func normalGeneric(dst []float32, counter [4]uint32, key [2]uint32) {
	block := counter[0]
	for ; len(dst) >= 4; dst = dst[4:] {
		a, b, c, d := Philox(block, counter[1], counter[2], counter[3], key[0], key[1])
		dst[0], dst[1] = boxMuller(a, b)
		dst[2], dst[3] = boxMuller(c, d)
		block++
	}
	if len(dst) > 0 {
		var z [4]float32
		a, b, c, d := Philox(block, counter[1], counter[2], counter[3], key[0], key[1])
		z[0], z[1] = boxMuller(a, b)
		z[2], z[3] = boxMuller(c, d)
		copy(dst, z[:])
	}
}

// The coefficients of the series below, for all forms.
const (
	log3, log5, log7, log9, log11, log13 = 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13

	sin3, sin5, sin7, sin9, sin11   = -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, 1.0 / 39916800
	cos2, cos4, cos6, cos8, cos10   = -1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800
	cos12                           = 1.0 / 479001600
	angleUnit, minusTwoLn2, logUnit = math.Pi / (1 << 31), -2 * math.Ln2, 4.0
)

// boxMuller returns two independent draws from N(0, 1) for two uniform words;
// Normal has the formula. Every product that is summed is converted explicitly:
// that is what forbids fusing it with the sum.
func boxMuller(radius, angle uint32) (float32, float32) {
	// u = radius + ½, so ln(u/2³²) = (k − 32)·ln 2 + ln m, with u = 2^k·m and m
	// in [√½, √2). Subtracting the bits of √½ makes k the upper bits of what is
	// left. Close to u = 2³², k is 32 and ln m keeps its relative accuracy.
	u := math.Float64bits(float64(radius) + 0.5)
	over := int64(u - sqrtHalf)
	k := float64(over>>52 - 32)
	m := math.Float64frombits(u - uint64(over)&(0xFFF<<52))

	// ln m = 2·artanh s = 2·(s + s³/3 + s⁵/5 + …), s = (m−1)/(m+1), s² < 0.0295:
	// the first term left out is 1e-12 of the sum.
	s := (m - 1) / (m + 1)
	v := s * s
	// Summed in pairs, because the square root waits for it.
	vv := v * v
	p01 := 1 + float64(v*log3)
	p23 := log5 + float64(v*log7)
	p456 := log9 + float64(v*log11) + float64(vv*log13)
	p := p01 + float64(vv*(p23+float64(vv*p456)))
	minusTwoLn := float64(k*minusTwoLn2) - float64(logUnit*s*p)
	r := math.Sqrt(minusTwoLn)

	// θ = q·π/2 + a, where a is in ±π/4 and q, modulo 4, counts quarter turns.
	q := (angle + 1<<29) >> 30
	a := (float64(int32(angle-q<<30)) + 0.5) * angleUnit
	w := a * a
	// Taylor's series; the first terms left out are 7e-12 and 4e-13.
	sin := sin7 + float64(w*(sin9-float64(w*sin11)))
	sin = sin5 + float64(w*sin)
	sin = sin3 + float64(w*sin)
	sin = a * (1 + float64(w*sin))
	cos := cos10 + float64(w*cos12)
	cos = cos8 + float64(w*cos)
	cos = cos6 + float64(w*cos)
	cos = cos4 + float64(w*cos)
	cos = cos2 + float64(w*cos)
	cos = 1 + float64(w*cos)

	// Multiplying by the exact 0 and ±1 of a quarter turn avoids a branch that
	// no processor could predict.
	turn := &quarter[q&3]
	x := float64(cos*turn[0]) - float64(sin*turn[1])
	y := float64(sin*turn[0]) + float64(cos*turn[1])
	return float32(r * x), float32(r * y)
}

// sqrtHalf is the bit pattern of √½.
const sqrtHalf = 0x3FE6A09E667F3BCD

// quarter[q] holds the cosine and the sine of q quarter turns.
var quarter = [4][2]float64{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}
