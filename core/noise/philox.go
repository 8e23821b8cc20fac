package noise

import "github.com/ddpm-go/ddpm/core/kernel"

// Philox4x32 is the counter-based generator Philox 4×32-10 of Salmon et al.
// (2011, "Parallel random numbers: as easy as 1, 2, 3"): a bijection of the
// counter for every key, whose outputs pass TestU01's BigCrush.
func Philox4x32(ctr [4]uint32, key [2]uint32) [4]uint32 {
	a, b, c, d := kernel.Philox(ctr[0], ctr[1], ctr[2], ctr[3], key[0], key[1])
	return [4]uint32{a, b, c, d}
}
