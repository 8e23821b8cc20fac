//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// micro16 is the tile of 4 pixels × 16 channels in AVX2 (see micro32).
func (t *tile) micro16(out, in, w []float32) {
	var a00, a01, a10, a11, a20, a21, a30, a31 archsimd.Float32x8
	if t.accumulate {
		o0 := (*[16]float32)(out[t.outAt[0]:])
		a00, a01 = archsimd.LoadFloat32x8Array((*[8]float32)(o0[0:])), archsimd.LoadFloat32x8Array((*[8]float32)(o0[8:]))
		o1 := (*[16]float32)(out[t.outAt[1]:])
		a10, a11 = archsimd.LoadFloat32x8Array((*[8]float32)(o1[0:])), archsimd.LoadFloat32x8Array((*[8]float32)(o1[8:]))
		o2 := (*[16]float32)(out[t.outAt[2]:])
		a20, a21 = archsimd.LoadFloat32x8Array((*[8]float32)(o2[0:])), archsimd.LoadFloat32x8Array((*[8]float32)(o2[8:]))
		o3 := (*[16]float32)(out[t.outAt[3]:])
		a30, a31 = archsimd.LoadFloat32x8Array((*[8]float32)(o3[0:])), archsimd.LoadFloat32x8Array((*[8]float32)(o3[8:]))
	} else {
		b0 := archsimd.LoadFloat32x8Array((*[8]float32)(t.bias[0:]))
		a00, a10, a20, a30 = b0, b0, b0, b0
		b1 := archsimd.LoadFloat32x8Array((*[8]float32)(t.bias[8:]))
		a01, a11, a21, a31 = b1, b1, b1, b1
	}
	for r := range t.runs {
		rows := rows16(w, t.length)
		w = w[len(rows)*16:]
		at := r * t.stride
		x0 := in[at+t.inAt[0]:][:len(rows)]
		x1 := in[at+t.inAt[1]:][:len(rows)]
		x2 := in[at+t.inAt[2]:][:len(rows)]
		x3 := in[at+t.inAt[3]:][:len(rows)]
		for j := range rows {
			row := &rows[j]
			w0 := archsimd.LoadFloat32x8Array((*[8]float32)(row[0:]))
			w1 := archsimd.LoadFloat32x8Array((*[8]float32)(row[8:]))
			v0 := archsimd.BroadcastFloat32x8(x0[j])
			a00 = w0.MulAdd(v0, a00)
			a01 = w1.MulAdd(v0, a01)
			v1 := archsimd.BroadcastFloat32x8(x1[j])
			a10 = w0.MulAdd(v1, a10)
			a11 = w1.MulAdd(v1, a11)
			v2 := archsimd.BroadcastFloat32x8(x2[j])
			a20 = w0.MulAdd(v2, a20)
			a21 = w1.MulAdd(v2, a21)
			v3 := archsimd.BroadcastFloat32x8(x3[j])
			a30 = w0.MulAdd(v3, a30)
			a31 = w1.MulAdd(v3, a31)
		}
	}
	s0 := (*[16]float32)(out[t.outAt[0]:])
	a00.StoreArray((*[8]float32)(s0[0:]))
	a01.StoreArray((*[8]float32)(s0[8:]))
	s1 := (*[16]float32)(out[t.outAt[1]:])
	a10.StoreArray((*[8]float32)(s1[0:]))
	a11.StoreArray((*[8]float32)(s1[8:]))
	s2 := (*[16]float32)(out[t.outAt[2]:])
	a20.StoreArray((*[8]float32)(s2[0:]))
	a21.StoreArray((*[8]float32)(s2[8:]))
	s3 := (*[16]float32)(out[t.outAt[3]:])
	a30.StoreArray((*[8]float32)(s3[0:]))
	a31.StoreArray((*[8]float32)(s3[8:]))
}

// micro8 is the tile of 4 pixels × 8 channels in AVX2, for what does not fill 16.
func (t *tile) micro8(out, in, w []float32) {
	var a00, a10, a20, a30 archsimd.Float32x8
	if t.accumulate {
		o0 := (*[8]float32)(out[t.outAt[0]:])
		a00 = archsimd.LoadFloat32x8Array((*[8]float32)(o0[0:]))
		o1 := (*[8]float32)(out[t.outAt[1]:])
		a10 = archsimd.LoadFloat32x8Array((*[8]float32)(o1[0:]))
		o2 := (*[8]float32)(out[t.outAt[2]:])
		a20 = archsimd.LoadFloat32x8Array((*[8]float32)(o2[0:]))
		o3 := (*[8]float32)(out[t.outAt[3]:])
		a30 = archsimd.LoadFloat32x8Array((*[8]float32)(o3[0:]))
	} else {
		b0 := archsimd.LoadFloat32x8Array((*[8]float32)(t.bias[0:]))
		a00, a10, a20, a30 = b0, b0, b0, b0
	}
	for r := range t.runs {
		rows := rows8(w, t.length)
		w = w[len(rows)*8:]
		at := r * t.stride
		x0 := in[at+t.inAt[0]:][:len(rows)]
		x1 := in[at+t.inAt[1]:][:len(rows)]
		x2 := in[at+t.inAt[2]:][:len(rows)]
		x3 := in[at+t.inAt[3]:][:len(rows)]
		for j := range rows {
			row := &rows[j]
			w0 := archsimd.LoadFloat32x8Array((*[8]float32)(row[0:]))
			v0 := archsimd.BroadcastFloat32x8(x0[j])
			a00 = w0.MulAdd(v0, a00)
			v1 := archsimd.BroadcastFloat32x8(x1[j])
			a10 = w0.MulAdd(v1, a10)
			v2 := archsimd.BroadcastFloat32x8(x2[j])
			a20 = w0.MulAdd(v2, a20)
			v3 := archsimd.BroadcastFloat32x8(x3[j])
			a30 = w0.MulAdd(v3, a30)
		}
	}
	s0 := (*[8]float32)(out[t.outAt[0]:])
	a00.StoreArray((*[8]float32)(s0[0:]))
	s1 := (*[8]float32)(out[t.outAt[1]:])
	a10.StoreArray((*[8]float32)(s1[0:]))
	s2 := (*[8]float32)(out[t.outAt[2]:])
	a20.StoreArray((*[8]float32)(s2[0:]))
	s3 := (*[8]float32)(out[t.outAt[3]:])
	a30.StoreArray((*[8]float32)(s3[0:]))
}
