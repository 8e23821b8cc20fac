package kernel

import (
	"fmt"
	"testing"
)

// The convolutions of the shipped networks (base 32, depth 2, 28×28×1).
var benchConvs = []struct{ side, size, in, out int }{
	{3, 28, 1, 32}, {3, 28, 32, 64}, {3, 28, 64, 64}, {3, 14, 64, 128}, {3, 14, 128, 128},
	{3, 7, 128, 128}, {3, 14, 256, 64}, {3, 28, 128, 32}, {3, 28, 32, 32}, {3, 28, 32, 1}, {1, 28, 32, 64},
}

func benchConv(b *testing.B, f func(c Conv, out, in, w, dw, scratch []float32)) {
	for _, s := range benchConvs {
		b.Run(fmt.Sprintf("%dx%d,%dx%dx%d-%d", s.side, s.side, s.size, s.size, s.in, s.out), func(b *testing.B) {
			c := square(s.side, s.size, s.size, s.in, s.out)
			nin, nout := c.lengths()
			in, out, dw := make([]float32, nin), make([]float32, nout), make([]float32, c.R*c.K*c.Out)
			w, scratch := make([]float32, PackedLen(c.R*c.K, c.Out)), make([]float32, c.WeightGradScratch())
			for i := range in {
				in[i] = float32(i%7) - 3
			}
			for i := range w {
				w[i] = float32(i%5) - 2
			}
			for b.Loop() {
				f(c, out, in, w, dw, scratch)
			}
			b.ReportMetric(2*float64(c.MulAdds())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkForward(b *testing.B) {
	benchConv(b, func(c Conv, out, in, w, _, _ []float32) { c.Forward(out, in, w, nil) })
}

func BenchmarkWeightGrad(b *testing.B) {
	benchConv(b, func(c Conv, out, in, _, dw, scratch []float32) { c.WeightGrad(dw, in, out, scratch) })
}

// BenchmarkElementwise reports millions of elements a second, at 28×28×64.
func BenchmarkElementwise(b *testing.B) {
	const c, n = 64, 28 * 28 * 64
	x, y, z := make([]float32, n), make([]float32, n), make([]float32, n)
	p, q, r := make([]float32, c), make([]float32, c), make([]float32, c)
	for i := range x {
		x[i] = float32(i%17) - 8
	}
	for _, k := range []struct {
		name string
		run  func()
	}{
		{"Add", func() { Add(z, x) }},
		{"SiLU", func() { SiLU(z, x) }},
		{"AffineSiLU", func() { AffineSiLU(z, x, p, q, 28, c, 28*c) }},
		{"AffineSiLUGrad", func() { AffineSiLUGrad(z, y, x, p, q, c) }},
		{"Combine", func() { Combine(z, y, x, p, q, r, 28, c, 28*c) }},
		{"ChannelSum", func() { ChannelSum(p, x, c) }},
		{"ChannelCentred", func() { ChannelCentred(p, x, q, c) }},
		{"ChannelDot", func() { ChannelDot(p, q, y, x, c) }},
		{"Softmax", func() { Softmax(z, 784) }},
		{"AvgPool2", func() { AvgPool2(z, x, 14, 14, c, c) }},
		{"Upsample2", func() { Upsample2(z, x, 14, 14, c, c) }},
	} {
		b.Run(k.name, func(b *testing.B) {
			for b.Loop() {
				k.run()
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds()/1e6, "M/s")
		})
	}
}
