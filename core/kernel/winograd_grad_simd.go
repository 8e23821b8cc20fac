//go:build goexperiment.simd && (amd64 || wasm)

package kernel

func gradSquare(dst []float32, plane int, pixel *[4][]float32, first, width int) {
	if !vector() {
		gradSquareGeneric(dst, plane, pixel, first, width)
		return
	}
	p0, p1 := pixel[0][first:][:width], pixel[1][first:][:width]
	p2, p3 := pixel[2][first:][:width], pixel[3][first:][:width]
	for ch := 0; ch < width; ch += lanes {
		y0, y1, y2, y3 := load(p0[ch:]), load(p1[ch:]), load(p2[ch:]), load(p3[ch:])
		to, zero := dst[ch:], splat(0)
		spread(to, plane, y0, y1)
		spread(to[4*plane:], plane, y0.Add(y2), y1.Add(y3))
		spread(to[8*plane:], plane, y0.Sub(y2), y1.Sub(y3))
		spread(to[12*plane:], plane, zero.Sub(y2), zero.Sub(y3))
	}
}

// spread writes A y for one row.
func spread(dst []float32, plane int, y0, y1 vec) {
	store(dst, y0)
	store(dst[plane:], y0.Add(y1))
	store(dst[2*plane:], y0.Sub(y1))
	store(dst[3*plane:], splat(0).Sub(y1))
}

func outer(dw, x, grad []float32, in, out int, accumulate bool) {
	if !vector() {
		outerGeneric(dw, x, grad, in, out, accumulate)
		return
	}
	n := len(x) / in
	t := outerTile{runs: 1, length: n, step: in, accumulate: accumulate}
	for first, width := 0, 0; first < out; first += width {
		_, width = panelOf(first, out)
		t.rows(dw, x, grad[first*n:][:width*n], in, out, first, width)
	}
}

func weightSums(dw, u []float32, plane int) {
	if !vector() {
		weightSumsGeneric(dw, u, plane)
		return
	}
	half := splat(0.5)
	for i := 0; i < plane; i += lanes {
		a0, b0, c0 := threeTaps(u[i:], 4*plane, half)
		a1, b1, c1 := threeTaps(u[plane+i:], 4*plane, half)
		a2, b2, c2 := threeTaps(u[2*plane+i:], 4*plane, half)
		a3, b3, c3 := threeTaps(u[3*plane+i:], 4*plane, half)
		to := dw[i:]
		addThree(to, plane, half, a0, a1, a2, a3)
		addThree(to[3*plane:], plane, half, b0, b1, b2, b3)
		addThree(to[6*plane:], plane, half, c0, c1, c2, c3)
	}
}

// threeTaps is Gᵀ u for one column, its places `step` apart.
func threeTaps(u []float32, step int, half vec) (a, b, c vec) {
	u1, u2 := load(u[step:]).Mul(half), load(u[2*step:]).Mul(half)
	s := u1.Add(u2)
	return load(u).Add(s), u1.Sub(u2), load(u[3*step:]).Add(s)
}

// addThree adds the same for one row to dw.
func addThree(dw []float32, plane int, half, u0, u1, u2, u3 vec) {
	u1, u2 = u1.Mul(half), u2.Mul(half)
	s := u1.Add(u2)
	store(dw, load(dw).Add(u0.Add(s)))
	store(dw[plane:], load(dw[plane:]).Add(u1.Sub(u2)))
	store(dw[2*plane:], load(dw[2*plane:]).Add(s.Add(u3)))
}
