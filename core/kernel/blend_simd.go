//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

func blend(dst, x, y []float32, a, b float32) {
	if !vector() {
		blendGeneric(dst, x, y, a, b)
		return
	}
	n, av, bv := whole(len(dst)), splat(a), splat(b)
	d := vecs(dst[:n])
	xv, yv := vecs(x)[:len(d)], vecs(y)[:len(d)]
	for i := range d {
		store(&d[i], load(&xv[i]).Mul(av).Add(load(&yv[i]).Mul(bv)))
	}
	blendGeneric(dst[n:], x[n:], y[n:], a, b)
}

// blendRGBA takes four pixels at a time: three vectors of values r g b r, g b r g,
// b r g b, whose levels are put into the first, second and third byte of each
// lane of one vector, where a permutation finds them.
func blendRGBA(dst []byte, x, y []float32, a, b float32) {
	if vector() {
		n := len(dst) / 16
		xv, yv := rows12(x, n), rows12(y, n)
		d := unsafe.Slice((*[16]uint8)(unsafe.Pointer(unsafe.SliceData(dst))), n)
		av, bv := archsimd.BroadcastFloat32x4(a), archsimd.BroadcastFloat32x4(b)
		one, halves := archsimd.BroadcastFloat32x4(1), archsimd.BroadcastFloat32x4(levelHalves)
		order := archsimd.LoadInt8x16Array(&rgbaOrder)
		alpha := archsimd.BroadcastUint32x4(0xFF000000).ReshapeToUint8s()
		for i := range d {
			p, q := &xv[i], &yv[i]
			v0 := load4(p, 0).Mul(av).Add(load4(q, 0).Mul(bv)).Add(one).Mul(halves)
			v1 := load4(p, 4).Mul(av).Add(load4(q, 4).Mul(bv)).Add(one).Mul(halves)
			v2 := load4(p, 8).Mul(av).Add(load4(q, 8).Mul(bv)).Add(one).Mul(halves)
			packed := toLevels(v0).Or(toLevels(v1).ShiftAllLeft(8)).Or(toLevels(v2).ShiftAllLeft(16))
			permute(packed.ReshapeToUint8s(), order).Or(alpha).StoreArray(&d[i])
		}
		dst, x, y = dst[16*n:], x[12*n:], y[12*n:]
	}
	blendRGBAGeneric(dst, x, y, a, b)
}

// rgbaOrder is where in the vector of blendRGBA each byte of four pixels is: value
// i of the twelve in lane i%4, byte i/4. Alpha is nowhere.
var rgbaOrder = [16]int8{0, 4, 8, -1, 12, 1, 5, -1, 9, 13, 2, -1, 6, 10, 14, -1}

// rows12 sees the first n·12 elements of x as rows of twelve.
func rows12(x []float32, n int) [][12]float32 {
	x = x[:n*12]
	return unsafe.Slice((*[12]float32)(unsafe.Pointer(unsafe.SliceData(x))), n)
}

// load4 is a vector of four of a row, from a constant place on.
func load4(row *[12]float32, from int) archsimd.Float32x4 {
	return archsimd.LoadFloat32x4Array((*[4]float32)(row[from : from+4]))
}
