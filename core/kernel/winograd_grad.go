package kernel

// gradStripFloats bounds what WeightGrad holds at once. Each strip goes over the
// whole of the weights' gradient.
const gradStripFloats = 256 << 10

// gradStrip is the number of rows of squares, from as many images, in a strip.
func (g Winograd) gradStrip(images int) int {
	return min(max(1, gradStripFloats/max(1, g.places()*(g.In+g.Out)*g.across())), images*g.down())
}

// WeightGradScratch is the number of elements that WeightGrad needs to work in for
// so many images.
func (g Winograd) WeightGradScratch(images int) int {
	n := g.gradStrip(images) * g.across()
	held := max(2*g.side()*(g.M*g.across()+2)*g.In, 2*g.side()*g.M*g.across()*g.Out, 3*g.side()*tapChunk)
	return g.places()*((g.In+g.Out)*n+2*planeGap+g.In*g.Out) + held
}

// WeightGrad is Conv.WeightGrad for several images, of which image gives the i-th:
// dw, [3][3][In][Out], += the gradient of the weights. The transforms are the
// transposes of Forward's:
//
//	dw_io += Gᵀ[ Σ_images Σ_squares (Bᵀ d_i B) ⊙ (A dY_o Aᵀ) ]G
//
// The one transform at the end costs the same for any number of images.
func (g Winograd) WeightGrad(dw []float32, images int, image func(i int) (in, dout []float32), scratch []float32) {
	rows := images * g.down()
	if rows <= 0 || g.W <= 0 {
		return
	}
	plane := g.In * g.Out
	need(len(scratch) >= g.WeightGradScratch(images) && len(dw) >= 9*plane)
	totals, scratch := scratch[:g.places()*plane], scratch[g.places()*plane:]
	var held []float32
	for first := 0; first < rows; first += g.gradStrip(images) {
		strip := min(g.gradStrip(images), rows-first)
		n := strip * g.across()
		squares := planes{scratch, n*g.In + planeGap}
		grads := planes{scratch[g.places()*squares.apart:], n*g.Out + planeGap}
		held = grads.data[g.places()*grads.apart:]
		for at := 0; at < strip; {
			i, y := (first+at)/g.down(), (first+at)%g.down()
			some := min(strip-at, g.down()-y)
			in, dout := image(i)
			need(g.check(dout, in))
			g.transformInput(squares.from(at*g.across()*g.In), in, held, y, some)
			g.transformGradient(grads, dout, held, n, at, y, some)
			at += some
		}
		for p := range g.places() {
			outer(totals[p*plane:][:plane], squares.at(p), grads.at(p), g.In, g.Out, first > 0)
		}
	}
	g.weigh(dw[:9*plane], totals, held)
}

// transformGradient writes A dY Aᵀ of the squares in rows y… of dout to rows at… of
// dst, the packed form of [n][Out] at each place: first A dY along rows of pixels,
// into held, then Aᵀ square by square. Beyond an image that is not whole squares the
// gradient is zero.
func (g Winograd) transformGradient(dst planes, dout, held []float32, n, at, y, rows int) {
	c, m, side := g.Out, g.M, g.side()
	valid, wide := g.W*c, m*g.across()*c
	held, edge := held[:side*wide], held[side*wide:]
	for r := range side {
		clear(held[r*wide+valid : (r+1)*wide])
	}
	half := transforms(m).spread
	for i := range rows {
		from := lines{dout[m*(y+i)*g.OutRow:], g.OutRow, g.OutPix}
		if left := g.H - m*(y+i); left < m {
			for r := range left {
				for x := range g.W {
					copy(edge[r*valid+x*c:][:c], from.data[r*g.OutRow+x*g.OutPix:])
				}
			}
			clear(edge[left*valid : m*valid])
			from = lines{edge, valid, c}
		}
		half.run(lines{held, wide, c}, lines{}, from, g.W, c)
		for first, width := 0, 0; first < c; first += width {
			_, width = panelOf(first, c)
			for r := range side {
				to := dst.data[side*r*dst.apart+first*n+(at+i)*g.across()*width:]
				half.run(lines{to, dst.apart, width}, lines{}, lines{held[r*wide+first:], c, m * c}, g.across(), width)
			}
		}
	}
}

// tapChunk is how many weights weigh does at a time. It is a multiple of Panel.
const tapChunk = 256

// weigh adds Gᵀ u G to dw, [3][3][In·Out], from u, [M+2][M+2][In·Out].
func (g Winograd) weigh(dw, u, held []float32) {
	side, plane := g.side(), g.In*g.Out
	half := transforms(g.M).weighing
	for at := 0; at < plane; at += tapChunk {
		n := min(tapChunk, plane-at)
		half.run(lines{held, side * n, n}, lines{}, lines{u[at:], side * plane, plane}, side, n)
		to := lines{dw[at:], plane, 3 * plane}
		half.run(to, to, lines{held, n, side * n}, 3, n)
	}
}
