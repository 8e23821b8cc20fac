//go:build goexperiment.simd

package kernel

import "unsafe"

// rows8 sees the first n·8 elements of w as rows of eight.
func rows8(w []float32, n int) [][8]float32 {
	w = w[:n*8]
	return unsafe.Slice((*[8]float32)(unsafe.Pointer(unsafe.SliceData(w))), n)
}

// rows16 is rows8 for rows of 16.
func rows16(w []float32, n int) [][16]float32 {
	w = w[:n*16]
	return unsafe.Slice((*[16]float32)(unsafe.Pointer(unsafe.SliceData(w))), n)
}

// rows32 is rows8 for rows of 32.
func rows32(w []float32, n int) [][32]float32 {
	w = w[:n*32]
	return unsafe.Slice((*[32]float32)(unsafe.Pointer(unsafe.SliceData(w))), n)
}
