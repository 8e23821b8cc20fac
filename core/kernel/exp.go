package kernel

import "math"

// The exponential is computed alike in every form of the kernels: e^x = 2^n·e^r
// with n the integer nearest to x/ln 2, r = x - n·ln 2 in two steps so that it is
// exact to float32, and e^r by the polynomial of Cephes' expf. Its relative error
// is below 2e-7. The argument is kept to where 2^n is a normal float32.
const (
	expLow  = -87
	expHigh = 88

	log2e = math.Log2E
	ln2Hi = 0.693359375
	ln2Lo = math.Ln2 - ln2Hi

	expP0 = 1.9875691500e-4
	expP1 = 1.3981999507e-3
	expP2 = 8.3334519073e-3
	expP3 = 4.1665795894e-2
	expP4 = 1.6666665459e-1
	expP5 = 5.0000001201e-1
)

// roundShift added to a small float32 leaves the nearest integer in the low bits,
// and taken away again leaves it as a float32.
const roundShift = 3 << 22

func exp(x float32) float32 {
	x = min(max(x, expLow), expHigh)
	shifted := float32(x*log2e) + roundShift
	n := shifted - roundShift
	r := x - float32(n*ln2Hi)
	r -= float32(n * ln2Lo)
	p := float32(expP0*r) + expP1
	p = float32(p*r) + expP2
	p = float32(p*r) + expP3
	p = float32(p*r) + expP4
	p = float32(p*r) + expP5
	p = float32(p*float32(r*r)) + r + 1
	return p * math.Float32frombits(math.Float32bits(shifted)<<23+127<<23)
}

// logistic is σ(x) = 1/(1+e^-x).
func logistic(x float32) float32 { return 1 / (1 + exp(-x)) }

func siluOf(x float32) float32 { return x * logistic(x) }

// siluSlope is the derivative of siluOf.
func siluSlope(x float32) float32 {
	s := logistic(x)
	return s * (1 + x*(1-s))
}
