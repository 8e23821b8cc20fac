//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// level is the instruction set that the kernels use here.
var level = detect()

const (
	levelGeneric = iota
	levelAVX2
	levelAVX512
)

func detect() int {
	switch {
	case !archsimd.X86.AVX2() || !archsimd.X86.FMA():
		return levelGeneric
	case !archsimd.X86.AVX512():
		return levelAVX2
	}
	return levelAVX512
}

func form() string { return [...]string{"generic", "avx2", "avx512"}[level] }

// vector says whether there are vectors at all.
func vector() bool { return level != levelGeneric }

// panelMax is the width of the widest micro-kernel.
func panelMax() int { return [...]int{Panel, 16, 32}[level] }

// stripFloats bounds the transformed squares of Winograd that are held at once, so
// that they stay in a core's cache.
const stripFloats = 96 << 10

func (c Conv) panel(t *tile, out, in, w []float32, first, width int) {
	c.tiles(t, out, in, w, first, width)
}

func (t *tile) micro(out, in, w []float32, width int) {
	switch width {
	case 32:
		t.micro32(out, in, w)
	case 16:
		t.micro16(out, in, w)
	default:
		t.micro8(out, in, w)
	}
}

// vec is the vector of the elementwise kernels.
type vec = archsimd.Float32x8

const lanes = 8

func load(v *[lanes]float32) vec      { return archsimd.LoadFloat32x8Array(v) }
func store(to *[lanes]float32, v vec) { v.StoreArray(to) }
func splat(x float32) vec             { return archsimd.BroadcastFloat32x8(x) }

func sumOf(v vec) float32 {
	four := v.GetLo().Add(v.GetHi())
	return (four.GetElem(0) + four.GetElem(1)) + (four.GetElem(2) + four.GetElem(3))
}

// power is 2^n, for the n in the low bits of a float32 (see roundShift).
func power(shifted vec) vec {
	n := shifted.ToBits().BitsToInt32().ShiftAllLeft(23)
	return n.Add(archsimd.BroadcastInt32x8(127 << 23)).ToBits().BitsToFloat32()
}
