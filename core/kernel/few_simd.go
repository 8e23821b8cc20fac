//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// dots is the work of a kernel for one output channel: pixels that lie a fixed
// distance apart,
//
//	out[p·outPix] = start[p·startPix] + Σ_{r<runs} Σ_{j<length} in[p·inPix + r·inRow + j] · w[r·length+j]
//
// The distances are in bytes.
type dots struct {
	pixels, runs, length           int
	inPix, inRow, outPix, startPix int
}

func (c Conv) forwardFew(out, in, packed, bias []float32, accumulate bool) {
	k := c.R * c.K
	var zero float32
	for o := range c.Out {
		w := unsafe.Pointer(unsafe.SliceData(packed[o*k:][:k]))
		for y := range c.H {
			// The whole line is there, as Conv.check says.
			from := unsafe.Pointer(&in[y*c.InRow])
			to := unsafe.Pointer(&out[y*c.OutRow+o])
			d := dots{runs: c.R, length: c.K,
				inPix: floatBytes * c.InPix, inRow: floatBytes * c.InRow, outPix: floatBytes * c.OutPix}
			begin := unsafe.Pointer(&zero)
			switch {
			case accumulate:
				begin, d.startPix = to, d.outPix
			case bias != nil:
				begin = unsafe.Pointer(&bias[o])
			}
			d.pixels = c.W &^ 3
			dotsOfFour(to, from, w, begin, d)
			for x := d.pixels; x < c.W; x++ { // one that is left, four times in the same place
				dotsOfFour(unsafe.Add(to, x*d.outPix), unsafe.Add(from, x*d.inPix), w, unsafe.Add(begin, x*d.startPix),
					dots{pixels: 4, runs: c.R, length: c.K, inRow: d.inRow})
			}
		}
	}
}

// dotsOfFour takes pixels by four, so that a vector of weights serves four. Like
// the micro-kernels it goes by address and calls nothing.
//
//go:nosplit
func dotsOfFour(out, in, w, start unsafe.Pointer, d dots) {
	for ; d.pixels > 0; d.pixels -= 4 {
		x0, q := in, w
		var s0, s1, s2, s3 vec
		var t0, t1, t2, t3 float32
		for range d.runs {
			x1 := unsafe.Add(x0, d.inPix)
			x2 := unsafe.Add(x1, d.inPix)
			x3 := unsafe.Add(x2, d.inPix)
			j := 0
			for ; j+4*lanes <= d.length; j += 4 * lanes {
				at := floatBytes * j
				q, x0, x1, x2, x3 := unsafe.Add(q, at), unsafe.Add(x0, at), unsafe.Add(x1, at), unsafe.Add(x2, at), unsafe.Add(x3, at)
				s0, s1 = addDots(s0, s1, q, x0, x1, 0)
				s2, s3 = addDots(s2, s3, q, x2, x3, 0)
				s0, s1 = addDots(s0, s1, q, x0, x1, 1)
				s2, s3 = addDots(s2, s3, q, x2, x3, 1)
				s0, s1 = addDots(s0, s1, q, x0, x1, 2)
				s2, s3 = addDots(s2, s3, q, x2, x3, 2)
				s0, s1 = addDots(s0, s1, q, x0, x1, 3)
				s2, s3 = addDots(s2, s3, q, x2, x3, 3)
			}
			for ; j+lanes <= d.length; j += lanes {
				at := floatBytes * j
				q, x0, x1, x2, x3 := unsafe.Add(q, at), unsafe.Add(x0, at), unsafe.Add(x1, at), unsafe.Add(x2, at), unsafe.Add(x3, at)
				s0, s1 = addDots(s0, s1, q, x0, x1, 0)
				s2, s3 = addDots(s2, s3, q, x2, x3, 0)
			}
			for ; j < d.length; j++ {
				v := element(q, j)
				t0, t1, t2, t3 = t0+v*element(x0, j), t1+v*element(x1, j), t2+v*element(x2, j), t3+v*element(x3, j)
			}
			q, x0 = unsafe.Add(q, floatBytes*d.length), unsafe.Add(x0, d.inRow)
		}
		b1 := unsafe.Add(start, d.startPix)
		b2 := unsafe.Add(b1, d.startPix)
		t0, t1, t2, t3 = t0+element(start, 0), t1+element(b1, 0), t2+element(b2, 0), t3+element(unsafe.Add(b2, d.startPix), 0)
		o1 := unsafe.Add(out, d.outPix)
		o2 := unsafe.Add(o1, d.outPix)
		*(*float32)(out), *(*float32)(o1) = t0+sumOf(s0), t1+sumOf(s1)
		*(*float32)(o2), *(*float32)(unsafe.Add(o2, d.outPix)) = t2+sumOf(s2), t3+sumOf(s3)
		out, in, start = unsafe.Add(out, 4*d.outPix), unsafe.Add(in, 4*d.inPix), unsafe.Add(start, 4*d.startPix)
	}
}

// element is the one with number j from p on.
func element(p unsafe.Pointer, j int) float32 { return *(*float32)(unsafe.Add(p, floatBytes*j)) }

// addDots adds the products of two pixels' vectors n with the weights'.
func addDots(s0, s1 vec, w, x0, x1 unsafe.Pointer, n uintptr) (vec, vec) {
	v := load((*[lanes]float32)(unsafe.Add(w, floatBytes*lanes*n)))
	s0 = v.MulAdd(load((*[lanes]float32)(unsafe.Add(x0, floatBytes*lanes*n))), s0)
	s1 = v.MulAdd(load((*[lanes]float32)(unsafe.Add(x1, floatBytes*lanes*n))), s1)
	return s0, s1
}
