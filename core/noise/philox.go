package noise

// The constants of Philox 4×32: two multipliers, and the two Weyl steps by
// which the key moves on from round to round.
const (
	mul0  = 0xD2511F53
	mul1  = 0xCD9E8D57
	weyl0 = 0x9E3779B9
	weyl1 = 0xBB67AE85

	rounds = 10
)

// Philox4x32 is the counter-based generator Philox 4×32-10 of Salmon et al.
// (2011, "Parallel random numbers: as easy as 1, 2, 3"): a bijection of the
// counter for every key, whose outputs pass TestU01's BigCrush.
func Philox4x32(ctr [4]uint32, key [2]uint32) [4]uint32 {
	a, b, c, d := philox(ctr[0], ctr[1], ctr[2], ctr[3], key[0], key[1])
	return [4]uint32{a, b, c, d}
}

// philox is Philox4x32 on scalars, which the compiler keeps in registers.
func philox(a, b, c, d, k0, k1 uint32) (uint32, uint32, uint32, uint32) {
	for range rounds {
		p0 := uint64(a) * mul0
		p1 := uint64(c) * mul1
		a, b, c, d = uint32(p1>>32)^b^k0, uint32(p1), uint32(p0>>32)^d^k1, uint32(p0)
		k0 += weyl0
		k1 += weyl1
	}
	return a, b, c, d
}
