package kernel

// gradStripFloats bounds what WeightGrad holds at once. It is larger than
// stripFloats, because each strip goes over the whole of the weights' gradient.
const gradStripFloats = 256 << 10

func (g Winograd) gradStrip() int {
	return min(max(1, gradStripFloats/max(1, places*(g.In+g.Out)*g.across())), g.down())
}

// leastSquares is how many 2×2 squares it takes for the transforms of the weights'
// gradient to pay: it is as large for one square as for hundreds.
const leastSquares = 32

// direct is the same convolution without the transforms.
func (g Winograd) direct() Conv {
	return Conv{H: g.H, W: g.W, R: 3, K: 3 * g.In, Out: g.Out,
		InRow: g.InRow, InPix: g.In, OutRow: g.OutRow, OutPix: g.OutPix}
}

// WeightGradScratch is the number of elements that WeightGrad needs to work in.
func (g Winograd) WeightGradScratch() int {
	if g.across()*g.down() < leastSquares {
		return g.direct().WeightGradScratch()
	}
	return places*((g.In+g.Out)*g.gradStrip()*g.across()+g.In*g.Out) + max(places*g.In, g.Out)
}

// WeightGrad is Conv.WeightGrad: dw, [3][3][In][Out], += the gradient of the
// weights. The transforms are the transposes of Forward's:
//
//	dw_io += Gᵀ[ Σ_squares (Bᵀ d_i B) ⊙ (A dY_o Aᵀ) ]G
func (g Winograd) WeightGrad(dw, in, dout, scratch []float32) {
	need(g.In > 0 && g.Out > 0 && g.In%Panel == 0 && g.Out%Panel == 0)
	c := g.direct()
	if !c.check(dout, in) {
		return
	}
	if g.across()*g.down() < leastSquares {
		c.WeightGrad(dw, in, dout, scratch)
		return
	}
	plane := g.In * g.Out
	need(len(scratch) >= g.WeightGradScratch() && len(dw) >= 9*plane)
	sums, scratch := scratch[:places*plane], scratch[places*plane:]
	for y := 0; y < g.down(); y += g.gradStrip() {
		rows := min(g.gradStrip(), g.down()-y)
		n := rows * g.across()
		squares, grads := scratch[:places*n*g.In], scratch[places*n*g.In:][:places*n*g.Out]
		patch := scratch[places*n*(g.In+g.Out):]
		g.transformInput(squares, in, patch, y, rows)
		g.transformGradient(grads, dout, patch, y, rows)
		for p := range places {
			outer(sums[p*plane:][:plane], squares[p*n*g.In:][:n*g.In], grads[p*n*g.Out:][:n*g.Out], g.In, g.Out, y > 0)
		}
	}
	weightSums(dw[:9*plane], sums, plane)
}

// transformGradient writes A dY Aᵀ of the squares in rows y… of dout to dst,
// sixteen times the packed form of [n][Out]. Beyond an image of odd size the
// gradient is zero.
func (g Winograd) transformGradient(dst, dout, zero []float32, y, rows int) {
	n := rows * g.across()
	zero = zero[:g.Out]
	clear(zero)
	for i := range n {
		top, left := 2*(y+i/g.across()), 2*(i%g.across())
		var pixel [4][]float32
		for part := range pixel {
			py, px := top+part/2, left+part%2
			if py < g.H && px < g.W {
				pixel[part] = dout[py*g.OutRow+px*g.OutPix:][:g.Out]
			} else {
				pixel[part] = zero
			}
		}
		for first, width := 0, 0; first < g.Out; first += width {
			_, width = panelOf(first, g.Out)
			gradSquare(dst[first*n+i*width:], n*g.Out, &pixel, first, width)
		}
	}
}
