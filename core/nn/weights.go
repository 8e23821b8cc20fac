package nn

import (
	"math"
	"math/rand/v2"
)

// Param is one named parameter: PyTorch's name and shape, and where its numbers
// stand in the flat slice of a Weights (or in a gradient, a moment or an
// average laid out like it).
type Param struct {
	Name   string
	Shape  []int // PyTorch's: conv [out,in,kh,kw], linear [out,in]
	Offset int

	// outLast marks a matrix or kernel, which lies as [kh][kw][in][out] in the
	// flat slice; the rest lies as in PyTorch.
	outLast bool
}

// Len is the number of elements.
func (p Param) Len() int {
	n := 1
	for _, d := range p.Shape {
		n *= d
	}
	return n
}

// Export writes the parameter, taken from flat, to dst in PyTorch's layout. dst
// has Len elements.
func (p Param) Export(dst, flat []float32) {
	own := flat[p.Offset : p.Offset+p.Len()]
	if len(dst) != len(own) {
		panic("nn: export of a parameter to a slice of another length")
	}
	if p.outLast {
		p.toTorch(dst, own)
	} else {
		copy(dst, own)
	}
}

// Import takes the parameter from src, in PyTorch's layout, into flat. src has
// Len elements.
func (p Param) Import(flat, src []float32) {
	own := flat[p.Offset : p.Offset+p.Len()]
	if len(src) != len(own) {
		panic("nn: import of a parameter from a slice of another length")
	}
	if p.outLast {
		out, in, rest := p.dims()
		fromTorch(own, src, out, in, rest)
	} else {
		copy(own, src)
	}
}

// Weights are the parameters of a network: layers are declared first, then
// Allocate makes the flat slice, and Pack, after each change to it, the forms
// that the kernels read. A network that only runs is filled by Load instead.
type Weights struct {
	Flat   []float32 // nil after Load
	params []Param

	size     int
	layers   []layer
	training bool
}

type layer interface {
	bind(flat []float32)
	load(l *loader)
	largest() span // of its parameters
	pack(training bool)
	init(r *rand.Rand)
}

// Params lists the parameters in the order of their declaration.
func (w *Weights) Params() []Param { return w.params }

// Len is the number of parameters declared so far.
func (w *Weights) Len() int { return w.size }

// SetConvolution forces the way that the 3×3 convolutions are computed, before
// Allocate or Load. Without it, it is Auto.
func (w *Weights) SetConvolution(way Convolution) {
	for _, l := range w.layers {
		if c, ok := l.(*Conv); ok {
			c.choose(way)
		}
	}
}

// Allocate makes the flat slice, all zero, and what layers derive from it, which
// is then zero too.
func (w *Weights) Allocate() {
	w.Flat = make([]float32, w.size)
	for _, l := range w.layers {
		l.bind(w.Flat)
	}
}

// Pack renews what layers derive from the flat slice. It must not run while a
// pass does.
func (w *Weights) Pack() {
	for _, l := range w.layers {
		l.pack(w.training)
	}
}

// Layers is the number of layers that PackLayer knows.
func (w *Weights) Layers() int { return len(w.layers) }

// PackLayer is Pack for one layer, of which several goroutines may each do some.
func (w *Weights) PackLayer(i int) { w.layers[i].pack(w.training) }

// Train makes the layers keep, from now on, what backward passes read too.
func (w *Weights) Train() {
	if w.Flat == nil {
		panic("nn: training of weights that were loaded to run only")
	}
	if !w.training {
		w.training = true
		w.Pack()
	}
}

// Init draws all weights anew: uniform, with the variance that He et al. (2015)
// give for layers behind a half-linear activation and LeCun's for the others;
// norms are the identity, biases and layers marked with Zero are 0.
func (w *Weights) Init(seed uint64) {
	clear(w.Flat)
	r := rand.New(rand.NewPCG(seed, 0))
	for _, l := range w.layers {
		l.init(r)
	}
	w.Pack()
}

// span is where a parameter stands in a flat slice.
type span struct{ off, n int }

func (s span) of(flat []float32) []float32 { return flat[s.off : s.off+s.n : s.off+s.n] }

func (w *Weights) declare(name string, outLast bool, shape ...int) span {
	p := Param{Name: name, Shape: shape, Offset: w.size, outLast: outLast}
	s := span{w.size, p.Len()}
	w.params = append(w.params, p)
	w.size += s.n
	return s
}

// uniform fills w with numbers of mean 0 and the given variance.
func uniform(w []float32, variance float64, r *rand.Rand) {
	bound := math.Sqrt(3 * variance)
	for i := range w {
		w[i] = float32(bound * (2*r.Float64() - 1))
	}
}
