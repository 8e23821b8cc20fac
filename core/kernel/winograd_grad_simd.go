//go:build goexperiment.simd && (amd64 || wasm)

package kernel

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
	var from [places][][lanes]float32
	for k := range from {
		from[k] = vecs(u[k*plane:][:plane])
	}
	var to [9][][lanes]float32
	for k := range to {
		to[k] = vecs(dw[k*plane:][:plane])
	}
	for i := range to[0] {
		a0, b0, c0 := threeTaps(load(&from[0][i]), load(&from[4][i]), load(&from[8][i]), load(&from[12][i]), half)
		a1, b1, c1 := threeTaps(load(&from[1][i]), load(&from[5][i]), load(&from[9][i]), load(&from[13][i]), half)
		a2, b2, c2 := threeTaps(load(&from[2][i]), load(&from[6][i]), load(&from[10][i]), load(&from[14][i]), half)
		a3, b3, c3 := threeTaps(load(&from[3][i]), load(&from[7][i]), load(&from[11][i]), load(&from[15][i]), half)
		addThree(&to[0][i], &to[1][i], &to[2][i], a0, a1, a2, a3, half)
		addThree(&to[3][i], &to[4][i], &to[5][i], b0, b1, b2, b3, half)
		addThree(&to[6][i], &to[7][i], &to[8][i], c0, c1, c2, c3, half)
	}
}

// threeTaps is Gᵀ u for one column.
func threeTaps(u0, u1, u2, u3, half vec) (a, b, c vec) {
	u1, u2 = u1.Mul(half), u2.Mul(half)
	s := u1.Add(u2)
	return u0.Add(s), u1.Sub(u2), s.Add(u3)
}

// addThree adds the same for one row.
func addThree(d0, d1, d2 *[lanes]float32, u0, u1, u2, u3, half vec) {
	a, b, c := threeTaps(u0, u1, u2, u3, half)
	store(d0, load(d0).Add(a))
	store(d1, load(d1).Add(b))
	store(d2, load(d2).Add(c))
}
