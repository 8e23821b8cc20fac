package checkpoint

import "math"

// halfToFloat widens an IEEE 754 binary16, exactly.
func halfToFloat(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, fraction := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero and subnormals: fraction · 2⁻²⁴
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 0x1f: // infinities and NaN
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// floatToHalf rounds to the nearest binary16, ties to even; what is too large
// becomes an infinity.
func floatToHalf(f float32) uint16 {
	bits := math.Float32bits(f)
	sign, magnitude := uint16(bits>>16&0x8000), bits&0x7fffffff
	switch {
	case magnitude > 0x7f800000: // NaN stays one, quiet
		return sign | 0x7e00
	case magnitude < 0x38800000: // below 2⁻¹⁴: subnormal, in units of 2⁻²⁴
		// Adding 0.5 puts that unit at the last bit of the fraction, and the
		// addition rounds to nearest even.
		return sign | uint16(math.Float32bits(math.Float32frombits(magnitude)+0.5)&0x7ff)
	case magnitude >= 0x477ff000: // from 65520 up, halfway past the largest
		return sign | 0x7c00
	}
	magnitude += 0x0fff + magnitude>>13&1
	return sign | uint16((magnitude-(127-15)<<23)>>13)
}

// quantize rounds the weights of each output (row of len(w)/out) to q·scale
// with q from −127 to 127 and scale = max|w|/127: symmetric, so that 0 is exact
// and reading needs no offset.
func quantize(w []float32, out int) (q []byte, scales []float32) {
	q, scales = make([]byte, len(w)), make([]float32, out)
	row := len(w) / max(out, 1)
	for o := range scales {
		var largest float32
		for _, v := range w[o*row : (o+1)*row] {
			largest = max(largest, v, -v)
		}
		scale := largest / 127
		if scale == 0 { // all zero, or too small for a scale
			continue
		}
		scales[o] = scale
		for i := o * row; i < (o+1)*row; i++ {
			v := math.RoundToEven(float64(w[i]) / float64(scale))
			q[i] = byte(int8(min(max(v, -127), 127)))
		}
	}
	return q, scales
}

// dequantize writes q[o, …]·scale[o].
func dequantize(dst []float32, q []byte, scales []float32) {
	row := len(dst) / max(len(scales), 1)
	for o, scale := range scales {
		to, from := dst[o*row:][:row], q[o*row:][:row]
		for len(to) >= 8 && len(from) >= 8 { // one bounds check in eight
			t, f := (*[8]float32)(to), (*[8]byte)(from)
			t[0], t[1] = float32(int8(f[0]))*scale, float32(int8(f[1]))*scale
			t[2], t[3] = float32(int8(f[2]))*scale, float32(int8(f[3]))*scale
			t[4], t[5] = float32(int8(f[4]))*scale, float32(int8(f[5]))*scale
			t[6], t[7] = float32(int8(f[6]))*scale, float32(int8(f[7]))*scale
			to, from = to[8:], from[8:]
		}
		for i, v := range from {
			to[i] = float32(int8(v)) * scale
		}
	}
}
