//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// rows8 sees the first n·8 elements of w as rows of eight, as a conversion to a
// pointer to an array does for one row:
// checked once here, so that the loop over the rows need not check.
func rows8(w []float32, n int) [][8]float32 {
	w = w[:n*8]
	return unsafe.Slice((*[8]float32)(unsafe.Pointer(unsafe.SliceData(w))), n)
}
