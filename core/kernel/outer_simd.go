//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// outerTile is the work of one call of a micro-kernel like tile's, whose four
// multipliers lie side by side:
//
//	out[outAt[p]+o] (+)= Σ_{r<runs} Σ_{j<length} x[r·stride + j·step + p] · w[r·length+j][o]
type outerTile struct {
	runs, length, stride, step int
	outAt                      [tilePixels]int
	accumulate                 bool
}

// rows does the panel of `width` channels from `first` on of dw, [k][out]; k is a
// multiple of tilePixels.
func (t *outerTile) rows(dw, x, w []float32, k, out, first, width int) {
	for i := 0; i < k; i += tilePixels {
		for p := range t.outAt {
			t.outAt[p] = (i+p)*out + first
		}
		t.micro(dw, x[i:], w, width)
	}
}
