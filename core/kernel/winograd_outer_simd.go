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
