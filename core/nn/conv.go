package nn

import (
	"math/rand/v2"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// Conv is a convolution with stride 1 and a bias, 3×3 over images with a border
// of one pixel or 1×1 over any: out = Σ_{ky,kx,i} in[y+ky−1, x+kx−1, i]·w[ky,kx,i,o] + b[o].
// A 1×1 convolution over an image of one row is a linear layer over its pixels.
type Conv struct {
	Side, In, Out int

	size         int // pixels a side of the images that it is best for
	forward      int // squares of kernel.Winograd, or 0 for kernel.Conv
	backward     int // the same for the gradient of the input
	way          Convolution
	gain         float64 // variance of a weight is gain / fan-in
	weight, bias span
	w, b         []float32
	packed       []float32
	flipped      []float32 // the adjoint's weights; only once training
}

// Gains for Init: the activation before a layer decides.
const (
	Linear float64 = 1 // LeCun: what comes in has variance 1
	Halved float64 = 2 // He: an activation has removed half of it
	Zero   float64 = 0 // the layer begins by adding nothing
)

// Conv declares a convolution whose parameters are name.weight and name.bias. It
// serves images of any size, and those of size × size pixels best.
func (w *Weights) Conv(name string, side, size, in, out int, gain float64) *Conv {
	if side != 1 && side != 3 {
		panic("nn: convolutions are 1×1 or 3×3")
	}
	c := &Conv{Side: side, In: in, Out: out, size: size, gain: gain}
	c.choose(Auto)
	c.weight = w.declare(name+".weight", true, out, in, side, side)
	c.bias = w.declare(name+".bias", false, out)
	w.layers = append(w.layers, c)
	return c
}

// Linear declares a linear layer whose parameters are weight and bias, given
// with their full names, because PyTorch's attention joins them by underscores.
func (w *Weights) Linear(weight, bias string, in, out int, gain float64) *Conv {
	c := &Conv{Side: 1, In: in, Out: out, gain: gain}
	c.weight = w.declare(weight, true, out, in)
	c.bias = w.declare(bias, false, out)
	w.layers = append(w.layers, c)
	return c
}

// choose says how to compute, before bind or load.
func (c *Conv) choose(way Convolution) {
	c.way = way
	c.forward = way.squares(c.Side, c.size, c.In, c.Out, kernel.ChooseWinograd)
	c.backward = way.squares(c.Side, c.size, c.Out, c.In, kernel.ChooseWinograd)
}

// gradient is what forward is, for the gradient of the weights from so many images.
func (c *Conv) gradient(images int) int {
	return c.way.squares(c.Side, c.size, c.In, c.Out, func(h, w, in, out int) int {
		return kernel.ChooseWinogradGrad(h, w, in, out, images)
	})
}

func (c *Conv) bind(flat []float32) {
	c.w, c.b = c.weight.of(flat), c.bias.of(flat)
	c.packed, c.flipped = make([]float32, c.packedLen(c.forward, c.In, c.Out)), nil
}

func (c *Conv) load(l *loader) {
	c.b = l.vector(c.bias)
	c.packed = make([]float32, c.packedLen(c.forward, c.In, c.Out))
	l.panels(c.weight, func(first, n int, w []float32) {
		if c.forward > 0 {
			kernel.PackWinogradPanel(c.packed, w, c.forward, c.In, c.Out, first, n)
		} else {
			kernel.PackPanel(c.packed, w, c.fanIn(), c.Out, first, n)
		}
	})
}

func (c *Conv) largest() span { return c.weight }

func (c *Conv) packedLen(squares, in, out int) int {
	if squares > 0 {
		return kernel.WinogradLen(squares, in, out)
	}
	return kernel.PackedLen(c.Side*c.Side*in, out)
}

func (c *Conv) pack(training bool) {
	if c.forward > 0 {
		kernel.PackWinograd(c.packed, c.w, c.forward, c.In, c.Out)
	} else {
		kernel.Pack(c.packed, c.w, c.fanIn(), c.Out)
	}
	if !training {
		return
	}
	if c.flipped == nil {
		c.flipped = make([]float32, c.packedLen(c.backward, c.Out, c.In))
	}
	if c.backward > 0 {
		kernel.PackWinogradFlipped(c.flipped, c.w, c.backward, c.In, c.Out)
	} else {
		kernel.PackFlipped(c.flipped, c.w, c.Side, c.In, c.Out)
	}
}

func (c *Conv) init(r *rand.Rand) { uniform(c.w, c.gain/float64(c.fanIn()), r) }

func (c *Conv) fanIn() int { return c.Side * c.Side * c.In }

// Bias is the layer's bias.
func (c *Conv) Bias() []float32 { return c.b }

// MulAdds is the number of multiply-adds for an h×w image.
func (c *Conv) MulAdds(h, w int) int64 {
	return int64(h) * int64(w) * int64(c.fanIn()) * int64(c.Out)
}

// shape is the kernel's description, for any two images.
func (c *Conv) shape(out, in Image) kernel.Conv {
	return kernel.Conv{
		H: out.H, W: out.W, R: c.Side, K: c.Side * in.C, Out: out.C,
		InRow: in.Row, InPix: in.Pix, OutRow: out.Row, OutPix: out.Pix,
	}
}

// over is the kernel's description of the convolution from one image to
// another; the same serves forward and, with the channels exchanged, backward.
func (c *Conv) over(out, in Image) (k kernel.Conv, data []float32) {
	if in.H != out.H || in.W != out.W {
		panic("nn: convolution between images of different size")
	}
	k = c.shape(out, in)
	if c.Side == 1 {
		return k, in.At()
	}
	if in.Pad != 1 || in.Pix != in.C {
		panic("nn: a 3×3 convolution reads an image with a border of one pixel")
	}
	return k, in.Data
}

// squares is the same as kernel.Winograd's description.
func squares(m int, k kernel.Conv) kernel.Winograd {
	return kernel.Winograd{M: m, H: k.H, W: k.W, In: k.InPix, Out: k.Out,
		InRow: k.InRow, OutRow: k.OutRow, OutPix: k.OutPix}
}

// Forward computes out with bias in place of the layer's own (Bias). The border
// of out, if it has one, is left as it is. room has Scratch floats.
func (c *Conv) Forward(out, in Image, bias []float32, room Room) {
	c.match(out, in)
	k, data := c.over(out, in)
	if c.forward > 0 {
		squares(c.forward, k).ForwardBy(room.Team, out.At(), data, c.packed, bias, room.Floats)
		return
	}
	k.ForwardBy(room.Team, out.At(), data, c.packed, bias)
}

// Accumulate adds the convolution, without bias, to out. room has Scratch floats.
func (c *Conv) Accumulate(out, in Image, room Room) {
	c.match(out, in)
	k, data := c.over(out, in)
	if c.forward > 0 {
		squares(c.forward, k).AccumulateBy(room.Team, out.At(), data, c.packed, room.Floats)
		return
	}
	k.AccumulateBy(room.Team, out.At(), data, c.packed)
}

// Scratch is how much room Forward and Accumulate need for h×w images with a team; a
// 1×1 convolution needs none.
func (c *Conv) Scratch(h, w int, team *kernel.Team) int {
	if c.forward == 0 {
		return 0
	}
	return kernel.Winograd{M: c.forward, H: h, W: w, In: c.In, Out: c.Out}.ScratchBy(team)
}

// BackwardInput writes the gradient of the input: the convolution of dout, with
// a zero border if 3×3, with the weights flipped and transposed. scratch has
// InputScratch elements.
func (c *Conv) BackwardInput(din, dout Image, scratch []float32) {
	c.match(dout, din)
	if c.flipped == nil {
		panic("nn: backward without Weights.Train")
	}
	k, data := c.over(din, dout)
	if c.backward > 0 {
		squares(c.backward, k).Forward(din.At(), data, c.flipped, nil, scratch)
		return
	}
	k.Forward(din.At(), data, c.flipped, nil)
}

// Used is what a convolution read and what its output's gradient was, for one image.
type Used struct{ In, Dout Image }

// BackwardWeight adds the gradient of the weights. scratch has BackwardScratch
// elements.
func (c *Conv) BackwardWeight(grad []float32, dout, in Image, scratch []float32) {
	c.BackwardWeights(grad, []Used{{in, dout}}, scratch)
}

// BackwardWeights is BackwardWeight for some images, all of one shape. It costs less
// for several together than for each alone. scratch has WeightScratch elements.
func (c *Conv) BackwardWeights(grad []float32, images []Used, scratch []float32) {
	for _, u := range images {
		c.match(u.Dout, u.In)
	}
	if m := c.gradient(len(images)); m > 0 && len(images) > 0 {
		k, _ := c.over(images[0].Dout, images[0].In)
		squares(m, k).WeightGrad(c.weight.of(grad), len(images), func(i int) (in, dout []float32) {
			return images[i].In.Data, images[i].Dout.At()
		}, scratch)
		return
	}
	for _, u := range images {
		k, data := c.over(u.Dout, u.In)
		k.WeightGrad(c.weight.of(grad), data, u.Dout.At(), scratch)
	}
}

// BackwardScratch is how much room BackwardInput and BackwardWeight need for these
// images.
func (c *Conv) BackwardScratch(dout, in Image) int {
	return max(c.InputScratch(dout, in), c.WeightScratch(dout, in, 1))
}

// InputScratch is how much room BackwardInput needs for these images.
func (c *Conv) InputScratch(dout, in Image) int {
	if c.backward == 0 {
		return 0
	}
	return squares(c.backward, c.shape(in, dout)).Scratch()
}

// WeightScratch is how much room BackwardWeights needs for at most so many images
// like these.
func (c *Conv) WeightScratch(dout, in Image, images int) int {
	k := c.shape(dout, in)
	most := k.WeightGradScratch()
	for n := 1; n <= images; n++ {
		if m := c.gradient(n); m > 0 {
			most = max(most, squares(m, k).WeightGradScratch(n))
		}
	}
	return most
}

// BackwardBias adds the gradient of the bias. dout has no gaps; a border is
// zero.
func (c *Conv) BackwardBias(grad []float32, dout Image) {
	kernel.ChannelSum(c.bias.of(grad), dout.whole(), c.Out)
}

// AddBias adds sum, the gradient of the bias computed elsewhere.
func (c *Conv) AddBias(grad, sum []float32) { kernel.Add(c.bias.of(grad), sum) }

func (c *Conv) match(out, in Image) {
	if in.C != c.In || out.C != c.Out {
		panic("nn: convolution of an image with other channels")
	}
}
