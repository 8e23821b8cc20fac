//go:build goexperiment.simd

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// pairs16 is line.run for an even number of pixels, at least two, and a panel of 16.
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
		x, row := in, w
		for range l.runs {
			y := unsafe.Add(x, l.inPix)
			j := 0
			for ; j+16 <= l.length; j += 16 {
				w, x, y := unsafe.Add(row, 4*16*j), unsafe.Add(x, 4*j), unsafe.Add(y, 4*j)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 0)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 0)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 1)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 1)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 2)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 2)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 3)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 3)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 4)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 4)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 5)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 5)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 6)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 6)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 7)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 7)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 8)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 8)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 9)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 9)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 10)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 10)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 11)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 11)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 12)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 12)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 13)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 13)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 14)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 14)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 15)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 15)
			}
			for ; j < l.length; j++ {
				w, x, y := unsafe.Add(row, 4*16*j), unsafe.Add(x, 4*j), unsafe.Add(y, 4*j)
				a0, a1, a2, a3 = addTimes16(a0, a1, a2, a3, w, x, 0)
				b0, b1, b2, b3 = addTimes16(b0, b1, b2, b3, w, y, 0)
			}
			x, row = unsafe.Add(x, l.inRow), unsafe.Add(row, 4*16*l.length)
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
		in, out, start = unsafe.Add(in, 2*l.inPix), unsafe.Add(out, 2*l.outPix), unsafe.Add(start, 2*l.startPix)
	}
}

// addTimes16 adds w[u] times x[u] to 16 sums.
func addTimes16(a0, a1, a2, a3 vec, w, x unsafe.Pointer, u uintptr) (vec, vec, vec, vec) {
	v := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(x, 4*u)))
	a0 = a0.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, 64*u)))))
	a1 = a1.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, 64*u+16)))))
	a2 = a2.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, 64*u+32)))))
	a3 = a3.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, 64*u+48)))))
	return a0, a1, a2, a3
}

// pairs8 is line.run for an even number of pixels, at least two, and a panel of 8.
//
//go:nosplit
func pairs8(out, in, w, start unsafe.Pointer, l line) {
	for ; l.pixels > 0; l.pixels -= 2 {
		other := unsafe.Add(start, l.startPix)
		a0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 0)))
		a1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(start, 16)))
		b0 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 0)))
		b1 := archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(other, 16)))
		x, row := in, w
		for range l.runs {
			y := unsafe.Add(x, l.inPix)
			j := 0
			for ; j+16 <= l.length; j += 16 {
				w, x, y := unsafe.Add(row, 4*8*j), unsafe.Add(x, 4*j), unsafe.Add(y, 4*j)
				a0, a1 = addTimes8(a0, a1, w, x, 0)
				b0, b1 = addTimes8(b0, b1, w, y, 0)
				a0, a1 = addTimes8(a0, a1, w, x, 1)
				b0, b1 = addTimes8(b0, b1, w, y, 1)
				a0, a1 = addTimes8(a0, a1, w, x, 2)
				b0, b1 = addTimes8(b0, b1, w, y, 2)
				a0, a1 = addTimes8(a0, a1, w, x, 3)
				b0, b1 = addTimes8(b0, b1, w, y, 3)
				a0, a1 = addTimes8(a0, a1, w, x, 4)
				b0, b1 = addTimes8(b0, b1, w, y, 4)
				a0, a1 = addTimes8(a0, a1, w, x, 5)
				b0, b1 = addTimes8(b0, b1, w, y, 5)
				a0, a1 = addTimes8(a0, a1, w, x, 6)
				b0, b1 = addTimes8(b0, b1, w, y, 6)
				a0, a1 = addTimes8(a0, a1, w, x, 7)
				b0, b1 = addTimes8(b0, b1, w, y, 7)
				a0, a1 = addTimes8(a0, a1, w, x, 8)
				b0, b1 = addTimes8(b0, b1, w, y, 8)
				a0, a1 = addTimes8(a0, a1, w, x, 9)
				b0, b1 = addTimes8(b0, b1, w, y, 9)
				a0, a1 = addTimes8(a0, a1, w, x, 10)
				b0, b1 = addTimes8(b0, b1, w, y, 10)
				a0, a1 = addTimes8(a0, a1, w, x, 11)
				b0, b1 = addTimes8(b0, b1, w, y, 11)
				a0, a1 = addTimes8(a0, a1, w, x, 12)
				b0, b1 = addTimes8(b0, b1, w, y, 12)
				a0, a1 = addTimes8(a0, a1, w, x, 13)
				b0, b1 = addTimes8(b0, b1, w, y, 13)
				a0, a1 = addTimes8(a0, a1, w, x, 14)
				b0, b1 = addTimes8(b0, b1, w, y, 14)
				a0, a1 = addTimes8(a0, a1, w, x, 15)
				b0, b1 = addTimes8(b0, b1, w, y, 15)
			}
			for ; j < l.length; j++ {
				w, x, y := unsafe.Add(row, 4*8*j), unsafe.Add(x, 4*j), unsafe.Add(y, 4*j)
				a0, a1 = addTimes8(a0, a1, w, x, 0)
				b0, b1 = addTimes8(b0, b1, w, y, 0)
			}
			x, row = unsafe.Add(x, l.inRow), unsafe.Add(row, 4*8*l.length)
		}
		other = unsafe.Add(out, l.outPix)
		a0.StoreArray((*[4]float32)(unsafe.Add(out, 0)))
		a1.StoreArray((*[4]float32)(unsafe.Add(out, 16)))
		b0.StoreArray((*[4]float32)(unsafe.Add(other, 0)))
		b1.StoreArray((*[4]float32)(unsafe.Add(other, 16)))
		in, out, start = unsafe.Add(in, 2*l.inPix), unsafe.Add(out, 2*l.outPix), unsafe.Add(start, 2*l.startPix)
	}
}

// addTimes8 adds w[u] times x[u] to 8 sums.
func addTimes8(a0, a1 vec, w, x unsafe.Pointer, u uintptr) (vec, vec) {
	v := archsimd.BroadcastFloat32x4(*(*float32)(unsafe.Add(x, 4*u)))
	a0 = a0.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, 32*u)))))
	a1 = a1.Add(v.Mul(archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(w, 32*u+16)))))
	return a0, a1
}
