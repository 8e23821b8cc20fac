package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// layerTest is a layer between two contiguous slices. Its backward gets the
// gradient of out and writes that of x, where there is one.
type layerTest struct {
	name     string
	weights  *Weights
	x        []float32
	out      int
	forward  func(out []float32)
	backward func(grad, dx, dout []float32)
}

func normal(n int, r *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// run compares the slope of Σ out·r along random directions of the input and of
// each parameter with central differences of the fourth order.
func (l layerTest) run(t *testing.T, r *rand.Rand) {
	t.Helper()
	w := l.weights
	w.Pack()
	out, weigh := make([]float32, l.out), normal(l.out, r)
	before := normal(w.Len(), r) // backward adds to it
	grad, dx := append([]float32(nil), before...), normal(len(l.x), r)
	l.forward(out)
	l.backward(grad, dx, append([]float32(nil), weigh...))
	for i := range grad {
		grad[i] -= before[i]
	}
	loss := func() (sum float64) {
		w.Pack()
		l.forward(out)
		for i, v := range out {
			sum += float64(v) * float64(weigh[i])
		}
		return sum
	}
	check := func(name string, values, gradient []float32, floor float64) {
		t.Helper()
		saved := append([]float32(nil), values...)
		for range 3 {
			direction := normal(len(values), r)
			var slope, size float64
			for i, d := range direction {
				slope += float64(d) * float64(gradient[i])
				size += float64(gradient[i]) * float64(gradient[i])
			}
			const h = 4e-3
			along := func(step float32) float64 {
				for i := range values {
					values[i] = saved[i] + step*direction[i]
				}
				return loss()
			}
			numeric := (8*(along(h)-along(-h)) - (along(2*h) - along(-2*h))) / (12 * h)
			copy(values, saved)
			if e := math.Abs(slope - numeric); !(e < 2e-3*(math.Sqrt(size)+floor)) {
				t.Errorf("%s, %s: slope %g, differences say %g", l.name, name, slope, numeric)
			}
		}
	}
	if l.x != nil {
		check("input", l.x, dx, 0.1)
	}
	for _, p := range w.Params() {
		check(p.Name, w.Flat[p.Offset:][:p.Len()], grad[p.Offset:][:p.Len()], 0.1)
	}
}

// newLayer declares a layer and gives it random weights.
func newLayer[L any](r *rand.Rand, declare func(w *Weights) L) (*Weights, L) {
	w := &Weights{}
	l := declare(w)
	w.Allocate()
	w.Train()
	for _, p := range w.Params() {
		fanIn := 1
		for _, d := range p.Shape[1:] {
			fanIn *= d
		}
		for i := range p.Len() {
			w.Flat[p.Offset+i] = float32(r.NormFloat64() / math.Sqrt(float64(fanIn)))
		}
	}
	return w, l
}

func image(h, w, c, pad int) (m Image) {
	var p Plan
	p.Image(&m, h, w, c, pad)
	p.Allocate()
	return m
}

var sizes = []struct{ h, w int }{{1, 1}, {1, 7}, {3, 5}, {4, 4}, {7, 2}}

func TestConvGradient(t *testing.T) {
	for i, s := range sizes {
		for j, c := range []struct{ side, in, out int }{
			{3, 1, 8}, {3, 3, 5}, {3, 8, 1}, {3, 16, 24}, {1, 1, 1}, {1, 9, 40}, {1, 24, 8},
		} {
			r := rand.New(rand.NewPCG(uint64(i), uint64(j)))
			w, conv := newLayer(r, func(w *Weights) *Conv { return w.Conv("c", c.side, max(s.h, s.w), c.in, c.out, Linear) })
			x := normal(s.h*s.w*c.in, r)
			pad := c.side / 2
			in, dout := image(s.h, s.w, c.in, pad), image(s.h, s.w, c.out, pad)
			// The output, and the gradient that comes back, are channels of a
			// wider image.
			wide := image(s.h, s.w, c.out+3, 0)
			out := wide.Channels(2, c.out)
			scratch := make([]float32, max(conv.Scratch(s.h, s.w, nil), conv.BackwardScratch(dout, in)))
			layerTest{
				name: fmt.Sprintf("%d×%d conv %d→%d of %d×%d", c.side, c.side, c.in, c.out, s.h, s.w), weights: w, x: x, out: s.h * s.w * c.out,
				forward: func(y []float32) {
					Copy(in, Plain(x, s.h, s.w, c.in))
					conv.Forward(out, in, nil, Room{Floats: scratch})
					conv.Accumulate(out, in, Room{Floats: scratch})
					Copy(Plain(y, s.h, s.w, c.out), out)
					for i := range y {
						y[i] = y[i]/2 + conv.Bias()[i%c.out]
					}
				},
				backward: func(grad, dx, dy []float32) {
					Copy(dout, Plain(dy, s.h, s.w, c.out))
					conv.BackwardBias(grad, dout)
					conv.BackwardWeight(grad, dout, in, scratch)
					conv.BackwardInput(Plain(dx, s.h, s.w, c.in), dout, scratch)
				},
			}.run(t, r)
		}
	}
}

func TestNormGradient(t *testing.T) {
	for i, s := range sizes {
		for j, c := range []struct{ channels, groups int }{{2, 1}, {6, 3}, {24, 8}, {40, 8}, {32, 32}} {
			if s.h*s.w*c.channels/c.groups < 3 {
				continue // a variance of one or two numbers has no slope to speak of
			}
			for mode, name := range []string{"norm", "norm+SiLU", "norm, added"} {
				r := rand.New(rand.NewPCG(uint64(i), uint64(10*j+mode)))
				w, norm := newLayer(r, func(w *Weights) *GroupNorm { return w.GroupNorm("n", c.channels, c.groups, 1e-5) })
				x := normal(s.h*s.w*c.channels, r)
				for i := range x {
					x[i] = 2*x[i] + 3
				}
				in, padded := Plain(x, s.h, s.w, c.channels), image(s.h, s.w, c.channels, 1)
				var state NormState
				var plan Plan
				state.Plan(&plan, c.channels)
				plan.Allocate()
				layerTest{
					name: fmt.Sprintf("%s of %d×%d×%d in %d groups", name, s.h, s.w, c.channels, c.groups), weights: w, x: x, out: len(x),
					forward: func(y []float32) {
						to := padded
						if mode == 0 {
							to = Plain(y, s.h, s.w, c.channels)
						}
						if mode == 1 {
							norm.ForwardSiLU(to, in, &state)
						} else {
							norm.Forward(to, in, &state)
						}
						Copy(Plain(y, s.h, s.w, c.channels), to)
						if mode == 2 {
							kernel.Add(y, x)
						}
					},
					backward: func(grad, dx, dy []float32) {
						d, to := Plain(dy, s.h, s.w, c.channels), Plain(dx, s.h, s.w, c.channels)
						switch mode {
						case 0:
							norm.Backward(grad, to, d, in, &state)
						case 1:
							norm.BackwardSiLU(d, in, &state)
							norm.Backward(grad, padded, d, in, &state)
							Copy(to, padded)
						case 2:
							Copy(to, d)
							norm.BackwardAdd(grad, to, d, in, &state)
						}
					},
				}.run(t, r)
			}
		}
	}
}

func TestAttentionGradient(t *testing.T) {
	for i, c := range []struct{ h, w, channels, heads, groups int }{
		{1, 1, 32, 8, 32}, {2, 2, 32, 8, 8}, {3, 5, 24, 4, 6}, {1, 3, 10, 2, 5}, {9, 9, 8, 1, 2},
	} {
		if c.h*c.w == 1 {
			c.groups = 8 // a group of one number has no slope
		}
		r := rand.New(rand.NewPCG(uint64(i), 0))
		w, a := newLayer(r, func(w *Weights) *Attention { return w.Attention("a", c.channels, c.heads, c.groups, 1e-6) })
		x := normal(c.h*c.w*c.channels, r)
		in := Plain(x, c.h, c.w, c.channels)
		wide := image(c.h, c.w, c.channels+5, 0)
		out := wide.Channels(5, c.channels)
		var state AttentionState
		plan := Plan{Keep: true}
		state.Plan(&plan, a, c.h, c.w)
		state.PlanBackward(&plan, a, c.h, c.w)
		plan.Allocate()
		layerTest{
			name: fmt.Sprintf("attention of %d×%d×%d, %d heads", c.h, c.w, c.channels, c.heads), weights: w, x: x, out: len(x),
			forward: func(y []float32) {
				a.Forward(out, in, &state)
				Copy(Plain(y, c.h, c.w, c.channels), out)
			},
			backward: func(grad, dx, dy []float32) {
				copy(dx, dy)
				a.Backward(grad, Plain(dx, c.h, c.w, c.channels), in, &state)
			},
		}.run(t, r)
	}
}

func TestEmbeddingGradient(t *testing.T) {
	for i, c := range []struct{ width, out, step, class int }{{4, 3, 0, 0}, {32, 16, 999, 2}, {32, 9, 57, 1}} {
		r := rand.New(rand.NewPCG(uint64(i), 0))
		type both struct {
			time  *TimeEmbedding
			class *ClassEmbedding
		}
		w, e := newLayer(r, func(w *Weights) both {
			return both{w.TimeEmbedding("t", c.width, c.out), w.ClassEmbedding("c", 3, c.out)}
		})
		var state TimeState
		var plan Plan
		state.Plan(&plan, e.time)
		state.PlanBackward(&plan, e.time)
		plan.Allocate()
		layerTest{
			name: fmt.Sprintf("embedding %d→%d of step %d", c.width, c.out, c.step), weights: w, out: c.out,
			forward: func(y []float32) {
				e.time.Forward(Plain(y, 1, 1, c.out), c.step, &state)
				e.class.Add(Plain(y, 1, 1, c.out), c.class)
			},
			backward: func(grad, _, dy []float32) {
				e.time.Backward(grad, Plain(dy, 1, 1, c.out), &state)
				e.class.Backward(grad, Plain(dy, 1, 1, c.out), c.class)
			},
		}.run(t, r)
	}
}

func TestResampleGradient(t *testing.T) {
	for i, s := range sizes {
		for _, c := range []int{1, 3, 8, 20} {
			r := rand.New(rand.NewPCG(uint64(i), uint64(c)))
			small, large := s.h*s.w*c, 4*s.h*s.w*c
			wide := image(2*s.h, 2*s.w, 2*c+1, 0)
			view := wide.Channels(1, c)
			x := normal(large, r)
			layerTest{
				name: fmt.Sprintf("pooling to %d×%d×%d", s.h, s.w, c), weights: &Weights{}, x: x, out: small,
				forward: func(y []float32) {
					Copy(view, Plain(x, 2*s.h, 2*s.w, c))
					AvgPool2(Plain(y, s.h, s.w, c), view)
				},
				backward: func(_, dx, dy []float32) {
					fill(wide.Data, 0)
					AvgPool2BackwardAdd(view, Plain(dy, s.h, s.w, c))
					Copy(Plain(dx, 2*s.h, 2*s.w, c), view)
				},
			}.run(t, r)
			x = normal(small, r)
			layerTest{
				name: fmt.Sprintf("upsampling from %d×%d×%d", s.h, s.w, c), weights: &Weights{}, x: x, out: large,
				forward: func(y []float32) {
					Upsample2(view, Plain(x, s.h, s.w, c))
					Copy(Plain(y, 2*s.h, 2*s.w, c), view)
				},
				backward: func(_, dx, dy []float32) {
					Copy(view, Plain(dy, 2*s.h, 2*s.w, c))
					Upsample2Backward(Plain(dx, s.h, s.w, c), view)
				},
			}.run(t, r)
		}
	}
}
