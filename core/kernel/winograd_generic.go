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

// inputSquareGeneric writes Bᵀ d B to dst, whose sixteen places are `plane` apart,
// for a 4×4 square of c channels that begins at d, its rows `row` apart.
func inputSquareGeneric(dst []float32, plane int, d []float32, row, c int) {
	for ch := range c {
		var half [places]float32
		for x := range 4 {
			at := x*c + ch
			d0, d1, d2, d3 := d[at], d[at+row], d[at+2*row], d[at+3*row]
			half[x], half[4+x], half[8+x], half[12+x] = d0-d2, d1+d2, d2-d1, d1-d3
		}
		for y := range 4 {
			d0, d1, d2, d3 := half[4*y], half[4*y+1], half[4*y+2], half[4*y+3]
			to := dst[4*y*plane+ch:]
			to[0], to[plane], to[2*plane], to[3*plane] = d0-d2, d1+d2, d2-d1, d1-d3
		}
	}
}

// outputSquareGeneric writes Aᵀ m A to the four pixels, plus bias (nil is zero) or
// what is there; the sixteen places of m are `plane` apart.
func outputSquareGeneric(pixel *[4][]float32, m []float32, plane int, bias []float32, accumulate bool) {
	for ch := range pixel[0] {
		var half [8]float32
		for x := range 4 {
			at := x*plane + ch
			m0, m1, m2, m3 := m[at], m[at+4*plane], m[at+8*plane], m[at+12*plane]
			half[x], half[4+x] = m0+m1+m2, m1-m2-m3
		}
		for y := range 2 {
			m0, m1, m2, m3 := half[4*y], half[4*y+1], half[4*y+2], half[4*y+3]
			for x, v := range [2]float32{m0 + m1 + m2, m1 - m2 - m3} {
				dst := pixel[2*y+x]
				switch {
				case accumulate:
					v += dst[ch]
				case bias != nil:
					v += bias[ch]
				}
				dst[ch] = v
			}
		}
	}
}

// gradSquareGeneric writes A dY Aᵀ to dst, whose sixteen places are `plane` apart,
// for `width` channels of the four pixels, from channel `first` on.
func gradSquareGeneric(dst []float32, plane int, pixel *[4][]float32, first, width int) {
	for ch := range width {
		y0, y1 := pixel[0][first+ch], pixel[1][first+ch]
		y2, y3 := pixel[2][first+ch], pixel[3][first+ch]
		for y, row := range [4][2]float32{{y0, y1}, {y0 + y2, y1 + y3}, {y0 - y2, y1 - y3}, {-y2, -y3}} {
			to := dst[4*y*plane+ch:]
			to[0], to[plane], to[2*plane], to[3*plane] = row[0], row[0]+row[1], row[0]-row[1], -row[1]
		}
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
