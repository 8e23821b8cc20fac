//go:build goexperiment.simd

package kernel

import "simd/archsimd"

func form() string { return "simd128" }

// vector says whether there are vectors at all: a module with SIMD does not load
// without them.
func vector() bool { return true }

// panelMax is the width of the widest micro-kernel.
func panelMax() int { return maxPanel }

// stripFloats bounds the transformed squares of Winograd that are held at once. Each
// strip reads all the weights again, into a place of its own (see line.run), which
// costs more here than squares that come from the outer cache.
const stripFloats = 1 << 20

// vec is the vector of the elementwise kernels.
type vec = archsimd.Float32x4

const lanes = 4

func load(v *[lanes]float32) vec      { return archsimd.LoadFloat32x4Array(v) }
func store(to *[lanes]float32, v vec) { v.StoreArray(to) }
func splat(x float32) vec             { return archsimd.BroadcastFloat32x4(x) }

func sumOf(v vec) float32 { return (v.GetElem(0) + v.GetElem(1)) + (v.GetElem(2) + v.GetElem(3)) }

// power is 2^n, for the n in the low bits of a float32 (see roundShift).
func power(shifted vec) vec {
	n := shifted.ToBits().BitsToInt32().ShiftAllLeft(23)
	return n.Add(archsimd.BroadcastInt32x4(127 << 23)).ToBits().BitsToFloat32()
}

// There are no wider vectors than these.
func wide(int) bool                             { return false }
func affineSiLU512(_, _, _, _ []float32)        {}
func affineSiLUGrad512(_, _, _, _, _ []float32) {}
