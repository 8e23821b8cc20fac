//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// vec64 and bits64 are the vectors of the kernels in float64, of pairs lanes.
type (
	vec64  = archsimd.Float64x4
	bits64 = archsimd.Uint64x4
)

const pairs = 4

func splat64(x float64) vec64   { return archsimd.BroadcastFloat64x4(x) }
func splatBits(x uint64) bits64 { return archsimd.BroadcastUint64x4(x) }
func loadPairs(from [][4]uint32) bits64 {
	lo, hi := archsimd.LoadUint32x4Array(&from[0]), archsimd.LoadUint32x4Array(&from[1])
	return archsimd.Uint32x8{}.SetLo(lo).SetHi(hi).ReshapeToUint64s()
}

// storePairs writes x and y, rounded to float32, in turns.
func storePairs(to [][4]uint32, x, y vec64) {
	even, odd := x.ConvertToFloat32().ToBits(), y.ConvertToFloat32().ToBits()
	even.InterleaveLo(odd).StoreArray(&to[0])
	even.InterleaveHi(odd).StoreArray(&to[1])
}

// philoxLanes is how many blocks philoxBlocks does at a time.
const philoxLanes = 4

// philoxBlocks fills blocks, a multiple of philoxLanes of them, with the words of
// consecutive counters. Each word stands in the lower half of a 64-bit lane; what
// is above it is not looked at.
func philoxBlocks(blocks [][4]uint32, counter [4]uint32, key [2]uint32) {
	mul0, mul1 := archsimd.BroadcastUint32x8(philoxMul0), archsimd.BroadcastUint32x8(philoxMul1)
	low := archsimd.BroadcastUint64x4(1<<32 - 1)
	step := archsimd.BroadcastUint64x4(philoxLanes)
	first := archsimd.LoadUint64x4Array(&[4]uint64{0, 1, 2, 3}).Add(archsimd.BroadcastUint64x4(uint64(counter[0])))
	for ; len(blocks) >= philoxLanes; blocks = blocks[philoxLanes:] {
		a, b := first.ReshapeToUint32s(), archsimd.BroadcastUint32x8(counter[1])
		c, d := archsimd.BroadcastUint32x8(counter[2]), archsimd.BroadcastUint32x8(counter[3])
		k0, k1 := key[0], key[1]
		for range philoxRounds {
			p0, p1 := a.MulWidenEven(mul0), c.MulWidenEven(mul1)
			a = p1.ShiftAllRight(32).ReshapeToUint32s().Xor(b).Xor(archsimd.BroadcastUint32x8(k0))
			c = p0.ShiftAllRight(32).ReshapeToUint32s().Xor(d).Xor(archsimd.BroadcastUint32x8(k1))
			b, d = p1.ReshapeToUint32s(), p0.ReshapeToUint32s()
			k0 += philoxWeyl0
			k1 += philoxWeyl1
		}
		ab := a.ReshapeToUint64s().And(low).Or(b.ReshapeToUint64s().ShiftAllLeft(32))
		cd := c.ReshapeToUint64s().And(low).Or(d.ReshapeToUint64s().ShiftAllLeft(32))
		even, odd := ab.InterleaveLoGrouped(cd).ReshapeToUint32s(), ab.InterleaveHiGrouped(cd).ReshapeToUint32s()
		even.GetLo().StoreArray(&blocks[0])
		odd.GetLo().StoreArray(&blocks[1])
		even.GetHi().StoreArray(&blocks[2])
		odd.GetHi().StoreArray(&blocks[3])
		first = first.Add(step)
	}
}
