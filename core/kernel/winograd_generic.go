package kernel

// transformTapsGeneric writes G w Gᵀ to dst, whose sixteen places are `plane` apart.
func transformTapsGeneric(dst []float32, plane int, w *taps) {
	for c := range Panel {
		var half [12]float32 // G w, [4][3]
		for x := range 3 {
			w0, w1, w2 := w[x][c], w[3+x][c], w[6+x][c]
			half[x], half[3+x], half[6+x], half[9+x] = w0, (w0+w1+w2)/2, (w0-w1+w2)/2, w2
		}
		for y := range 4 {
			w0, w1, w2 := half[3*y], half[3*y+1], half[3*y+2]
			to := dst[4*y*plane+c:]
			to[0], to[plane], to[2*plane], to[3*plane] = w0, (w0+w1+w2)/2, (w0-w1+w2)/2, w2
		}
	}
}

// Each half of a transform works on slices of equal length, of which the first
// destination tells the length.

// differencesGeneric is one half of Bᵀ d B.
func differencesGeneric(t0, t1, t2, t3, d0, d1, d2, d3 []float32) {
	for i := range t0 {
		t0[i], t1[i] = d0[i]-d2[i], d1[i]+d2[i]
		t2[i], t3[i] = d2[i]-d1[i], d1[i]-d3[i]
	}
}

// sumsGeneric is one half of Aᵀ m A.
func sumsGeneric(t0, t1, m0, m1, m2, m3 []float32) {
	for i := range t0 {
		t0[i], t1[i] = m0[i]+m1[i]+m2[i], m1[i]-m2[i]-m3[i]
	}
}

// sumsPlusGeneric is the other half, added to s0 and s1, which may be t0 and t1.
func sumsPlusGeneric(t0, t1, s0, s1, m0, m1, m2, m3 []float32) {
	for i := range t0 {
		t0[i], t1[i] = s0[i]+(m0[i]+m1[i]+m2[i]), s1[i]+(m1[i]-m2[i]-m3[i])
	}
}

// spreadGeneric is one half of A dY Aᵀ.
func spreadGeneric(t0, t1, t2, t3, y0, y1 []float32) {
	for i := range t0 {
		t0[i], t1[i], t2[i], t3[i] = y0[i], y0[i]+y1[i], y0[i]-y1[i], -y1[i]
	}
}

// outerGeneric computes dw[i][o] = Σ_t x[t][i]·grad[t][o], for x [n][in] and grad
// the packed form of [n][out]; or adds it.
func outerGeneric(dw, x, grad []float32, in, out int, accumulate bool) {
	n := len(x) / in
	if !accumulate {
		clear(dw)
	}
	for first, width := 0, 0; first < out; first += width {
		_, width = panelOf(first, out)
		for t := range n {
			row := grad[first*n+t*width:][:width]
			for i, v := range x[t*in:][:in] {
				sum := dw[i*out+first:][:width]
				for o, d := range row {
					sum[o] += v * d
				}
			}
		}
	}
}

// weightSumsGeneric adds Gᵀ u G to dw, [3][3][plane], from u, [4][4][plane].
func weightSumsGeneric(dw, u []float32, plane int) {
	for i := range plane {
		var half [12]float32 // Gᵀ u, [3][4]
		for x := range 4 {
			u0, u1, u2, u3 := u[x*plane+i], u[(4+x)*plane+i], u[(8+x)*plane+i], u[(12+x)*plane+i]
			half[x], half[4+x], half[8+x] = u0+(u1+u2)/2, (u1-u2)/2, (u1+u2)/2+u3
		}
		for y := range 3 {
			u0, u1, u2, u3 := half[4*y], half[4*y+1], half[4*y+2], half[4*y+3]
			dw[3*y*plane+i] += u0 + (u1+u2)/2
			dw[(3*y+1)*plane+i] += (u1 - u2) / 2
			dw[(3*y+2)*plane+i] += (u1+u2)/2 + u3
		}
	}
}
