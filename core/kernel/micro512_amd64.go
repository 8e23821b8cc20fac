//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// micro32 is the tile of 4 pixels × 32 channels in AVX-512: eight accumulators.
// The weights are MulAdd's receiver, which the compiler overwrites, and the loop
// is not unrolled: both keep it from spilling.
func (t *tile) micro32(out, in, w []float32) {
	var a00, a01, a10, a11, a20, a21, a30, a31 archsimd.Float32x16
	if t.accumulate {
		o0 := (*[32]float32)(out[t.outAt[0]:])
		a00, a01 = archsimd.LoadFloat32x16Array((*[16]float32)(o0[0:])), archsimd.LoadFloat32x16Array((*[16]float32)(o0[16:]))
		o1 := (*[32]float32)(out[t.outAt[1]:])
		a10, a11 = archsimd.LoadFloat32x16Array((*[16]float32)(o1[0:])), archsimd.LoadFloat32x16Array((*[16]float32)(o1[16:]))
		o2 := (*[32]float32)(out[t.outAt[2]:])
		a20, a21 = archsimd.LoadFloat32x16Array((*[16]float32)(o2[0:])), archsimd.LoadFloat32x16Array((*[16]float32)(o2[16:]))
		o3 := (*[32]float32)(out[t.outAt[3]:])
		a30, a31 = archsimd.LoadFloat32x16Array((*[16]float32)(o3[0:])), archsimd.LoadFloat32x16Array((*[16]float32)(o3[16:]))
	} else {
		b0 := archsimd.LoadFloat32x16Array((*[16]float32)(t.bias[0:]))
		a00, a10, a20, a30 = b0, b0, b0, b0
		b1 := archsimd.LoadFloat32x16Array((*[16]float32)(t.bias[16:]))
		a01, a11, a21, a31 = b1, b1, b1, b1
	}
	for r := range t.runs {
		rows := rows32(w, t.length)
		w = w[len(rows)*32:]
		at := r * t.stride
		x0 := in[at+t.inAt[0]:][:len(rows)]
		x1 := in[at+t.inAt[1]:][:len(rows)]
		x2 := in[at+t.inAt[2]:][:len(rows)]
		x3 := in[at+t.inAt[3]:][:len(rows)]
		for j := range rows {
			row := &rows[j]
			w0 := archsimd.LoadFloat32x16Array((*[16]float32)(row[0:]))
			w1 := archsimd.LoadFloat32x16Array((*[16]float32)(row[16:]))
			v0 := archsimd.BroadcastFloat32x16(x0[j])
			a00 = w0.MulAdd(v0, a00)
			a01 = w1.MulAdd(v0, a01)
			v1 := archsimd.BroadcastFloat32x16(x1[j])
			a10 = w0.MulAdd(v1, a10)
			a11 = w1.MulAdd(v1, a11)
			v2 := archsimd.BroadcastFloat32x16(x2[j])
			a20 = w0.MulAdd(v2, a20)
			a21 = w1.MulAdd(v2, a21)
			v3 := archsimd.BroadcastFloat32x16(x3[j])
			a30 = w0.MulAdd(v3, a30)
			a31 = w1.MulAdd(v3, a31)
		}
	}
	s0 := (*[32]float32)(out[t.outAt[0]:])
	a00.StoreArray((*[16]float32)(s0[0:]))
	a01.StoreArray((*[16]float32)(s0[16:]))
	s1 := (*[32]float32)(out[t.outAt[1]:])
	a10.StoreArray((*[16]float32)(s1[0:]))
	a11.StoreArray((*[16]float32)(s1[16:]))
	s2 := (*[32]float32)(out[t.outAt[2]:])
	a20.StoreArray((*[16]float32)(s2[0:]))
	a21.StoreArray((*[16]float32)(s2[16:]))
	s3 := (*[32]float32)(out[t.outAt[3]:])
	a30.StoreArray((*[16]float32)(s3[0:]))
	a31.StoreArray((*[16]float32)(s3[16:]))
}
