package unet

import "github.com/ddpm-go/ddpm/core/nn"

// Batch is the memory for the gradient of several images, which go forward and back
// one by one: only the weights of the 3×3 convolutions, whose gradients cost less for
// several images together, wait for the last of them. A Batch is for one goroutine.
type Batch struct {
	passes  []*Pass
	weights *weightGradients
	begun   int // images since the last Finish
}

// NewBatch plans the memory for at most so many images at a time. As with
// NewTrainingPass, no pass may run meanwhile.
func (n *Net) NewBatch(images int) *Batch {
	b := &Batch{passes: make([]*Pass, images)}
	for i := range b.passes {
		b.passes[i] = n.newTrainingPass()
	}
	b.weights = newWeightGradients(n, b.passes)
	return b
}

// Forward is Pass.Forward of the batch's next image.
func (b *Batch) Forward(out, x []float32, t, class int) {
	b.passes[b.begun].Forward(out, x, t, class)
}

// Backward is Pass.Backward of the image that Forward was called with. What it adds
// to grad is complete after Finish.
func (b *Batch) Backward(grad, dout []float32) {
	b.passes[b.begun].backward(grad, dout)
	if b.begun++; b.begun == len(b.passes) {
		b.Finish(grad)
	}
}

// Finish adds to grad what is missing there.
func (b *Batch) Finish(grad []float32) {
	if b.begun > 0 {
		b.weights.backward(grad, b.begun)
	}
	b.begun = 0
}

// weightGradients are the gradients of weights for which passes only keep what they
// come from.
type weightGradients struct {
	convs   []waiting
	scratch []float32
}

// waiting is a convolution, and what it read in each pass.
type waiting struct {
	conv *nn.Conv
	used []nn.Used
}

func newWeightGradients(n *Net, passes []*Pass) *weightGradients {
	w := &weightGradients{}
	add := func(b *block, state func(p *Pass) *blockState) {
		first, second := waiting{conv: b.conv1}, waiting{conv: b.conv2}
		for _, p := range passes {
			one, two := state(p).used()
			first.used, second.used = append(first.used, one), append(second.used, two)
		}
		w.convs = append(w.convs, first, second)
	}
	for i := range n.config.Depth {
		for k, b := range n.ups[i].blocks {
			add(b, func(p *Pass) *blockState { return &p.levels[i].up.blocks[k] })
		}
		for k, b := range n.downs[i].blocks {
			add(b, func(p *Pass) *blockState { return &p.levels[i].down.blocks[k] })
		}
	}
	for k, b := range n.bot.blocks {
		add(b, func(p *Pass) *blockState { return &p.bot.blocks[k] })
	}
	scratch := 0
	for _, c := range w.convs {
		scratch = max(scratch, c.conv.WeightScratch(c.used[0].Dout, c.used[0].In, len(passes)))
	}
	w.scratch = make([]float32, scratch)
	return w
}

// backward adds the gradients from the first so many passes.
func (w *weightGradients) backward(grad []float32, images int) {
	for _, c := range w.convs {
		c.conv.BackwardWeights(grad, c.used[:images], w.scratch)
	}
}
