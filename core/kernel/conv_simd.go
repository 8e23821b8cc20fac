//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// tile is the work of one call of a micro-kernel: tilePixels pixels times one
// panel of output channels,
//
//	out[outAt[p]+o] = start + Σ_{r<runs} Σ_{j<length} in[inAt[p] + r·stride + j] · w[r·length+j][o]
//
// with w [runs·length][width] and start = bias[o], or what out holds. Pixels may
// repeat: all of out is read before any of it is written.
type tile struct {
	runs, length, stride int
	inAt, outAt          [tilePixels]int
	accumulate           bool
	bias                 [maxPanel]float32
}

// tilePixels is the height of the register tile.
const tilePixels = 4

// maxPanel is the widest panel of any form.
const maxPanel = 32

func (c Conv) forward(out, in, packed, bias []float32, accumulate bool) {
	if !vector() {
		c.forwardGeneric(out, in, packed, bias, accumulate)
		return
	}
	if c.Out <= fewOutputs {
		c.forwardFew(out, in, packed, bias, accumulate)
		return
	}
	t := tile{runs: c.R, length: c.K, stride: c.InRow, accumulate: accumulate}
	for first, width := 0, 0; first < c.Out; first += width {
		_, width = panelOf(first, c.Out)
		if bias != nil {
			clear(t.bias[:])
			copy(t.bias[:width], bias[first:c.Out])
		}
		w := packed[first*c.R*c.K:][:width*c.R*c.K]
		c.panel(&t, out, in, w, first, width)
	}
}

// tiles computes the output channels from first on, as many as the panel w holds.
func (c Conv) tiles(t *tile, out, in, w []float32, first, width int) {
	y, x := 0, 0
	for left := c.H * c.W; left > 0; left -= tilePixels {
		// Past the last pixel, the tile does it again.
		for i := range t.inAt {
			t.inAt[i] = y*c.InRow + x*c.InPix
			t.outAt[i] = y*c.OutRow + x*c.OutPix + first
			if i+1 < left {
				if x++; x == c.W {
					x, y = 0, y+1
				}
			}
		}
		t.run(out, in, w, width, c.Out-first)
	}
}

// run does the tile for a panel of `width` channels, of which `valid` are there
// (or more than `width`).
func (t *tile) run(out, in, w []float32, width, valid int) {
	if valid >= width {
		t.micro(out, in, w, width)
		return
	}
	var held [tilePixels * maxPanel]float32
	at := t.outAt
	for i, a := range at {
		t.outAt[i] = i * maxPanel
		if t.accumulate {
			copy(held[i*maxPanel:][:valid], out[a:])
		}
	}
	t.micro(held[:], in, w, width)
	for i, a := range at {
		copy(out[a:], held[i*maxPanel:][:valid])
	}
}
