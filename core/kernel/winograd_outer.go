package kernel

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
