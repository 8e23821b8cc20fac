//go:build goexperiment.simd && (amd64 || wasm)

package kernel

func transformTaps(dst []float32, plane int, w *taps) {
	if !vector() {
		transformTapsGeneric(dst, plane, w)
		return
	}
	half := splat(0.5)
	for c := 0; c < Panel; c += lanes {
		a0, a1, a2, a3 := fourTaps(load((*[lanes]float32)(w[0][c:])), load((*[lanes]float32)(w[3][c:])), load((*[lanes]float32)(w[6][c:])), half)
		b0, b1, b2, b3 := fourTaps(load((*[lanes]float32)(w[1][c:])), load((*[lanes]float32)(w[4][c:])), load((*[lanes]float32)(w[7][c:])), half)
		c0, c1, c2, c3 := fourTaps(load((*[lanes]float32)(w[2][c:])), load((*[lanes]float32)(w[5][c:])), load((*[lanes]float32)(w[8][c:])), half)
		to := dst[c:]
		storeTaps(to, plane, a0, b0, c0, half)
		storeTaps(to[4*plane:], plane, a1, b1, c1, half)
		storeTaps(to[8*plane:], plane, a2, b2, c2, half)
		storeTaps(to[12*plane:], plane, a3, b3, c3, half)
	}
}

// fourTaps is G w for one column.
func fourTaps(w0, w1, w2, half vec) (a, b, c, d vec) {
	sum, mid := w0.Add(w2).Mul(half), w1.Mul(half)
	return w0, sum.Add(mid), sum.Sub(mid), w2
}

// storeTaps writes the same for one row.
func storeTaps(dst []float32, plane int, w0, w1, w2, half vec) {
	a, b, c, d := fourTaps(w0, w1, w2, half)
	store((*[lanes]float32)(dst), a)
	store((*[lanes]float32)(dst[plane:]), b)
	store((*[lanes]float32)(dst[2*plane:]), c)
	store((*[lanes]float32)(dst[3*plane:]), d)
}
