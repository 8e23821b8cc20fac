//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// micro is tile.micro for multipliers side by side.
func (t *outerTile) micro(out, x, w []float32, _ int) {
	var a00, a01, a10, a11, a20, a21, a30, a31 archsimd.Float32x4
	if t.accumulate {
		o0 := (*[8]float32)(out[t.outAt[0]:])
		a00, a01 = archsimd.LoadFloat32x4Array((*[4]float32)(o0[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o0[4:]))
		o1 := (*[8]float32)(out[t.outAt[1]:])
		a10, a11 = archsimd.LoadFloat32x4Array((*[4]float32)(o1[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o1[4:]))
		o2 := (*[8]float32)(out[t.outAt[2]:])
		a20, a21 = archsimd.LoadFloat32x4Array((*[4]float32)(o2[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o2[4:]))
		o3 := (*[8]float32)(out[t.outAt[3]:])
		a30, a31 = archsimd.LoadFloat32x4Array((*[4]float32)(o3[0:])), archsimd.LoadFloat32x4Array((*[4]float32)(o3[4:]))
	}
	for r := range t.runs {
		rows := rows8(w, t.length)
		w = w[len(rows)*8:]
		at := r * t.stride
		for j := range rows {
			four := (*[4]float32)(x[at:])
			at += t.step
			row := &rows[j]
			w0 := archsimd.LoadFloat32x4Array((*[4]float32)(row[0:]))
			w1 := archsimd.LoadFloat32x4Array((*[4]float32)(row[4:]))
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
	s0 := (*[8]float32)(out[t.outAt[0]:])
	a00.StoreArray((*[4]float32)(s0[0:]))
	a01.StoreArray((*[4]float32)(s0[4:]))
	s1 := (*[8]float32)(out[t.outAt[1]:])
	a10.StoreArray((*[4]float32)(s1[0:]))
	a11.StoreArray((*[4]float32)(s1[4:]))
	s2 := (*[8]float32)(out[t.outAt[2]:])
	a20.StoreArray((*[4]float32)(s2[0:]))
	a21.StoreArray((*[4]float32)(s2[4:]))
	s3 := (*[8]float32)(out[t.outAt[3]:])
	a30.StoreArray((*[4]float32)(s3[0:]))
	a31.StoreArray((*[4]float32)(s3[4:]))
}
