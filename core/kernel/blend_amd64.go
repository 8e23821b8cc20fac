//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// toLevels is the second half of Level, from halves of a level on. Max gives its
// second operand for NaN.
func toLevels(halves archsimd.Float32x4) archsimd.Uint32x4 {
	kept := halves.Max(archsimd.BroadcastFloat32x4(0)).Min(archsimd.BroadcastFloat32x4(2 * levelHalves))
	return kept.ConvertToInt32().ToBits().Add(archsimd.BroadcastUint32x4(1)).ShiftAllRight(1)
}

// permute gives the bytes of v at the places in order, and 0 for a place below 0.
func permute(v archsimd.Uint8x16, order archsimd.Int8x16) archsimd.Uint8x16 {
	return v.PermuteOrZero(order)
}
