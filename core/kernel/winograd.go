package kernel

// Winograd is a 3×3 convolution, stride 1, computed with fewer multiplications
// (Winograd's F(M×M, 3×3); Lavin & Gray, "Fast Algorithms for Convolutional Neural
// Networks", 2015): 2.25 times fewer for M = 2, 4 times for M = 4. It computes what
//
//	Conv{H, W, R: 3, K: 3·In, Out, InRow, InPix: In, OutRow, OutPix}
//
// does: in is an image with a border of one zero pixel, H+2 rows of W+2 pixels,
// InRow elements apart, w is [3][3][In][Out]. Each M×M square of the output comes
// from the square d of the input over it, of M+2 pixels a side:
//
//	Y = Aᵀ[ Σ_c (G w_c Gᵀ) ⊙ (Bᵀ d_c B) ]A
//
// The sum over c is a matrix product over all the squares for each of the (M+2)²
// places in the square. In and Out are multiples of Panel.
type Winograd struct {
	M              int // 2 or 4
	H, W           int
	In, Out        int
	InRow          int
	OutRow, OutPix int
}

// planeGap keeps the planes of a transformed image, one for each place, from
// falling on the same lines of the cache.
const planeGap = 16

// Scratch is the number of elements that Forward and Accumulate need to work in;
// what they leave there means nothing.
func (g Winograd) Scratch() int { return g.ScratchBy(nil) }

// ScratchBy is Scratch for ForwardBy and AccumulateBy.
func (g Winograd) ScratchBy(team *Team) int {
	n := g.strip(team.Hands()) * g.across()
	return g.places()*((g.In+g.Out)*n+2*planeGap) + team.Hands()*g.heldFloats()
}

// side is the side of an input square, places the number of its pixels.
func (g Winograd) side() int   { return g.M + 2 }
func (g Winograd) places() int { return g.side() * g.side() }

// across and down count the squares; strip is how many rows of them are done at
// once: as many as stripFloats hold for each hand.
func (g Winograd) across() int { return (g.W + g.M - 1) / g.M }
func (g Winograd) down() int   { return (g.H + g.M - 1) / g.M }
func (g Winograd) strip(hands int) int {
	return min(max(1, hands*stripFloats/max(1, g.places()*(g.In+g.Out)*g.across())), g.down())
}

// Forward is Conv.Forward; packed is from PackWinograd.
func (g Winograd) Forward(out, in, packed, bias, scratch []float32) {
	g.ForwardBy(nil, out, in, packed, bias, scratch)
}

// Accumulate is Conv.Accumulate.
func (g Winograd) Accumulate(out, in, packed, scratch []float32) {
	g.AccumulateBy(nil, out, in, packed, scratch)
}

// ForwardBy is Forward with the work shared out.
func (g Winograd) ForwardBy(team *Team, out, in, packed, bias, scratch []float32) {
	need(bias == nil || len(bias) >= g.Out)
	g.run(team, out, in, packed, bias, scratch, false)
}

// AccumulateBy is Accumulate with the work shared out.
func (g Winograd) AccumulateBy(team *Team, out, in, packed, scratch []float32) {
	g.run(team, out, in, packed, nil, scratch, true)
}

func (g Winograd) run(team *Team, out, in, packed, bias, scratch []float32, accumulate bool) {
	if !g.check(out, in) {
		return
	}
	need(len(scratch) >= g.ScratchBy(team) && len(packed) >= g.places()*PackedLen(g.In, g.Out))
	if team != nil && g.mulAdds() < leastMulAdds {
		team = nil
	}
	strip := g.strip(team.Hands())
	for y := 0; y < g.down(); y += strip {
		s := winogradStrip{g: g, out: out, in: in, packed: packed, bias: bias, y: y, rows: min(strip, g.down()-y), accumulate: accumulate}
		n := s.rows * g.across()
		s.squares = planes{scratch, n*g.In + planeGap}
		s.products = planes{scratch[g.places()*s.squares.apart:], n*g.Out + planeGap}
		s.held = s.products.data[g.places()*s.products.apart:]
		if team != nil {
			s.shareOut(team)
			continue
		}
		s.input(0, s.rows, 0)
		s.multiply(0, g.places())
		s.output(0, s.rows, 0)
	}
}

// mulAdds counts the multiply-adds of the products.
func (g Winograd) mulAdds() int { return g.places() * g.across() * g.down() * g.In * g.Out }

// transformInput writes Bᵀ d B of the squares in rows y… to dst, [n][In] at each
// place: first Bᵀ d along whole rows of the image, into held, then B square by
// square. Beyond the border of an image that is not whole squares there are zeros.
func (g Winograd) transformInput(dst planes, in, held []float32, y, rows int) {
	c, m, side := g.In, g.M, g.side()
	valid, wide := (g.W+2)*c, (m*g.across()+2)*c
	held, edge := held[:side*wide], held[side*wide:]
	for r := range side {
		clear(held[r*wide+valid : (r+1)*wide])
	}
	half := transforms(m).input
	for i := range rows {
		from := lines{data: in[m*(y+i)*g.InRow:], apart: g.InRow}
		if left := g.H + 2 - m*(y+i); left < side {
			for r := range left {
				copy(edge[r*valid:][:valid], from.data[r*g.InRow:])
			}
			clear(edge[left*valid : side*valid])
			from = lines{data: edge, apart: valid}
		}
		half.run(lines{data: held, apart: wide}, lines{}, from, 1, valid)
		for r := range side {
			to := dst.data[side*r*dst.apart+i*g.across()*c:]
			half.run(lines{to, dst.apart, c}, lines{}, lines{held[r*wide:], c, m * c}, g.across(), c)
		}
	}
}

// transformOutput writes Aᵀ m A of the products, [n][Out] at each place, to the
// squares in rows y…, plus bias or what is there: first Aᵀ m for a row of squares,
// into held, then A square by square. Pixels beyond an image that is not whole
// squares go nowhere.
func (g Winograd) transformOutput(out []float32, products planes, bias, held []float32, y, rows int, accumulate bool) {
	c, m, side := g.Out, g.M, g.side()
	row := g.across() * c
	held, edge := held[:m*side*row], held[m*side*row:]
	half := transforms(m).output
	whole, rest := g.W/m, g.W%m
	for i := range rows {
		for x := range side {
			from := products.data[x*products.apart+i*row:]
			half.run(lines{data: held[x*row:], apart: side * row}, lines{}, lines{data: from, apart: side * products.apart}, 1, row)
		}
		for part := range min(m, g.H-m*(y+i)) {
			pixels := out[(m*(y+i)+part)*g.OutRow:]
			from := lines{held[part*side*row:], row, c}
			to, plus := lines{pixels, g.OutPix, m * g.OutPix}, lines{data: bias}
			if accumulate {
				plus = to
			}
			half.run(to, plus, from, whole, c)
			if rest == 0 {
				continue
			}
			pixels, from.data = pixels[whole*m*g.OutPix:], from.data[whole*c:]
			to = lines{data: edge, apart: c}
			if accumulate {
				plus = to
				for x := range rest {
					copy(edge[x*c:][:c], pixels[x*g.OutPix:])
				}
			}
			half.run(to, plus, from, 1, c)
			for x := range rest {
				copy(pixels[x*g.OutPix:][:c], edge[x*c:])
			}
		}
	}
}

// heldFloats is what the transforms hold between their two halves, and beside it
// the squares at the edge.
func (g Winograd) heldFloats() int {
	wide, row := (g.M*g.across()+2)*g.In, g.across()*g.Out
	return max(2*g.side()*wide, g.M*g.side()*row+g.M*g.Out)
}

// direct is the same convolution without the transforms.
func (g Winograd) direct() Conv {
	return Conv{H: g.H, W: g.W, R: 3, K: 3 * g.In, Out: g.Out,
		InRow: g.InRow, InPix: g.In, OutRow: g.OutRow, OutPix: g.OutPix}
}

// check is Conv.check for this shape.
func (g Winograd) check(out, in []float32) bool {
	need((g.M == 2 || g.M == 4) && g.In > 0 && g.Out > 0 && g.In%Panel == 0 && g.Out%Panel == 0)
	return g.direct().check(out, in)
}
