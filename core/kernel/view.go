//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// Views of a slice as rows of a fixed width, as a conversion to a pointer to an
// array is of its first. The length is checked once, here, so that a loop over the
// rows need not check.

// vecs sees x as vectors, as many as are whole.
func vecs(x []float32) [][lanes]float32 {
	return unsafe.Slice((*[lanes]float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x)/lanes)
}
