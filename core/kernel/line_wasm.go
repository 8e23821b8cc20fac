//go:build goexperiment.simd

package kernel

import "unsafe"

// line is the work of one call of a micro-kernel: pixels that lie a fixed distance
// apart, times one panel of output channels,
//
//	out[p·outPix+o] = start[p·startPix+o] + Σ_{r<runs} Σ_{j<length} in[p·inPix + r·inRow + j] · w[r·length+j][o]
//
// with w [runs·length][width]. start may be out. The micro-kernels take pixels by
// two, and the distances in bytes.
type line struct {
	pixels, runs, length           int
	inPix, inRow, outPix, startPix int
}

// floatSize is the number of bytes in an element.
const floatSize = 4

// run does the line for a panel of `width` channels, 8 or 16. The micro-kernels go
// by address, because bounds checks in them, even those that never fail, cost half
// of the speed. All that they touch is checked here.
func (l line) run(out, in, w, start []float32, width int) {
	last := l.pixels - 1
	need(last >= 0 && l.runs > 0 && l.length > 0 && min(l.inPix, l.inRow, l.outPix, l.startPix) >= 0)
	need(len(in) >= last*l.inPix+(l.runs-1)*l.inRow+l.length && len(w) >= l.runs*l.length*width)
	need(len(out) >= last*l.outPix+width && len(start) >= last*l.startPix+width)
	l.inPix, l.inRow, l.outPix, l.startPix = floatSize*l.inPix, floatSize*l.inRow, floatSize*l.outPix, floatSize*l.startPix
	to, from, weights, begin := address(out), address(in), address(w), address(start)
	if l.pixels = l.pixels &^ 1; l.pixels > 0 {
		l.pairs(to, from, weights, begin, width)
	}
	if last%2 == 0 { // the last one, twice in the same place
		to, from, begin = unsafe.Add(to, last*l.outPix), unsafe.Add(from, last*l.inPix), unsafe.Add(begin, last*l.startPix)
		l.pixels, l.inPix, l.outPix, l.startPix = 2, 0, 0, 0
		l.pairs(to, from, weights, begin, width)
	}
}

func address(x []float32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }

func (l line) pairs(out, in, w, start unsafe.Pointer, width int) {
	if width == 16 {
		pairs16(out, in, w, start, l)
	} else {
		pairs8(out, in, w, start, l)
	}
}

// panel computes the output channels from first on, as many as the panel w holds.
func (c Conv) panel(t *tile, out, in, w []float32, first, width int) {
	if c.Out-first < width {
		c.tiles(t, out, in, w, first, width)
		return
	}
	l := line{pixels: c.W, runs: c.R, length: c.K, inPix: c.InPix, inRow: c.InRow, outPix: c.OutPix}
	rows := c.H
	if c.InRow == c.W*c.InPix && c.OutRow == c.W*c.OutPix {
		l.pixels, rows = c.W*c.H, 1
	}
	for y := range rows {
		to, start := out[y*c.OutRow+first:], t.bias[:]
		if t.accumulate {
			start, l.startPix = to, l.outPix
		}
		l.run(to, in[y*c.InRow:], w, start, width)
	}
}

// micro does a tile as two lines of two pixels, wherever they lie.
func (t *tile) micro(out, in, w []float32, width int) {
	for p := 0; p < tilePixels; p += 2 {
		in0, in1, out0, out1 := t.inAt[p], t.inAt[p+1], t.outAt[p], t.outAt[p+1]
		if p > 0 && out0 == t.outAt[p-1] {
			return // it is done: pixels repeat past the last
		}
		need(min(in0, in1, out0, out1) >= 0 && len(w) >= t.runs*t.length*width)
		need(len(in) >= max(in0, in1)+(t.runs-1)*t.stride+t.length && len(out) >= max(out0, out1)+width)
		l := line{pixels: 2, runs: t.runs, length: t.length}
		l.inPix, l.inRow, l.outPix = floatSize*(in1-in0), floatSize*t.stride, floatSize*(out1-out0)
		to := unsafe.Add(address(out), floatSize*out0)
		start := address(t.bias[:])
		if t.accumulate {
			start, l.startPix = to, l.outPix
		}
		l.pairs(to, unsafe.Add(address(in), floatSize*in0), address(w), start, width)
	}
}
