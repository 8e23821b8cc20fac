package kernel

// Conv is a family of dot products over an H × W grid. For every y < H, x < W,
// o < Out:
//
//	out[y·OutRow + x·OutPix + o] = bias[o] + Σ_{r<R} Σ_{j<K} in[(y+r)·InRow + x·InPix + j] · w[r·K+j][o]
//
// A 3×3 convolution of an image with a border of one zero pixel has R = 3,
// K = 3C, InPix = C, InRow = (W+2)C: the K values under one row of the kernel are
// contiguous, so nothing is copied. A 1×1 convolution has R = 1, K = C; a linear
// layer over n vectors has H = 1, W = n, R = 1.
type Conv struct {
	H, W           int // the grid
	R, K           int // contiguous runs of K inputs, from R rows
	Out            int // output channels
	InRow, InPix   int // strides of the input, in elements
	OutRow, OutPix int // strides of the output, in elements
}

// MulAdds is the number of multiply-adds of one pass.
func (c Conv) MulAdds() int { return c.H * c.W * c.R * c.K * c.Out }

// Forward computes the above with packed weights (Pack of [R·K][Out]). A nil bias
// is zero.
func (c Conv) Forward(out, in, packed, bias []float32) {
	if !c.check(out, in) {
		return
	}
	need(len(packed) >= PackedLen(c.R*c.K, c.Out) && (bias == nil || len(bias) >= c.Out))
	c.forward(out, in, packed, bias, false)
}

// Accumulate adds to what out holds instead of a bias.
func (c Conv) Accumulate(out, in, packed []float32) {
	if !c.check(out, in) {
		return
	}
	need(len(packed) >= PackedLen(c.R*c.K, c.Out))
	c.forward(out, in, packed, nil, true)
}

// WeightGrad adds to dw, [R·K][Out], the gradient of the weights, given that of
// the output:
//
//	dw[(r·K+j)·Out + o] += Σ_{y,x} in[(y+r)·InRow + x·InPix + j] · dout[y·OutRow + x·OutPix + o]
//
// scratch is WeightGradScratch long and holds nothing between calls.
func (c Conv) WeightGrad(dw, in, dout, scratch []float32) {
	if !c.check(dout, in) {
		return
	}
	need(len(dw) >= c.R*c.K*c.Out && len(scratch) >= c.WeightGradScratch())
	c.weightGrad(dw, in, dout, scratch)
}

// WeightGradScratch is the number of elements that WeightGrad needs to work in.
func (c Conv) WeightGradScratch() int { return c.weightGradScratch() }

// check says whether there is anything to do, and panics if the slices or the
// strides cannot be right. Pixels of the output must not overlap.
func (c Conv) check(out, in []float32) bool {
	if c.H <= 0 || c.W <= 0 || c.Out <= 0 || c.R <= 0 || c.K <= 0 {
		need(c.H >= 0 && c.W >= 0 && c.Out >= 0 && c.R > 0 && c.K > 0)
		return false
	}
	need(c.InRow >= 0 && c.InPix >= 0)
	need(c.W == 1 || c.OutPix >= c.Out)
	need(c.H == 1 || c.OutRow >= (c.W-1)*c.OutPix+c.Out)
	need(len(out) >= (c.H-1)*c.OutRow+(c.W-1)*c.OutPix+c.Out)
	need(len(in) >= (c.H+c.R-2)*c.InRow+(c.W-1)*c.InPix+c.K)
	return true
}
