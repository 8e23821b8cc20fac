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
type (
	vec    = archsimd.Float32x4
	vecInt = archsimd.Int32x4
)

const lanes = 4

func load(s []float32) vec     { return archsimd.LoadFloat32x4Array((*[lanes]float32)(s)) }
func store(s []float32, v vec) { v.StoreArray((*[lanes]float32)(s)) }
func splat(x float32) vec      { return archsimd.BroadcastFloat32x4(x) }
func splatInt(x int32) vecInt  { return archsimd.BroadcastInt32x4(x) }
