package kernel

// Winograd is a 3×3 convolution, stride 1, computed with 2.25 times fewer
// multiplications (Winograd's F(2×2, 3×3); Lavin & Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2015). It computes what
//
//	Conv{H, W, R: 3, K: 3·In, Out, InRow, InPix: In, OutRow, OutPix}
//
// does: in is an image with a border of one zero pixel, H+2 rows of W+2 pixels,
// InRow elements apart, w is [3][3][In][Out]. Each 2×2 square of the output comes
// from the 4×4 square d of the input over it:
//
//	Y = Aᵀ[ Σ_c (G w_c Gᵀ) ⊙ (Bᵀ d_c B) ]A
//
// The sum over c is sixteen matrix products over all the squares, one for each
// place in the 4×4 square. In and Out are multiples of Panel.
type Winograd struct {
	H, W           int
	In, Out        int
	InRow          int
	OutRow, OutPix int
}

// places is the number of elements of a transformed square.
const places = 16

// stripFloats bounds the transformed squares that are held at once, so that they
// stay in a core's cache.
const stripFloats = 96 << 10

// WinogradLen is the length of the packed weights.
func WinogradLen(in, out int) int { return places * PackedLen(in, out) }

// PackWinograd writes the packed transforms of w, [3][3][in][out].
func PackWinograd(dst, w []float32, in, out int) {
	need(len(w) >= 9*in*out && len(dst) >= WinogradLen(in, out))
	packTransforms(dst, w, in, out, in*out, out, 1)
}

// PackWinogradFlipped writes those of the convolution that carries gradients back
// through w, [3][3][in][out] (see PackFlipped); it has `out` inputs and `in`
// outputs.
func PackWinogradFlipped(dst, w []float32, in, out int) {
	need(len(w) >= 9*in*out && len(dst) >= WinogradLen(out, in))
	packTransforms(dst, w, out, in, -in*out, 1, out)
}

// taps is a 3×3 kernel for Panel output channels.
type taps [9][Panel]float32

// packTransforms packs G w Gᵀ, where tap k of the kernel from channel i to o is
// w[k·tap + i·row + o·column], from the end backwards if tap is negative.
func packTransforms(dst, w []float32, in, out, tap, row, column int) {
	need(in%Panel == 0 && out%Panel == 0)
	start := 0
	if tap < 0 {
		start = -8 * tap
	}
	var g taps
	for o := 0; o < out; o += Panel {
		at, step := packedAt(o, in, out)
		for i := range in {
			for k := range g {
				from := w[start+k*tap+i*row+o*column:]
				if column == 1 {
					g[k] = [Panel]float32(from)
					continue
				}
				for c := range g[k] {
					g[k][c] = from[c*column]
				}
			}
			transformTaps(dst[at+i*step:], PackedLen(in, out), &g)
		}
	}
}

// Scratch is the number of elements that every method needs to work in; what they
// leave there means nothing.
func (g Winograd) Scratch() int {
	return places*(g.In+g.Out)*g.strip()*g.across() + g.heldFloats()
}

// across and down count the 2×2 squares; strip is how many rows of them are done
// at once.
func (g Winograd) across() int { return (g.W + 1) / 2 }
func (g Winograd) down() int   { return (g.H + 1) / 2 }
func (g Winograd) strip() int {
	return min(max(1, stripFloats/max(1, places*(g.In+g.Out)*g.across())), g.down())
}

// Forward is Conv.Forward; packed is from PackWinograd.
func (g Winograd) Forward(out, in, packed, bias, scratch []float32) {
	need(bias == nil || len(bias) >= g.Out)
	g.run(out, in, packed, bias, scratch, false)
}

// Accumulate is Conv.Accumulate.
func (g Winograd) Accumulate(out, in, packed, scratch []float32) {
	g.run(out, in, packed, nil, scratch, true)
}

func (g Winograd) run(out, in, packed, bias, scratch []float32, accumulate bool) {
	if !g.check(out, in, scratch) {
		return
	}
	plane := PackedLen(g.In, g.Out)
	need(len(packed) >= places*plane)
	for y := 0; y < g.down(); y += g.strip() {
		rows := min(g.strip(), g.down()-y)
		n := rows * g.across()
		squares, products := scratch[:places*n*g.In], scratch[places*n*g.In:][:places*n*g.Out]
		held := scratch[places*n*(g.In+g.Out):]
		g.transformInput(squares, in, held, y, rows)
		product := Conv{H: 1, W: n, R: 1, K: g.In, Out: g.Out, InPix: g.In, OutPix: g.Out}
		for p := range places {
			product.Forward(products[p*n*g.Out:][:n*g.Out], squares[p*n*g.In:][:n*g.In], packed[p*plane:][:plane], nil)
		}
		g.transformOutput(out, products, bias, held, y, rows, accumulate)
	}
}

// transformInput writes Bᵀ d B of the squares in rows y… to dst, [16][n][In]:
// first Bᵀ d along whole rows of the image, into held, then B square by square.
// Beyond the border of an image of odd size there are zeros.
func (g Winograd) transformInput(dst, in, held []float32, y, rows int) {
	c, plane := g.In, rows*g.across()*g.In
	valid, wide := (g.W+2)*c, (2*g.across()+2)*c
	clear(held[:5*wide])
	for i := range rows {
		var d [4][]float32
		for r := range d {
			d[r] = held[4*wide:][:valid]
			if top := 2*(y+i) + r; top < g.H+2 {
				d[r] = in[top*g.InRow:][:valid]
			}
		}
		differences(held[:valid], held[wide:], held[2*wide:], held[3*wide:], d[0], d[1], d[2], d[3])
		for x := range g.across() {
			for r := range 4 {
				to, p := dst[4*r*plane+(i*g.across()+x)*c:], held[r*wide+2*x*c:]
				differences(to[:c], to[plane:], to[2*plane:], to[3*plane:], p, p[c:], p[2*c:], p[3*c:])
			}
		}
	}
}

// transformOutput writes Aᵀ m A of the products, [16][n][Out], to the squares in
// rows y…, plus bias or what is there: first Aᵀ m for a row of squares, into held,
// then A square by square. Pixels beyond an image of odd size go nowhere.
func (g Winograd) transformOutput(out, products, bias, held []float32, y, rows int, accumulate bool) {
	c, row := g.Out, g.across()*g.Out
	plane := rows * row
	sink, start := held[8*row:][:c], held[8*row+c:][:c]
	clear(start)
	copy(start, bias)
	for i := range rows {
		for x := range 4 {
			m := products[x*plane+i*row:]
			sums(held[x*row:][:row], held[(4+x)*row:], m, m[4*plane:], m[8*plane:], m[12*plane:])
		}
		for part := range 2 {
			py := 2*(y+i) + part
			if py >= g.H {
				continue
			}
			for x := range g.across() {
				at := py*g.OutRow + 2*x*g.OutPix
				left, right := out[at:][:c], sink
				if 2*x+1 < g.W {
					right = out[at+g.OutPix:][:c]
				}
				m := held[4*part*row+x*c:]
				if accumulate {
					sumsPlus(left, right, left, right, m, m[row:], m[2*row:], m[3*row:])
				} else {
					sumsPlus(left, right, start, start, m, m[row:], m[2*row:], m[3*row:])
				}
			}
		}
	}
}

// heldFloats is what the transforms hold between their two halves.
func (g Winograd) heldFloats() int {
	return max(5*(2*g.across()+2)*g.In, (8*g.across()+2)*g.Out)
}

// check is Conv.check for this shape.
func (g Winograd) check(out, in, scratch []float32) bool {
	need(g.In > 0 && g.Out > 0 && g.In%Panel == 0 && g.Out%Panel == 0)
	if !g.direct().check(out, in) {
		return false
	}
	need(len(scratch) >= g.Scratch())
	return true
}
