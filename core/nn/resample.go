package nn

import "github.com/ddpm-go/ddpm/core/kernel"

// AvgPool2 writes to out, which is contiguous, the mean of each 2×2 pixels of x,
// which may be some channels of a wider image.
func AvgPool2(out, x Image) {
	halves(out, x)
	kernel.AvgPool2(out.contiguous(), x.Data, out.H, out.W, out.C, x.Pix)
}

// AvgPool2BackwardAdd adds to dx the gradient of AvgPool2's input: a quarter of
// dout on each of four pixels.
func AvgPool2BackwardAdd(dx, dout Image) {
	halves(dout, dx)
	kernel.AvgPool2Grad(dx.Data, dout.contiguous(), dout.H, dout.W, dout.C, dx.Pix)
}

// Upsample2 writes each pixel of x, which is contiguous, to 2×2 pixels of out,
// which may be some channels of a wider image.
func Upsample2(out, x Image) {
	halves(x, out)
	kernel.Upsample2(out.Data, x.contiguous(), x.H, x.W, x.C, out.Pix)
}

// Upsample2Backward writes the gradient of Upsample2's input: the sum of dout
// over its four pixels.
func Upsample2Backward(dx, dout Image) {
	halves(dx, dout)
	kernel.Upsample2Grad(dx.contiguous(), dout.Data, dx.H, dx.W, dx.C, dout.Pix)
}

func halves(small, large Image) {
	if large.H != 2*small.H || large.W != 2*small.W || large.C != small.C || large.Pad != 0 || large.Row != large.W*large.Pix {
		panic("nn: images are not one half the other's size")
	}
}
