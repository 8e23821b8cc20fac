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
		a00, a01 = load((*[4]float32)(o0[:4])), load((*[4]float32)(o0[4:]))
		a10, a11 = load((*[4]float32)(o1[:4])), load((*[4]float32)(o1[4:]))
		a20, a21 = load((*[4]float32)(o2[:4])), load((*[4]float32)(o2[4:]))
		a30, a31 = load((*[4]float32)(o3[:4])), load((*[4]float32)(o3[4:]))
	} else {
		b0, b1 := load((*[4]float32)(t.bias[:4])), load((*[4]float32)(t.bias[4:]))
		a00, a10, a20, a30 = b0, b0, b0, b0
		a01, a11, a21, a31 = b1, b1, b1, b1
	}
	for r := range t.runs {
		at := r * t.stride
		x0 := in[at+t.inAt[0]:][:t.length]
		x1 := in[at+t.inAt[1]:][:t.length]
		x2 := in[at+t.inAt[2]:][:t.length]
		x3 := in[at+t.inAt[3]:][:t.length]
		j := 0
		for ; j+8 <= len(x0); j += 8 {
			b := (*[64]float32)(w[j*8:])
			y0 := (*[8]float32)(x0[j:])
			y1 := (*[8]float32)(x1[j:])
			y2 := (*[8]float32)(x2[j:])
			y3 := (*[8]float32)(x3[j:])
			w0, w1 := load((*[4]float32)(b[0:])), load((*[4]float32)(b[4:]))
			v := splat(y0[0])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[0])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[0])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[0])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
			w0, w1 = load((*[4]float32)(b[8:])), load((*[4]float32)(b[12:]))
			v = splat(y0[1])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[1])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[1])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[1])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
			w0, w1 = load((*[4]float32)(b[16:])), load((*[4]float32)(b[20:]))
			v = splat(y0[2])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[2])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[2])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[2])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
			w0, w1 = load((*[4]float32)(b[24:])), load((*[4]float32)(b[28:]))
			v = splat(y0[3])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[3])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[3])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[3])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
			w0, w1 = load((*[4]float32)(b[32:])), load((*[4]float32)(b[36:]))
			v = splat(y0[4])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[4])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[4])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[4])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
			w0, w1 = load((*[4]float32)(b[40:])), load((*[4]float32)(b[44:]))
			v = splat(y0[5])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[5])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[5])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[5])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
			w0, w1 = load((*[4]float32)(b[48:])), load((*[4]float32)(b[52:]))
			v = splat(y0[6])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[6])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[6])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[6])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
			w0, w1 = load((*[4]float32)(b[56:])), load((*[4]float32)(b[60:]))
			v = splat(y0[7])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(y1[7])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(y2[7])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(y3[7])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
		}
		for ; j < len(x0); j++ {
			b := (*[8]float32)(w[j*8:])
			w0, w1 := load((*[4]float32)(b[:4])), load((*[4]float32)(b[4:]))
			v := splat(x0[j])
			a00, a01 = a00.Add(w0.Mul(v)), a01.Add(w1.Mul(v))
			v = splat(x1[j])
			a10, a11 = a10.Add(w0.Mul(v)), a11.Add(w1.Mul(v))
			v = splat(x2[j])
			a20, a21 = a20.Add(w0.Mul(v)), a21.Add(w1.Mul(v))
			v = splat(x3[j])
			a30, a31 = a30.Add(w0.Mul(v)), a31.Add(w1.Mul(v))
		}
		w = w[t.length*8:]
	}
	s0 := (*[8]float32)(out[t.outAt[0]:])
	s1 := (*[8]float32)(out[t.outAt[1]:])
	s2 := (*[8]float32)(out[t.outAt[2]:])
	s3 := (*[8]float32)(out[t.outAt[3]:])
	store((*[4]float32)(s0[:4]), a00)
	store((*[4]float32)(s0[4:]), a01)
	store((*[4]float32)(s1[:4]), a10)
	store((*[4]float32)(s1[4:]), a11)
	store((*[4]float32)(s2[:4]), a20)
	store((*[4]float32)(s2[4:]), a21)
	store((*[4]float32)(s3[:4]), a30)
	store((*[4]float32)(s3[4:]), a31)
}
