package kernel

// ChooseWinograd says which form of a 3×3 convolution serves a layer best: squares
// of 4×4, of 2×2, or 0, Conv itself. It depends on nothing but the shape, so that a
// network computes alike everywhere.
func ChooseWinograd(h, w, in, out int) (m int) {
	if in%Panel != 0 || out%Panel != 0 {
		return 0
	}
	direct := Conv{H: h, W: w, R: 3, K: 3 * in, Out: out}
	least := direct.cost()
	for _, squares := range []int{2, 4} {
		if cost := (Winograd{M: squares, H: h, W: w, In: in, Out: out}).cost(); cost < least {
			m, least = squares, cost
		}
	}
	return m
}

// ChooseWinogradGrad is the same for WeightGrad of so many images. Transforming what
// the squares add up to costs as much for one square as for hundreds, so that larger
// squares pay for larger images only, or for many.
func ChooseWinogradGrad(h, w, in, out, images int) (m int) {
	if in%Panel != 0 || out%Panel != 0 {
		return 0
	}
	least := 9 * images * (h*w + costWeighed/2) // Conv only adds up
	for _, squares := range []int{2, 4} {
		g := Winograd{M: squares, H: h, W: w}
		if cost := g.places() * (images*g.across()*g.down() + costWeighed); cost < least {
			m, least = squares, cost
		}
	}
	return m
}

// The cost of a layer, in multiply-adds of the register tile, is that of its
// products, of what is transformed, and of reading the weights, which every image
// does anew. The constants are fitted to BenchmarkConvolution, with AVX-512 and in
// WebAssembly.
const (
	costTransformed = 4       // of an element of a transformed square
	costNear        = 2       // of a weight that waits in the cache,
	costFar         = 12      // and of one that does not:
	nearWeights     = 4 << 20 // those of layers with more than that
	costWeighed     = 12      // of a sum that becomes part of a weight's gradient
)

func productCost(pixels, k, out int) int {
	return (pixels + tileHeight - 1) / tileHeight * tileHeight * k * out
}

// tileHeight is the number of pixels that the tile rounds up to.
const tileHeight = 4

func weightCost(n int) int {
	if n > nearWeights {
		return costFar * n
	}
	return costNear * n
}

func (c Conv) cost() int {
	return productCost(c.H*c.W, c.R*c.K, c.Out) + weightCost(c.R*c.K*c.Out)
}

func (g Winograd) cost() int {
	n, p := g.across()*g.down(), g.places()
	return productCost(n, p*g.In, g.Out) + costTransformed*n*p*(g.In+g.Out) + weightCost(p*g.In*g.Out)
}
