//go:build goexperiment.simd

package kernel

import (
	"math"
	"simd/archsimd"
)

// vec64 and bits64 are the vectors of the kernels in float64, of pairs lanes.
type (
	vec64  = archsimd.Float64x2
	bits64 = archsimd.Uint64x2
)

const pairs = 2

func splat64(x float64) vec64   { return archsimd.BroadcastFloat64x2(x) }
func splatBits(x uint64) bits64 { return archsimd.BroadcastUint64x2(x) }

func loadPairs(from [][4]uint32) bits64 {
	return archsimd.LoadUint32x4Array(&from[0]).ReshapeToUint64s()
}

// storePairs writes x and y, rounded to float32, in turns.
func storePairs(to [][4]uint32, x, y vec64) {
	b := &to[0]
	b[0] = math.Float32bits(float32(x.GetElem(0)))
	b[1] = math.Float32bits(float32(y.GetElem(0)))
	b[2] = math.Float32bits(float32(x.GetElem(1)))
	b[3] = math.Float32bits(float32(y.GetElem(1)))
}

// philoxLanes is how many blocks philoxBlocks does at a time.
const philoxLanes = 4

// philoxBlocks fills blocks, a multiple of philoxLanes of them, with the words of
// consecutive counters.
//
// The four products of a vector come as two vectors of two, and there is no
// shuffle to bring their upper halves together. Shifting one and masking the
// other does, with lanes 1 and 2 swapped. So a and c have their lanes swapped
// from one round to the next, and b and d, lower halves that a plain product
// gives in place, are always one round behind: as they must be where the next
// round adds them to upper halves.
func philoxBlocks(blocks [][4]uint32, counter [4]uint32, key [2]uint32) {
	mul0, mul1 := archsimd.BroadcastUint32x4(philoxMul0), archsimd.BroadcastUint32x4(philoxMul1)
	high := archsimd.BroadcastUint64x2((1<<32 - 1) << 32)
	step := archsimd.BroadcastUint32x4(philoxLanes)
	first := archsimd.LoadUint32x4Array(&[4]uint32{0, 1, 2, 3}).Add(archsimd.BroadcastUint32x4(counter[0]))
	for ; len(blocks) >= philoxLanes; blocks = blocks[philoxLanes:] {
		a, b := first, archsimd.BroadcastUint32x4(counter[1])
		c, d := archsimd.BroadcastUint32x4(counter[2]), archsimd.BroadcastUint32x4(counter[3])
		k0, k1 := key[0], key[1]
		for range philoxRounds {
			upper0 := a.MulWidenLo(mul0).ShiftAllRight(32).Or(a.MulWidenHi(mul0).And(high)).ReshapeToUint32s()
			upper1 := c.MulWidenLo(mul1).ShiftAllRight(32).Or(c.MulWidenHi(mul1).And(high)).ReshapeToUint32s()
			lower0, lower1 := a.Mul(mul0), c.Mul(mul1)
			a = upper1.Xor(b).Xor(archsimd.BroadcastUint32x4(k0))
			c = upper0.Xor(d).Xor(archsimd.BroadcastUint32x4(k1))
			b, d = lower1, lower0
			k0 += philoxWeyl0
			k1 += philoxWeyl1
		}
		// After an even number of rounds a and c are in order, and b and d have the
		// even blocks in their lower halves' place.
		b64, d64 := b.ReshapeToUint64s(), d.ReshapeToUint64s()
		ab01, ab23 := a.ExtendLo2ToUint64().Or(b64.ShiftAllLeft(32)), a.ExtendHi2ToUint64().Or(b64.And(high))
		cd01, cd23 := c.ExtendLo2ToUint64().Or(d64.ShiftAllLeft(32)), c.ExtendHi2ToUint64().Or(d64.And(high))
		ab01.SetElem(1, cd01.GetElem(0)).ReshapeToUint32s().StoreArray(&blocks[0])
		cd01.SetElem(0, ab01.GetElem(1)).ReshapeToUint32s().StoreArray(&blocks[1])
		ab23.SetElem(1, cd23.GetElem(0)).ReshapeToUint32s().StoreArray(&blocks[2])
		cd23.SetElem(0, ab23.GetElem(1)).ReshapeToUint32s().StoreArray(&blocks[3])
		first = first.Add(step)
	}
}
