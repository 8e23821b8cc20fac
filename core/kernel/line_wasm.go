//go:build goexperiment.simd

package kernel

import "unsafe"

// line is the work of a micro-kernel: pixels that lie a fixed distance apart, times
// one panel of output channels,
//
//	out[p·outPix+o] = start[p·startPix+o] + Σ_{j<length} in[p·inPix+j] · w[j][o]
//
// with w [length][width]. start may be out. The micro-kernels take the distances in
// bytes.
type line struct {
	pixels, length          int
	inPix, outPix, startPix int
}

// leastHeld is how many pixels it takes for a copy of the weights to pay.
const leastHeld = 4

// run does the line for a panel of 8, 16 or 32 channels. The micro-kernels go by
// address; all that they touch is checked here.
func (l line) run(out, in, w, start []float32, width int) {
	last := l.pixels - 1
	need(last >= 0 && l.length > 0 && min(l.inPix, l.outPix, l.startPix) >= 0)
	need(len(in) >= last*l.inPix+l.length && len(w) >= l.length*width)
	need(len(out) >= last*l.outPix+width && len(start) >= last*l.startPix+width)
	l.inPix, l.outPix, l.startPix = floatBytes*l.inPix, floatBytes*l.outPix, floatBytes*l.startPix
	to, from, begin := address(out), address(in), address(start)
	if width < 32 {
		if pairs := l.pixels &^ 1; pairs > 0 {
			l.pixels = pairs
			l.pairs(to, from, address(w), begin, width)
		}
		if last%2 == 0 { // the last one, twice in the same place
			to, from, begin = unsafe.Add(to, last*l.outPix), unsafe.Add(from, last*l.inPix), unsafe.Add(begin, last*l.startPix)
			line{pixels: 2, length: l.length}.pairs(to, from, address(w), begin, width)
		}
		return
	}
	left := l.length
	for left >= heldLength/2 && l.pixels >= leastHeld {
		l.length = heldLength
		if left < heldLength {
			l.length = heldLength / 2
		}
		w = w[copy(held[:l.length*width], w):]
		lines32(to, from, begin, l)
		from = unsafe.Add(from, floatBytes*l.length)
		begin, l.startPix = to, l.outPix
		left -= l.length
	}
	if l.length = left; left > 0 {
		any32(to, from, address(w), begin, l)
	}
}

// pairs does the line with the micro-kernel that takes pixels by two.
func (l line) pairs(out, in, w, start unsafe.Pointer, width int) {
	if width == 16 {
		pairs16(out, in, w, start, l)
	} else {
		pairs8(out, in, w, start, l)
	}
}

func address(x []float32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }

// panel computes the output channels from first on, as many as the panel w holds.
func (c Conv) panel(t *tile, out, in, w []float32, first, width int) {
	rows, pixels := c.H, c.W
	if c.InRow == c.W*c.InPix && c.OutRow == c.W*c.OutPix {
		rows, pixels = 1, c.H*c.W
	}
	if c.Out-first < width {
		c.partPanel(t, out, in, w, first, width, rows, pixels)
		return
	}
	for y := range rows {
		to := out[y*c.OutRow+first:]
		c.runs(t, to, in[y*c.InRow:], w, width, pixels, c.OutPix)
	}
}

// partPixels is how many pixels of a part of a panel are computed at once.
const partPixels = 16

// partPanel is panel for one that goes beyond Out.
func (c Conv) partPanel(t *tile, out, in, w []float32, first, width, rows, pixels int) {
	var part [partPixels * maxPanel]float32
	valid := c.Out - first
	for y := range rows {
		for x := 0; x < pixels; x += partPixels {
			n := min(partPixels, pixels-x)
			to := out[y*c.OutRow+x*c.OutPix+first:]
			if t.accumulate {
				for i := range n {
					copy(part[i*width:][:valid], to[i*c.OutPix:])
				}
			}
			c.runs(t, part[:], in[y*c.InRow+x*c.InPix:], w, width, n, width)
			for i := range n {
				copy(to[i*c.OutPix:][:valid], part[i*width:])
			}
		}
	}
}

// runs does a line of pixels of the image, a run after the other.
func (c Conv) runs(t *tile, out, in, w []float32, width, pixels, outPix int) {
	l := line{pixels: pixels, length: c.K, inPix: c.InPix, outPix: outPix, startPix: outPix}
	start := out
	if !t.accumulate {
		start, l.startPix = t.bias[:], 0
	}
	for r := range c.R {
		l.run(out, in[r*c.InRow:], w[r*c.K*width:], start, width)
		start, l.startPix = out, outPix
	}
}

// micro does a tile pixel by pixel.
func (t *tile) micro(out, in, w []float32, width int) {
	for p := range t.inAt {
		if p > 0 && t.outAt[p] == t.outAt[p-1] {
			return // it is done: pixels repeat past the last
		}
		to := out[t.outAt[p]:]
		start := to
		if !t.accumulate {
			start = t.bias[:]
		}
		for r := range t.runs {
			line{pixels: 1, length: t.length}.run(to, in[t.inAt[p]+r*t.stride:], w[r*t.length*width:], start, width)
			start = to
		}
	}
}
