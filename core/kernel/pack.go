package kernel

import "iter"

// Panel is the number of output channels that packed weights are padded to a
// multiple of. Networks whose channel counts are multiples of it waste nothing.
const Panel = 8

// PackedLen is the length of the packed form of a k × out matrix.
func PackedLen(k, out int) int { return (out + Panel - 1) / Panel * Panel * k }

// The packed form: output channels are cut into panels, as wide as the widest
// micro-kernel, one after the other; a panel is [k][width], so that the innermost
// loop reads it front to back. What is left at the end, made up to a multiple of
// Panel, becomes panels of half the width, a quarter…, down to Panel. Channels
// beyond out are zero. (A matrix of few columns is transposed instead, see
// fewOutputs.)
//
// panelOf is the first channel and the width of the panel that channel o is in.
func panelOf(o, out int) (first, width int) {
	width = panelMax()
	first = o / width * width
	left := (out - first + Panel - 1) / Panel * Panel
	for {
		for width > left {
			width /= 2
		}
		if o < first+width {
			return first, width
		}
		first, left = first+width, left-width
	}
}

// packedAt is where the column of channel o begins, and how far apart its k
// weights are.
func packedAt(o, k, out int) (at, step int) {
	if out <= fewOutputs {
		return o * k, 1
	}
	first, width := panelOf(o, out)
	return first*k + o - first, width
}

// Pack writes the packed form of w, [k][out], to dst (PackedLen long).
func Pack(dst, w []float32, k, out int) { PackRows(dst, w, k, out, out) }

// PackRows is Pack for a matrix whose rows lie `row` elements apart.
func PackRows(dst, w []float32, k, out, row int) {
	if k <= 0 || out <= 0 {
		return
	}
	need(row >= out && len(w) >= (k-1)*row+out)
	for first, n := range Panels(out) {
		packPanel(dst, w[first:], k, out, first, n, row)
	}
}

// Panels are the first channel and the number of channels of each panel of the packed
// form.
func Panels(out int) iter.Seq2[int, int] {
	return func(yield func(first, n int) bool) {
		if out <= fewOutputs {
			yield(0, out)
			return
		}
		for first, width := 0, 0; first < out; first += width {
			_, width = panelOf(first, out)
			if !yield(first, min(width, out-first)) {
				return
			}
		}
	}
}

// PackPanel writes one of Panels; w are its channels alone, [k][n].
func PackPanel(dst, w []float32, k, out, first, n int) {
	need(len(w) >= k*n)
	packPanel(dst, w, k, out, first, n, n)
}

func packPanel(dst, w []float32, k, out, first, n, row int) {
	need(len(dst) >= PackedLen(k, out))
	if out <= fewOutputs {
		clear(dst[out*k : PackedLen(k, out)])
		for o := range out {
			for j := range k {
				dst[o*k+j] = w[j*row+o]
			}
		}
		return
	}
	_, width := panelOf(first, out)
	for j := range k {
		to := dst[first*k+j*width:][:width]
		copy(to, w[j*row:][:n])
		clear(to[n:])
	}
}

// PackTransposed writes the packed form of the k × out matrix whose transpose
// is w, [out][k].
func PackTransposed(dst, w []float32, k, out int) { PackTransposedRows(dst, w, k, out, k) }

// PackTransposedRows is PackTransposed for a w whose rows lie `row` elements apart.
func PackTransposedRows(dst, w []float32, k, out, row int) {
	if k <= 0 || out <= 0 {
		return
	}
	need(len(dst) >= PackedLen(k, out) && row >= k && len(w) >= (out-1)*row+k)
	clear(dst[:PackedLen(k, out)])
	for o := range out {
		at, step := packedAt(o, k, out)
		for _, v := range w[o*row:][:k] {
			dst[at] = v
			at += step
		}
	}
}

// PackFlipped packs the weights of the convolution that carries gradients back
// through a side × side convolution with w, [side][side][in][out]: the packed
// form of
//
//	w'[ry][kx][o][i] = w[side-1-ry][side-1-kx][i][o]
//
// that is k = side·side·out rows and `in` output channels. Run it over the
// gradient of the output, padded by side/2 zeros all round, to get that of the
// input: Conv{R: side, K: side·out, Out: in, …}.
func PackFlipped(dst, w []float32, side, in, out int) {
	k := side * side * out
	if k <= 0 || in <= 0 {
		return
	}
	need(len(dst) >= PackedLen(k, in) && len(w) >= k*in)
	clear(dst[:PackedLen(k, in)])
	for tap := range side * side {
		from := w[(side*side-1-tap)*in*out:]
		for i := range in {
			at, step := packedAt(i, k, in)
			at += tap * out * step
			for _, v := range from[i*out:][:out] {
				dst[at] = v
				at += step
			}
		}
	}
}

// need panics unless the caller's lengths fit together.
func need(ok bool) {
	if !ok {
		panic("kernel: slice too short or sizes do not fit")
	}
}
