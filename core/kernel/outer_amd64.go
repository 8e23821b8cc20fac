//go:build goexperiment.simd

package kernel

import "simd/archsimd"

func (t *outerTile) micro(out, x, w []float32, width int) {
	switch width {
	case 32:
		t.micro32(out, x, w)
	case 16:
		t.micro16(out, x, w)
	default:
		t.micro8(out, x, w)
	}
}

// micro32 is tile.micro32 for multipliers side by side.
func (t *outerTile) micro32(out, x, w []float32) {
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
	}
	for r := range t.runs {
		rows := rows32(w, t.length)
		w = w[len(rows)*32:]
		at := r * t.stride
		for j := range rows {
			four := (*[4]float32)(x[at:])
			at += t.step
			row := &rows[j]
			w0 := archsimd.LoadFloat32x16Array((*[16]float32)(row[0:]))
			w1 := archsimd.LoadFloat32x16Array((*[16]float32)(row[16:]))
			v0 := archsimd.BroadcastFloat32x16(four[0])
			a00 = w0.MulAdd(v0, a00)
			a01 = w1.MulAdd(v0, a01)
			v1 := archsimd.BroadcastFloat32x16(four[1])
			a10 = w0.MulAdd(v1, a10)
			a11 = w1.MulAdd(v1, a11)
			v2 := archsimd.BroadcastFloat32x16(four[2])
			a20 = w0.MulAdd(v2, a20)
			a21 = w1.MulAdd(v2, a21)
			v3 := archsimd.BroadcastFloat32x16(four[3])
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

// micro16 is the same in AVX2.
func (t *outerTile) micro16(out, x, w []float32) {
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
	}
	for r := range t.runs {
		rows := rows16(w, t.length)
		w = w[len(rows)*16:]
		at := r * t.stride
		for j := range rows {
			four := (*[4]float32)(x[at:])
			at += t.step
			row := &rows[j]
			w0 := archsimd.LoadFloat32x8Array((*[8]float32)(row[0:]))
			w1 := archsimd.LoadFloat32x8Array((*[8]float32)(row[8:]))
			v0 := archsimd.BroadcastFloat32x8(four[0])
			a00 = w0.MulAdd(v0, a00)
			a01 = w1.MulAdd(v0, a01)
			v1 := archsimd.BroadcastFloat32x8(four[1])
			a10 = w0.MulAdd(v1, a10)
			a11 = w1.MulAdd(v1, a11)
			v2 := archsimd.BroadcastFloat32x8(four[2])
			a20 = w0.MulAdd(v2, a20)
			a21 = w1.MulAdd(v2, a21)
			v3 := archsimd.BroadcastFloat32x8(four[3])
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

// micro8 is the same for the last eight channels.
func (t *outerTile) micro8(out, x, w []float32) {
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
	}
	for r := range t.runs {
		rows := rows8(w, t.length)
		w = w[len(rows)*8:]
		at := r * t.stride
		for j := range rows {
			four := (*[4]float32)(x[at:])
			at += t.step
			row := &rows[j]
			w0 := archsimd.LoadFloat32x8Array((*[8]float32)(row[0:]))
			v0 := archsimd.BroadcastFloat32x8(four[0])
			a00 = w0.MulAdd(v0, a00)
			v1 := archsimd.BroadcastFloat32x8(four[1])
			a10 = w0.MulAdd(v1, a10)
			v2 := archsimd.BroadcastFloat32x8(four[2])
			a20 = w0.MulAdd(v2, a20)
			v3 := archsimd.BroadcastFloat32x8(four[3])
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
