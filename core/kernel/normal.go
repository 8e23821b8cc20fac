package kernel

// Normal fills dst with draws from N(0, 1): values 4i … 4i+3 come from the words
// w_0 … w_3 of Philox 4×32-10 at the counter whose word 0 is i more than the one
// given, by the transform of Box & Muller (1958):
//
//	r = √(−2·ln((w_0 + ½)/2³²)),  θ = 2π·(w_1 + ½)/2³²
//	z_0 = r·cos θ,  z_1 = r·sin θ,  and z_2, z_3 likewise from w_2, w_3
//
// It is computed in float64 and rounded once. Unlike the other kernels, all
// forms of this one give the same bits: the same operations in the same order,
// every product rounded before it is added.
func Normal(dst []float32, counter [4]uint32, key [2]uint32) { normal(dst, counter, key) }

// The constants of Philox 4×32: two multipliers, and the two Weyl steps by
// which the key moves on from round to round.
const (
	philoxMul0  = 0xD2511F53
	philoxMul1  = 0xCD9E8D57
	philoxWeyl0 = 0x9E3779B9
	philoxWeyl1 = 0xBB67AE85

	philoxRounds = 10
)

// Philox is the counter-based generator Philox 4×32-10 of Salmon et al. (2011,
// "Parallel random numbers: as easy as 1, 2, 3"): a bijection of the counter a,
// b, c, d for every key k0, k1.
func Philox(a, b, c, d, k0, k1 uint32) (uint32, uint32, uint32, uint32) {
	for range philoxRounds {
		p0 := uint64(a) * philoxMul0
		p1 := uint64(c) * philoxMul1
		a, b, c, d = uint32(p1>>32)^b^k0, uint32(p1), uint32(p0>>32)^d^k1, uint32(p0)
		k0 += philoxWeyl0
		k1 += philoxWeyl1
	}
	return a, b, c, d
}
