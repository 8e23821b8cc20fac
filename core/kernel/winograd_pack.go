package kernel

// WinogradLen is the length of the packed weights for squares of M×M.
func WinogradLen(m, in, out int) int { return (m + 2) * (m + 2) * PackedLen(in, out) }

// PackWinograd writes the packed transforms of w, [3][3][in][out], for squares of
// m×m.
func PackWinograd(dst, w []float32, m, in, out int) {
	need(len(w) >= 9*in*out)
	for first, width := range Panels(out) {
		packWinogradPanel(dst, w[first:], m, in, out, first, width, out)
	}
}

// PackWinogradPanel writes one of Panels; w are its channels alone, [3][3][in][n].
func PackWinogradPanel(dst, w []float32, m, in, out, first, n int) {
	need(len(w) >= 9*in*n)
	packWinogradPanel(dst, w, m, in, out, first, n, n)
}

func packWinogradPanel(dst, w []float32, m, in, out, first, n, row int) {
	need(len(dst) >= WinogradLen(m, in, out) && in%Panel == 0 && out%Panel == 0)
	for i := range in {
		packTaps(dst[first*in+i*n:], m, PackedLen(in, out), n, lines{w[i*row:], 3 * in * row, in * row})
	}
}

// PackWinogradFlipped writes those of the convolution that carries gradients back
// through w, [3][3][in][out] (see PackFlipped); it has `out` inputs and `in`
// outputs.
func PackWinogradFlipped(dst, w []float32, m, in, out int) {
	need(len(w) >= 9*in*out && len(dst) >= WinogradLen(m, out, in) && in%Panel == 0 && out%Panel == 0)
	var turned [9 * widest]float32
	for first, width := 0, 0; first < in; first += width {
		_, width = panelOf(first, in)
		for o := range out {
			for k := range 9 {
				row, from := turned[k*width:][:width], w[(8-k)*in*out+first*out+o:]
				for i := range row {
					row[i] = from[i*out]
				}
			}
			packTaps(dst[first*out+o*width:], m, PackedLen(out, in), width, lines{turned[:], 3 * width, width})
		}
	}
}

// widest bounds the panels of every form.
const widest = 32

// packTaps writes G w Gᵀ of one row of a panel, `width` long, to each place of dst,
// `plane` apart; from are the rows of w, its runs their columns.
func packTaps(dst []float32, m, plane, width int, from lines) {
	var held [6 * 3 * widest]float32
	half, side := transforms(m).taps, m+2
	half.run(lines{held[:], 3 * width, width}, lines{}, from, 3, width)
	half.run(lines{dst, plane, side * plane}, lines{}, lines{held[:], width, 3 * width}, side, width)
}
