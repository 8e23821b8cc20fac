//go:build goexperiment.simd

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// The micro-kernels touch nothing but their sums in their loops and call nothing:
// V8 holds the sums of a loop that can panic in memory. Their steps are functions,
// all inlined, because Go orders a block by the place in the source: in the function
// itself, the addresses and loads of the whole block would come first, and go
// through memory too.

// held is the block of weights that lines32 works with, [heldLength][32]. A load
// from a constant address is one instruction, one from a pointer and an offset is
// three, since Go does not fold the offsets of vector loads. There is one thread.
var held [heldLength * 32]float32

// heldLength is how many rows of weights are held at most; half as many will do.
const heldLength = 64

// lines32 is line.run for a panel of 32 whose weights are held, [length][32] with
// length heldLength or its half.
//
//go:nosplit
func lines32(out, in, start unsafe.Pointer, l line) {
	for ; l.pixels > 0; l.pixels-- {
		a0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 0)))
		a1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 16)))
		a2 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 32)))
		a3 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 48)))
		b0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 64)))
		b1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 80)))
		b2 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 96)))
		b3 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 112)))
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 0, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 0, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 1, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 1, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 2, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 2, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 3, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 3, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 4, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 4, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 5, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 5, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 6, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 6, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 7, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 7, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 8, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 8, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 9, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 9, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 10, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 10, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 11, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 11, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 12, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 12, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 13, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 13, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 14, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 14, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 15, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 15, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 16, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 16, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 17, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 17, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 18, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 18, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 19, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 19, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 20, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 20, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 21, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 21, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 22, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 22, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 23, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 23, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 24, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 24, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 25, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 25, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 26, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 26, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 27, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 27, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 28, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 28, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 29, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 29, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 30, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 30, 16)
		a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 31, 0)
		b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 31, 16)
		if l.length == heldLength {
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 32, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 32, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 33, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 33, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 34, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 34, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 35, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 35, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 36, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 36, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 37, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 37, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 38, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 38, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 39, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 39, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 40, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 40, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 41, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 41, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 42, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 42, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 43, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 43, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 44, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 44, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 45, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 45, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 46, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 46, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 47, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 47, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 48, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 48, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 49, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 49, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 50, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 50, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 51, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 51, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 52, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 52, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 53, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 53, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 54, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 54, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 55, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 55, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 56, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 56, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 57, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 57, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 58, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 58, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 59, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 59, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 60, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 60, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 61, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 61, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 62, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 62, 16)
			a0, a1, a2, a3 = addHeld(a0, a1, a2, a3, in, 63, 0)
			b0, b1, b2, b3 = addHeld(b0, b1, b2, b3, in, 63, 16)
		}
		a0.StoreArray((*[4]float32)(unsafe.Add(out, 0)))
		a1.StoreArray((*[4]float32)(unsafe.Add(out, 16)))
		a2.StoreArray((*[4]float32)(unsafe.Add(out, 32)))
		a3.StoreArray((*[4]float32)(unsafe.Add(out, 48)))
		b0.StoreArray((*[4]float32)(unsafe.Add(out, 64)))
		b1.StoreArray((*[4]float32)(unsafe.Add(out, 80)))
		b2.StoreArray((*[4]float32)(unsafe.Add(out, 96)))
		b3.StoreArray((*[4]float32)(unsafe.Add(out, 112)))
		out, in, start = unsafe.Add(out, l.outPix), unsafe.Add(in, l.inPix), unsafe.Add(start, l.startPix)
	}
}

// addHeld adds x[j] times held[j][o:o+16] to 16 sums.
func addHeld(a0, a1, a2, a3 vec, x unsafe.Pointer, j, o uintptr) (vec, vec, vec, vec) {
	v := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(x, 4*j)))
	w := (*[16]float32)(held[32*j+o:])
	a0 = a0.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(w[0:]))))
	a1 = a1.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(w[4:]))))
	a2 = a2.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(w[8:]))))
	a3 = a3.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(w[12:]))))
	return a0, a1, a2, a3
}

// any32 is line.run for a panel of 32.
//
//go:nosplit
func any32(out, in, w, start unsafe.Pointer, l line) {
	for ; l.pixels > 0; l.pixels-- {
		a0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 0)))
		a1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 16)))
		a2 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 32)))
		a3 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 48)))
		b0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 64)))
		b1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 80)))
		b2 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 96)))
		b3 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 112)))
		j := 0
		for ; j+8 <= l.length; j += 8 {
			x, w := unsafe.Add(in, 4*j), unsafe.Add(w, 4*32*j)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 0, 0)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 0, 64)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 1, 128)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 1, 192)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 2, 256)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 2, 320)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 3, 384)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 3, 448)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 4, 512)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 4, 576)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 5, 640)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 5, 704)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 6, 768)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 6, 832)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 7, 896)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 7, 960)
		}
		for ; j < l.length; j++ {
			x, w := unsafe.Add(in, 4*j), unsafe.Add(w, 4*32*j)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 0, 0)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, x, w, 0, 64)
		}
		a0.StoreArray((*[4]float32)(unsafe.Add(out, 0)))
		a1.StoreArray((*[4]float32)(unsafe.Add(out, 16)))
		a2.StoreArray((*[4]float32)(unsafe.Add(out, 32)))
		a3.StoreArray((*[4]float32)(unsafe.Add(out, 48)))
		b0.StoreArray((*[4]float32)(unsafe.Add(out, 64)))
		b1.StoreArray((*[4]float32)(unsafe.Add(out, 80)))
		b2.StoreArray((*[4]float32)(unsafe.Add(out, 96)))
		b3.StoreArray((*[4]float32)(unsafe.Add(out, 112)))
		out, in, start = unsafe.Add(out, l.outPix), unsafe.Add(in, l.inPix), unsafe.Add(start, l.startPix)
	}
}

// pairs16 is line.run for an even number of pixels and a panel of 16.
//
//go:nosplit
func pairs16(out, in, w, start unsafe.Pointer, l line) {
	for ; l.pixels > 0; l.pixels -= 2 {
		other := unsafe.Add(start, l.startPix)
		a0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 0)))
		a1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 16)))
		a2 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 32)))
		a3 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 48)))
		b0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 0)))
		b1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 16)))
		b2 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 32)))
		b3 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 48)))
		next := unsafe.Add(in, l.inPix)
		j := 0
		for ; j+8 <= l.length; j += 8 {
			x, y, w := unsafe.Add(in, 4*j), unsafe.Add(next, 4*j), unsafe.Add(w, 4*16*j)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 0, 0)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 0, 0)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 1, 64)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 1, 64)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 2, 128)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 2, 128)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 3, 192)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 3, 192)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 4, 256)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 4, 256)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 5, 320)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 5, 320)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 6, 384)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 6, 384)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 7, 448)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 7, 448)
		}
		for ; j < l.length; j++ {
			x, y, w := unsafe.Add(in, 4*j), unsafe.Add(next, 4*j), unsafe.Add(w, 4*16*j)
			a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, x, w, 0, 0)
			b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, y, w, 0, 0)
		}
		other = unsafe.Add(out, l.outPix)
		a0.StoreArray((*[4]float32)(unsafe.Add(out, 0)))
		a1.StoreArray((*[4]float32)(unsafe.Add(out, 16)))
		a2.StoreArray((*[4]float32)(unsafe.Add(out, 32)))
		a3.StoreArray((*[4]float32)(unsafe.Add(out, 48)))
		b0.StoreArray((*[4]float32)(unsafe.Add(other, 0)))
		b1.StoreArray((*[4]float32)(unsafe.Add(other, 16)))
		b2.StoreArray((*[4]float32)(unsafe.Add(other, 32)))
		b3.StoreArray((*[4]float32)(unsafe.Add(other, 48)))
		out, in, start = unsafe.Add(out, 2*l.outPix), unsafe.Add(in, 2*l.inPix), unsafe.Add(start, 2*l.startPix)
	}
}

// pairs8 is line.run for an even number of pixels and a panel of 8.
//
//go:nosplit
func pairs8(out, in, w, start unsafe.Pointer, l line) {
	for ; l.pixels > 0; l.pixels -= 2 {
		other := unsafe.Add(start, l.startPix)
		a0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 0)))
		a1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 16)))
		b0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 0)))
		b1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 16)))
		next := unsafe.Add(in, l.inPix)
		j := 0
		for ; j+8 <= l.length; j += 8 {
			x, y, w := unsafe.Add(in, 4*j), unsafe.Add(next, 4*j), unsafe.Add(w, 4*8*j)
			a0, a1 = addTimes8(a0, a1, x, w, 0, 0)
			b0, b1 = addTimes8(b0, b1, y, w, 0, 0)
			a0, a1 = addTimes8(a0, a1, x, w, 1, 32)
			b0, b1 = addTimes8(b0, b1, y, w, 1, 32)
			a0, a1 = addTimes8(a0, a1, x, w, 2, 64)
			b0, b1 = addTimes8(b0, b1, y, w, 2, 64)
			a0, a1 = addTimes8(a0, a1, x, w, 3, 96)
			b0, b1 = addTimes8(b0, b1, y, w, 3, 96)
			a0, a1 = addTimes8(a0, a1, x, w, 4, 128)
			b0, b1 = addTimes8(b0, b1, y, w, 4, 128)
			a0, a1 = addTimes8(a0, a1, x, w, 5, 160)
			b0, b1 = addTimes8(b0, b1, y, w, 5, 160)
			a0, a1 = addTimes8(a0, a1, x, w, 6, 192)
			b0, b1 = addTimes8(b0, b1, y, w, 6, 192)
			a0, a1 = addTimes8(a0, a1, x, w, 7, 224)
			b0, b1 = addTimes8(b0, b1, y, w, 7, 224)
		}
		for ; j < l.length; j++ {
			x, y, w := unsafe.Add(in, 4*j), unsafe.Add(next, 4*j), unsafe.Add(w, 4*8*j)
			a0, a1 = addTimes8(a0, a1, x, w, 0, 0)
			b0, b1 = addTimes8(b0, b1, y, w, 0, 0)
		}
		other = unsafe.Add(out, l.outPix)
		a0.StoreArray((*[4]float32)(unsafe.Add(out, 0)))
		a1.StoreArray((*[4]float32)(unsafe.Add(out, 16)))
		b0.StoreArray((*[4]float32)(unsafe.Add(other, 0)))
		b1.StoreArray((*[4]float32)(unsafe.Add(other, 16)))
		out, in, start = unsafe.Add(out, 2*l.outPix), unsafe.Add(in, 2*l.inPix), unsafe.Add(start, 2*l.startPix)
	}
}

// addTimes16 adds x[j] times the 16 weights that lie `at` bytes from w to 16 sums.
func addTimes16(a0, a1, a2, a3 vec, x, w unsafe.Pointer, j, at uintptr) (vec, vec, vec, vec) {
	v := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(x, 4*j)))
	a0 = a0.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, at)))))
	a1 = a1.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, at+16)))))
	a2 = a2.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, at+32)))))
	a3 = a3.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, at+48)))))
	return a0, a1, a2, a3
}

// addTimes8 adds x[j] times the 8 weights that lie `at` bytes from w to 8 sums.
func addTimes8(a0, a1 vec, x, w unsafe.Pointer, j, at uintptr) (vec, vec) {
	v := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(x, 4*j)))
	a0 = a0.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, at)))))
	a1 = a1.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, at+16)))))
	return a0, a1
}
