package nn

import (
	"math"
	"math/rand/v2"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// TimeEmbedding turns a step into a vector: sines and cosines of the step at
// width/2 frequencies from 1 down to 1/10000, then Linear, SiLU, Linear (Ho et
// al., 2020, appendix B).
type TimeEmbedding struct {
	Width, Out int

	freq          []float64
	first, second *Conv
}

// TimeEmbedding declares one whose linear layers are name.1 and name.3.
func (w *Weights) TimeEmbedding(name string, width, out int) *TimeEmbedding {
	if width < 4 || width%2 != 0 {
		panic("nn: a time embedding needs an even width of 4 or more")
	}
	t := &TimeEmbedding{Width: width, Out: out, freq: make([]float64, width/2)}
	for i := range t.freq {
		t.freq[i] = math.Exp(-float64(i) * math.Log(10000) / float64(len(t.freq)-1))
	}
	t.first = w.Linear(name+".1.weight", name+".1.bias", width, out, Linear)
	t.second = w.Linear(name+".3.weight", name+".3.bias", out, out, Halved)
	return t
}

// MulAdds is the number of multiply-adds of one embedding.
func (t *TimeEmbedding) MulAdds() int64 { return t.first.MulAdds(1, 1) + t.second.MulAdds(1, 1) }

// TimeState is what the layer remembers for its backward pass.
type TimeState struct {
	waves, hidden, active Image
	dhidden               Image
	scratch               []float32
}

// Plan plans the state's memory, all of it in use until the pass ends.
func (s *TimeState) Plan(p *Plan, t *TimeEmbedding) {
	p.Image(&s.waves, 1, 1, t.Width, 0)
	p.Image(&s.hidden, 1, 1, t.Out, 0)
	p.Image(&s.active, 1, 1, t.Out, 0)
}

// PlanBackward plans the rest of a training pass's memory.
func (s *TimeState) PlanBackward(p *Plan, t *TimeEmbedding) {
	p.Image(&s.dhidden, 1, 1, t.Out, 0)
	p.Floats(&s.scratch, max(
		t.first.BackwardScratch(s.hidden, s.waves), t.second.BackwardScratch(s.hidden, s.active)))
}

// Forward writes the embedding of step s, counted from 0 as PyTorch code does.
func (t *TimeEmbedding) Forward(out Image, step int, s *TimeState) {
	half := len(t.freq)
	for i, f := range t.freq {
		angle := float64(step) * f
		s.waves.Data[i] = float32(math.Sin(angle))
		s.waves.Data[half+i] = float32(math.Cos(angle))
	}
	t.first.Forward(s.hidden, s.waves, t.first.b, Room{})
	kernel.SiLU(s.active.contiguous(), s.hidden.contiguous())
	t.second.Forward(out, s.active, t.second.b, Room{})
}

// Backward adds the gradients of the parameters.
func (t *TimeEmbedding) Backward(grad []float32, dout Image, s *TimeState) {
	t.second.BackwardBias(grad, dout)
	t.second.BackwardWeight(grad, dout, s.active, s.scratch)
	t.second.BackwardInput(s.dhidden, dout, s.scratch)
	d := s.dhidden.contiguous()
	kernel.SiLUGrad(d, d, s.hidden.contiguous())
	t.first.BackwardBias(grad, s.dhidden)
	t.first.BackwardWeight(grad, s.dhidden, s.waves, s.scratch)
}

// ClassEmbedding is a table of one vector a class.
type ClassEmbedding struct {
	Classes, Width int

	table span
	w     []float32
}

// ClassEmbedding declares a table whose parameter is name.weight.
func (w *Weights) ClassEmbedding(name string, classes, width int) *ClassEmbedding {
	e := &ClassEmbedding{Classes: classes, Width: width}
	e.table = w.declare(name+".weight", false, classes, width)
	w.layers = append(w.layers, e)
	return e
}

func (e *ClassEmbedding) bind(flat []float32) { e.w = e.table.of(flat) }

func (e *ClassEmbedding) load(l *loader) { e.w = l.vector(e.table) }

func (e *ClassEmbedding) largest() span { return e.table }

func (e *ClassEmbedding) pack(bool) {}

// init gives the vectors unit variance, as PyTorch's Embedding does.
func (e *ClassEmbedding) init(r *rand.Rand) { uniform(e.w, 1, r) }

// Add adds a class's vector to out.
func (e *ClassEmbedding) Add(out Image, class int) {
	kernel.Add(out.contiguous(), e.row(e.w, class))
}

// Backward adds the gradient of the class's vector.
func (e *ClassEmbedding) Backward(grad []float32, dout Image, class int) {
	kernel.Add(e.row(e.table.of(grad), class), dout.contiguous())
}

func (e *ClassEmbedding) row(table []float32, class int) []float32 {
	if class < 0 || class >= e.Classes {
		panic("nn: no such class")
	}
	return table[class*e.Width : (class+1)*e.Width]
}
