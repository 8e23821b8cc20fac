//go:build goexperiment.simd && (amd64 || wasm)

package kernel

func transformTaps(dst []float32, plane int, w *taps) {
	if !vector() {
		transformTapsGeneric(dst, plane, w)
		return
	}
	half := splat(0.5)
	for c := 0; c < Panel; c += lanes {
		a0, a1, a2, a3 := fourTaps(load(w[0][c:]), load(w[3][c:]), load(w[6][c:]), half)
		b0, b1, b2, b3 := fourTaps(load(w[1][c:]), load(w[4][c:]), load(w[7][c:]), half)
		c0, c1, c2, c3 := fourTaps(load(w[2][c:]), load(w[5][c:]), load(w[8][c:]), half)
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
	store(dst, a)
	store(dst[plane:], b)
	store(dst[2*plane:], c)
	store(dst[3*plane:], d)
}

func inputSquare(dst []float32, plane int, d []float32, row, c int) {
	if !vector() {
		inputSquareGeneric(dst, plane, d, row, c)
		return
	}
	d0, d1, d2, d3 := d[:4*c], d[row:][:4*c], d[2*row:][:4*c], d[3*row:][:4*c]
	for ch := 0; ch < c; ch += lanes {
		a0, b0, c0, e0 := difference(load(d0[ch:]), load(d1[ch:]), load(d2[ch:]), load(d3[ch:]))
		a1, b1, c1, e1 := difference(load(d0[c+ch:]), load(d1[c+ch:]), load(d2[c+ch:]), load(d3[c+ch:]))
		a2, b2, c2, e2 := difference(load(d0[2*c+ch:]), load(d1[2*c+ch:]), load(d2[2*c+ch:]), load(d3[2*c+ch:]))
		a3, b3, c3, e3 := difference(load(d0[3*c+ch:]), load(d1[3*c+ch:]), load(d2[3*c+ch:]), load(d3[3*c+ch:]))
		to := dst[ch:]
		storeFour(to, plane, a0, a1, a2, a3)
		storeFour(to[4*plane:], plane, b0, b1, b2, b3)
		storeFour(to[8*plane:], plane, c0, c1, c2, c3)
		storeFour(to[12*plane:], plane, e0, e1, e2, e3)
	}
}

// difference is Bᵀ d for one column.
func difference(d0, d1, d2, d3 vec) (a, b, c, d vec) {
	return d0.Sub(d2), d1.Add(d2), d2.Sub(d1), d1.Sub(d3)
}

// storeFour writes the same for one row.
func storeFour(dst []float32, plane int, d0, d1, d2, d3 vec) {
	store(dst, d0.Sub(d2))
	store(dst[plane:], d1.Add(d2))
	store(dst[2*plane:], d2.Sub(d1))
	store(dst[3*plane:], d1.Sub(d3))
}

func outputSquare(pixel *[4][]float32, m []float32, plane int, bias []float32, accumulate bool) {
	if !vector() {
		outputSquareGeneric(pixel, m, plane, bias, accumulate)
		return
	}
	p0, p1, p2, p3 := pixel[0], pixel[1], pixel[2], pixel[3]
	for ch := 0; ch < len(p0); ch += lanes {
		u0, v0 := sums(m[ch:], 4*plane)
		u1, v1 := sums(m[plane+ch:], 4*plane)
		u2, v2 := sums(m[2*plane+ch:], 4*plane)
		u3, v3 := sums(m[3*plane+ch:], 4*plane)
		y0, y1 := u0.Add(u1).Add(u2), u1.Sub(u2).Sub(u3)
		y2, y3 := v0.Add(v1).Add(v2), v1.Sub(v2).Sub(v3)
		if accumulate {
			y0, y1 = y0.Add(load(p0[ch:])), y1.Add(load(p1[ch:]))
			y2, y3 = y2.Add(load(p2[ch:])), y3.Add(load(p3[ch:]))
		} else if bias != nil {
			b := load(bias[ch:])
			y0, y1, y2, y3 = y0.Add(b), y1.Add(b), y2.Add(b), y3.Add(b)
		}
		store(p0[ch:], y0)
		store(p1[ch:], y1)
		store(p2[ch:], y2)
		store(p3[ch:], y3)
	}
}

// sums is Aᵀ m for one column, its places `step` apart.
func sums(m []float32, step int) (u, v vec) {
	m0, m1, m2, m3 := load(m), load(m[step:]), load(m[2*step:]), load(m[3*step:])
	return m0.Add(m1).Add(m2), m1.Sub(m2).Sub(m3)
}
