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
	return places*((g.In+g.Out)*g.gradStrip()*g.across()+g.In*g.Out) + g.heldFloats()
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
	totals, scratch := scratch[:places*plane], scratch[places*plane:]
	for y := 0; y < g.down(); y += g.gradStrip() {
		rows := min(g.gradStrip(), g.down()-y)
		n := rows * g.across()
		squares, grads := scratch[:places*n*g.In], scratch[places*n*g.In:][:places*n*g.Out]
		held := scratch[places*n*(g.In+g.Out):]
		g.transformInput(squares, in, held, y, rows)
		g.transformGradient(grads, dout, held, y, rows)
		for p := range places {
			outer(totals[p*plane:][:plane], squares[p*n*g.In:][:n*g.In], grads[p*n*g.Out:][:n*g.Out], g.In, g.Out, y > 0)
		}
	}
	weightSums(dw[:9*plane], totals, plane)
}

// transformGradient writes A dY Aᵀ of the squares in rows y… of dout to dst,
// sixteen times the packed form of [n][Out]: first A dY pixel by pixel, into held,
// then Aᵀ square by square. Beyond an image of odd size the gradient is zero.
func (g Winograd) transformGradient(dst, dout, held []float32, y, rows int) {
	c, row := g.Out, 2*g.across()*g.Out
	n := rows * g.across()
	plane := n * c
	clear(held[:4*row+c])
	zero := held[4*row:][:c]
	for i := range rows {
		top := 2 * (y + i) * g.OutRow
		for x := range g.W {
			upper, lower := dout[top+x*g.OutPix:][:c], zero
			if 2*(y+i)+1 < g.H {
				lower = dout[top+g.OutRow+x*g.OutPix:][:c]
			}
			to := held[x*c:]
			spread(to[:c], to[row:], to[2*row:], to[3*row:], upper, lower)
		}
		for first, width := 0, 0; first < c; first += width {
			_, width = panelOf(first, c)
			for x := range g.across() {
				for r := range 4 {
					from := held[r*row+2*x*c+first:]
					to := dst[4*r*plane+first*n+(i*g.across()+x)*width:]
					spread(to[:width], to[plane:], to[2*plane:], to[3*plane:], from, from[c:])
				}
			}
		}
	}
}
