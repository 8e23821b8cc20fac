//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// micro does a panel as strips of eight channels.
func (t *outerTile) micro(out, x, w []float32, width int) {
	for first := 0; first < width; first += 8 {
		t.micro8(out[first:], x, w[first:], width)
	}
}

// micro8 does a strip of rows `row` elements apart.
func (t *outerTile) micro8(out, x, w []float32, row int) {
	var a00, a01, a10, a11, a20, a21, a30, a31 archsimd.Float32x4
	o0, o1 := (*[8]float32)(out[t.outAt[0]:]), (*[8]float32)(out[t.outAt[1]:])
	o2, o3 := (*[8]float32)(out[t.outAt[2]:]), (*[8]float32)(out[t.outAt[3]:])
	if t.accumulate {
		a00, a01 = archsimd.LoadFloat32x4Array((*[4]float32)(o0[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o0[4:]))
		a10, a11 = archsimd.LoadFloat32x4Array((*[4]float32)(o1[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o1[4:]))
		a20, a21 = archsimd.LoadFloat32x4Array((*[4]float32)(o2[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o2[4:]))
		a30, a31 = archsimd.LoadFloat32x4Array((*[4]float32)(o3[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o3[4:]))
	}
	j := 0
	for r := range t.runs {
		at := r * t.stride
		for range t.length {
			four, eight := (*[4]float32)(x[at:]), (*[8]float32)(w[j:])
			at += t.step
			j += row
			w0 := archsimd.LoadFloat32x4Array((*[4]float32)(eight[0:]))
			w1 := archsimd.LoadFloat32x4Array((*[4]float32)(eight[4:]))
			v0 := archsimd.BroadcastFloat32x4(four[0])
			a00 = w0.MulAdd(v0, a00)
			a01 = w1.MulAdd(v0, a01)
			v1 := archsimd.BroadcastFloat32x4(four[1])
			a10 = w0.MulAdd(v1, a10)
			a11 = w1.MulAdd(v1, a11)
			v2 := archsimd.BroadcastFloat32x4(four[2])
			a20 = w0.MulAdd(v2, a20)
			a21 = w1.MulAdd(v2, a21)
			v3 := archsimd.BroadcastFloat32x4(four[3])
			a30 = w0.MulAdd(v3, a30)
			a31 = w1.MulAdd(v3, a31)
		}
	}
	a00.StoreArray((*[4]float32)(o0[0:]))
	a01.StoreArray((*[4]float32)(o0[4:]))
	a10.StoreArray((*[4]float32)(o1[0:]))
	a11.StoreArray((*[4]float32)(o1[4:]))
	a20.StoreArray((*[4]float32)(o2[0:]))
	a21.StoreArray((*[4]float32)(o2[4:]))
	a30.StoreArray((*[4]float32)(o3[0:]))
	a31.StoreArray((*[4]float32)(o3[4:]))
}
