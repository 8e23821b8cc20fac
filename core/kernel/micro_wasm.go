//go:build goexperiment.simd

package kernel

import "simd/archsimd"

// micro is the tile of 4 pixels × 8 channels.
func (t *tile) micro(out, in, w []float32, _ int) {
	var a00, a01, a10, a11, a20, a21, a30, a31 archsimd.Float32x4
	if t.accumulate {
		o0 := (*[8]float32)(out[t.outAt[0]:])
		o1 := (*[8]float32)(out[t.outAt[1]:])
		o2 := (*[8]float32)(out[t.outAt[2]:])
		o3 := (*[8]float32)(out[t.outAt[3]:])
		a00, a01 = load(o0[:4]), load(o0[4:])
		a10, a11 = load(o1[:4]), load(o1[4:])
		a20, a21 = load(o2[:4]), load(o2[4:])
		a30, a31 = load(o3[:4]), load(o3[4:])
	} else {
		b0, b1 := load(t.bias[:4]), load(t.bias[4:])
		a00, a10, a20, a30 = b0, b0, b0, b0
		a01, a11, a21, a31 = b1, b1, b1, b1
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
			w0, w1 := load(row[:4]), load(row[4:])
			v := splat(x0[j])
			a00, a01 = w0.MulAdd(v, a00), w1.MulAdd(v, a01)
			v = splat(x1[j])
			a10, a11 = w0.MulAdd(v, a10), w1.MulAdd(v, a11)
			v = splat(x2[j])
			a20, a21 = w0.MulAdd(v, a20), w1.MulAdd(v, a21)
			v = splat(x3[j])
			a30, a31 = w0.MulAdd(v, a30), w1.MulAdd(v, a31)
		}
	}
	s0 := (*[8]float32)(out[t.outAt[0]:])
	s1 := (*[8]float32)(out[t.outAt[1]:])
	s2 := (*[8]float32)(out[t.outAt[2]:])
	s3 := (*[8]float32)(out[t.outAt[3]:])
	store(s0[:4], a00)
	store(s0[4:], a01)
	store(s1[:4], a10)
	store(s1[4:], a11)
	store(s2[:4], a20)
	store(s2[4:], a21)
	store(s3[:4], a30)
	store(s3[4:], a31)
}
