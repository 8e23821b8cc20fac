// Package noise makes random numbers that are the same bits on every platform
// and in every order. A value is a function of (seed, stream, image, t,
// element) and of nothing else: there is no state, so batch size, number of
// workers and order of the steps cannot change a picture.
//
// The generator is Philox 4×32-10. Its key is the seed, low word first; its
// counter is
//
//	word 0: block — element/4 for normals
//	word 1: t
//	word 2: image
//	word 3: stream
//
// and each block gives four 32-bit words w_0…w_3. Normal turns them into four
// values by the transform of Box & Muller (1958):
//
//	r = √(−2·ln((w_0 + ½)/2³²)),  θ = 2π·(w_1 + ½)/2³²
//	z_0 = r·cos θ,  z_1 = r·sin θ,  and z_2, z_3 likewise from w_2, w_3
//
// Every word is used once whatever its value (no rejection), and |z| ≤ 6.77.
// The logarithm, sine and cosine are polynomials of our own, in float64, in
// which every product is rounded before it is added: math.Log, Sin and Cos, and
// a fused a*b+c, differ between platforms. The one rounding to float32 comes
// last, so that a value is the correctly rounded one but for a few in 10⁵,
// which are one unit in the last place off.
package noise

import (
	"math/bits"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// Stream keeps apart draws that are made for different purposes with the same
// seed. The numbers are part of what a recipe means: append, never renumber.
type Stream uint32

const (
	Initial  Stream = iota // x_T, where sampling starts; t = 0
	Reverse                // z of the reverse step from x_t
	Forward                // ε of q(x_t|x_0), t = 0 if one ε is held for all t
	Markov                 // z of one Markov step q(x_t|x_{t−1})
	Training               // ε in training; image is the place in the epoch, t the epoch
	Time                   // uniform draws from which training's t are made; t counts steps
	Dropout                // uniform draws that decide which labels are dropped, keyed as Training
	Order                  // the order of the examples in an epoch
)

// Normal fills dst with independent draws from N(0, 1). Element i depends on
// (seed, stream, image, t, i) only: a shorter dst is a prefix of a longer one.
func Normal(dst []float32, seed uint64, stream Stream, image, t uint32) {
	kernel.Normal(dst, [4]uint32{0, t, image, uint32(stream)}, [2]uint32{uint32(seed), uint32(seed >> 32)})
}

// Uint64 returns 64 uniform bits: words 0 (low) and 1 of block 0.
func Uint64(seed uint64, stream Stream, image, t uint32) uint64 {
	a, b, _, _ := kernel.Philox(0, t, image, uint32(stream), uint32(seed), uint32(seed>>32))
	return uint64(b)<<32 | uint64(a)
}

// Uniform returns a draw from the uniform distribution on [0, 1), a multiple of
// 2⁻⁵³: the upper 53 bits of Uint64.
func Uniform(seed uint64, stream Stream, image, t uint32) float64 {
	return float64(Uint64(seed, stream, image, t)>>11) * 0x1p-53
}

// Permutation fills dst with 0…len(dst)−1 in an order drawn uniformly at random
// (Fisher & Yates; Durstenfeld, 1964), which depends on (seed, stream, t,
// len(dst)) only; t is the epoch, say. Place i is filled from block i.
func Permutation(dst []int, seed uint64, stream Stream, t uint32) {
	for i := range dst {
		// j in 0…i by the high word of a 64-bit product, which needs no
		// rejection; it favours some j by no more than 2⁻⁶⁴ each.
		a, b, _, _ := kernel.Philox(uint32(i), t, 0, uint32(stream), uint32(seed), uint32(seed>>32))
		j, _ := bits.Mul64(uint64(b)<<32|uint64(a), uint64(i)+1)
		dst[i] = dst[j]
		dst[j] = i
	}
}
