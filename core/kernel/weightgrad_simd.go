//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// weightGrad is, for each tap, a matrix product of the input's channels with the
// gradient, summed over the pixels.
func (c Conv) weightGrad(dw, in, dout, scratch []float32) {
	n := c.H * c.W
	if !vector() || (c.InPix == 0 && c.W > 1) {
		c.weightGradGeneric(dw, in, dout)
		return
	}
	if n < tilePixels {
		c.weightGradRows(dw, in, dout)
		return
	}
	grad, planes := scratch[:PackedLen(n, c.Out)], scratch[PackedLen(n, c.Out):]
	c.packGradient(grad, dout)
	if !c.sideBySide() {
		c.weightGradPlanes(dw, in, grad, planes)
		return
	}
	t := outerTile{runs: c.H, length: c.W, stride: c.InRow, step: c.InPix, accumulate: true}
	for first, width := 0, 0; first < c.Out; first += width {
		_, width = panelOf(first, c.Out)
		t.rows(dw, in, grad[first*n:][:width*n], c.K, c.Out, first, width)
	}
}

// weightGradRows is for the few pixels, often one, that are not worth packing: each
// adds its gradient to all rows of dw.
func (c Conv) weightGradRows(dw, in, dout []float32) {
	for y := range c.H {
		for x := range c.W {
			grad := dout[y*c.OutRow+x*c.OutPix:][:c.Out]
			for r := range c.R {
				for j, v := range in[(y+r)*c.InRow+x*c.InPix:][:c.K] {
					addScaled(dw[(r*c.K+j)*c.Out:][:c.Out], grad, v)
				}
			}
		}
	}
}

// sideBySide says whether the input is best read where it lies: there is one tap,
// whose channels fill the tile's height, and the outputs its width.
func (c Conv) sideBySide() bool { return c.R == 1 && c.K%tilePixels == 0 && c.Out%Panel == 0 }

// weightGradPlanes is for the others. With the input transposed to planes, one per
// channel, a run of pixels is contiguous, which pays for nine taps, and so the
// micro-kernel of forward does it: its "pixels" are rows of dw, its runs the rows
// of the image, its weights the gradient in panels.
func (c Conv) weightGradPlanes(dw, in, grad, planes []float32) {
	n := c.H * c.W
	pix, width, plane := c.planes()
	c.transpose(planes, in, pix, width, plane)

	t := tile{runs: c.H, length: c.W, stride: width, accumulate: true}
	for first, panel := 0, 0; first < c.Out; first += panel {
		_, panel = panelOf(first, c.Out)
		w := grad[first*n:][:panel*n]
		r, tap, ch := 0, 0, 0
		for row := 0; row < c.R*c.K; row += tilePixels {
			for i := range t.inAt {
				t.inAt[i] = ch*plane + r*width + tap
				t.outAt[i] = min(row+i, c.R*c.K-1)*c.Out + first
				if row+i+1 < c.R*c.K {
					if ch++; ch == pix || tap*pix+ch == c.K {
						ch, tap = 0, tap+1
						if tap*pix >= c.K {
							tap, r = 0, r+1
						}
					}
				}
			}
			t.run(dw, planes, w, panel, c.Out-first)
		}
	}
}

func (c Conv) weightGradScratch() int {
	if c.sideBySide() {
		return PackedLen(c.H*c.W, c.Out)
	}
	pix, _, plane := c.planes()
	return PackedLen(c.H*c.W, c.Out) + pix*plane
}

// planes gives the shape of the transposed input: `pix` planes, one for each
// channel that is read, `plane` elements long, whose rows are `width` long.
func (c Conv) planes() (pix, width, plane int) {
	pix, width = min(c.InPix, c.K), c.W+(c.K-1)/max(c.InPix, 1)
	if c.W == 1 {
		pix, width = c.K, 1
	}
	return pix, width, width * (c.H + c.R - 1)
}

// transpose writes in to dst as planes. A run of K that is not whole pixels reads
// only the first channels of its last one; the others are left out.
func (c Conv) transpose(dst, in []float32, pix, width, plane int) {
	for y := range c.H + c.R - 1 {
		row := in[y*c.InRow:][:(c.W-1)*c.InPix+c.K]
		for ch := range pix {
			column := dst[ch*plane+y*width:][:width]
			from := ch
			for x := range column {
				if from >= len(row) {
					break
				}
				column[x] = row[from]
				from += c.InPix
			}
		}
	}
}

// packGradient writes dout to dst as the packed form of [H·W][Out].
func (c Conv) packGradient(dst, dout []float32) {
	n := c.H * c.W
	for first, width := 0, 0; first < c.Out; first += width {
		_, width = panelOf(first, c.Out)
		valid := min(width, c.Out-first)
		at := first * n
		for y := range c.H {
			for x := range c.W {
				row := dst[at:][:width]
				copy(row, dout[y*c.OutRow+x*c.OutPix+first:][:valid])
				clear(row[valid:])
				at += width
			}
		}
	}
}
