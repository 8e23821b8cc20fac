//go:build goexperiment.simd

package kernel

import "simd/archsimd"

func form() string { return "simd128" }

// vector says whether there are vectors at all: a module with SIMD does not load
// without them.
func vector() bool { return true }

// panelMax is the width of the widest micro-kernel.
func panelMax() int { return Panel }

// vec is the vector of the elementwise kernels.
type vec = archsimd.Float32x4

const lanes = 4

func load(s []float32) vec     { return archsimd.LoadFloat32x4Array((*[lanes]float32)(s)) }
func store(s []float32, v vec) { v.StoreArray((*[lanes]float32)(s)) }
func splat(x float32) vec      { return archsimd.BroadcastFloat32x4(x) }

// clamp is v, kept between low and high. WebAssembly's min and max, which mind
// NaN and the sign of zero, take half a dozen instructions each.
func clamp(v, low, high vec) vec {
	v = low.IfElse(v.Less(low), v)
	return high.IfElse(v.Greater(high), v)
}

// power is 2^n, for the n in the low bits of a float32 (see roundShift).
func power(shifted vec) vec {
	n := shifted.ToBits().BitsToInt32().ShiftAllLeft(23)
	return n.Add(archsimd.BroadcastInt32x4(127 << 23)).ToBits().BitsToFloat32()
}
