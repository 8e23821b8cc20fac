package evaluate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Finite differences of the loss of the whole network, in float32: the step is
// a compromise between truncation and rounding, so the comparison is of the
// directional derivative along random directions, where rounding averages out.
func TestGradient(t *testing.T) {
	for _, config := range []Config{
		{ImageSize: 8, Channels: 1, Classes: 3, Widths: []int{8, 16}},
		{ImageSize: 12, Channels: 3, Classes: 2, Noise: true, Widths: []int{8, 8, 24}},
		{ImageSize: 5, Channels: 2, Classes: 4, Widths: []int{16}},
	} {
		c, err := NewClassifier(config)
		if err != nil {
			t.Fatal(err)
		}
		c.weights.Init(1)
		c.weights.Train()
		r := rand.New(rand.NewPCG(2, 3))
		for i := range c.weights.Flat { // norms and biases too are in general position
			c.weights.Flat[i] += float32(0.1 * r.NormFloat64())
		}
		c.weights.Pack()
		x := make([]float32, config.Pixels())
		for i := range x {
			x[i] = float32(2*r.Float64() - 1)
		}
		p, d := c.newPass(true), make([]float32, config.outputs())
		loss := func() float64 {
			c.weights.Pack()
			p.forward(x)
			l, _ := crossEntropy(d[:config.Classes], p.logits.Data[:config.Classes], 1, 1)
			if config.Noise {
				off := p.logits.Data[config.Classes] - 0.3
				l += float64(off) * float64(off)
				d[config.Classes] = 2 * off
			}
			return l
		}
		loss()
		grad := make([]float32, c.weights.Len())
		p.backward(grad, d)
		for _, param := range c.weights.Params() {
			at := grad[param.Offset : param.Offset+param.Len()]
			w := c.weights.Flat[param.Offset : param.Offset+param.Len()]
			var norm float64
			for _, g := range at {
				norm += float64(g) * float64(g)
			}
			norm = math.Sqrt(norm)
			// Along the gradient itself the derivative is its length.
			const h = 2e-3
			was := append([]float32(nil), w...)
			along := func(s float64) float64 {
				for i := range w {
					w[i] = was[i] + float32(s*float64(at[i])/norm)
				}
				return loss()
			}
			if norm == 0 {
				t.Errorf("%+v: the gradient of %s is zero", config, param.Name)
				continue
			}
			got := (along(h) - along(-h)) / (2 * h)
			copy(w, was)
			if math.Abs(got-norm) > 1e-3*norm+1e-4 {
				t.Errorf("%+v: %s: derivative along the gradient is %g, its length %g", config, param.Name, got, norm)
			}
			// A random direction sees components that are there but should not be.
			u := make([]float64, len(w))
			var want float64
			for i := range u {
				u[i] = r.NormFloat64() / math.Sqrt(float64(len(u)))
				want += u[i] * float64(at[i])
			}
			step := func(s float64) float64 {
				for i := range w {
					w[i] = was[i] + float32(s*u[i])
				}
				return loss()
			}
			got = (step(h) - step(-h)) / (2 * h)
			copy(w, was)
			if math.Abs(got-want) > 1e-3*norm+1e-4 {
				t.Errorf("%+v: %s: derivative along a random direction is %g, want %g", config, param.Name, got, want)
			}
		}
	}
}
