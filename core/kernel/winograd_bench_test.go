package kernel

import (
	"fmt"
	"testing"
)

// The 3×3 convolutions of three networks: base 32 and 64 on 28×28×1 with depth 2,
// base 128 on 32×32×3 with depth 3.
var benchLayers = []struct {
	base   int
	layers []Winograd
}{
	{32, levels(28, 32, 2)}, {64, levels(28, 64, 2)}, {128, levels(32, 128, 3)},
}

// levels lists the shapes of the convolutions in the blocks of a network.
func levels(size, base, depth int) (all []Winograd) {
	seen := map[Winograd]bool{}
	add := func(size, in, out int) {
		for _, g := range []Winograd{{H: size, W: size, In: in, Out: out}, {H: size, W: size, In: out, Out: out}} {
			if !seen[g] {
				seen[g] = true
				all = append(all, g)
			}
		}
	}
	for level := range depth {
		add(size>>level, base<<level, base<<(level+1))
	}
	add(size>>depth, base<<depth, base<<depth)
	for level := depth - 1; level >= 0; level-- {
		add(size>>level, base<<(level+2), base<<level)
	}
	return all
}

// BenchmarkConvolution runs each layer in each form, and counts the multiplications
// that the direct form does. Like in a network, other weights are read between two
// runs of a layer: as many as the network has, up to 64 MB.
func BenchmarkConvolution(b *testing.B) { eachLayer(b, benchLayer) }

// BenchmarkLayerWeightGrad does the same for the gradient of the weights.
func BenchmarkLayerWeightGrad(b *testing.B) { eachLayer(b, benchLayerGrad) }

func eachLayer(b *testing.B, run func(b *testing.B, g Winograd, base int)) {
	for _, n := range benchLayers {
		for _, shape := range n.layers {
			for _, shape.M = range []int{0, 2, 4} {
				name := fmt.Sprintf("base%d/%dx%dx%d-%d/%s", n.base, shape.H, shape.W, shape.In, shape.Out, [5]string{0: "direct", 2: "F2", 4: "F4"}[shape.M])
				b.Run(name, func(b *testing.B) { run(b, shape, n.base) })
			}
		}
	}
}

func benchLayer(b *testing.B, g Winograd, base int) {
	g, c := g.laidOut(0, 0)
	nin, nout := c.lengths()
	in, out := make([]float32, nin), make([]float32, nout)
	for i := range in {
		in[i] = float32(i%7) - 3
	}
	length := PackedLen(9*g.In, g.Out)
	run := func(w []float32) { c.Forward(out, in, w, nil) }
	if g.M > 0 {
		length = WinogradLen(g.M, g.In, g.Out)
		scratch := make([]float32, g.Scratch())
		run = func(w []float32) { g.Forward(out, in, w, nil, scratch) }
	}
	others := 1 << 20 * base / 32 * base / 32 * (g.M + 2) * (g.M + 2) / 9 // of the network
	w := make([]float32, max(length, min(others, 16<<20)/length*length))
	for i := range w {
		w[i] = float32(i%5) - 2
	}
	at := 0
	for b.Loop() {
		run(w[at:])
		if at += length; at+length > len(w) {
			at = 0
		}
	}
	b.ReportMetric(2*float64(c.MulAdds())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func benchLayerGrad(b *testing.B, g Winograd, _ int) {
	g, c := g.laidOut(0, 0)
	nin, nout := c.lengths()
	in, dout, dw := make([]float32, nin), make([]float32, nout), make([]float32, 9*g.In*g.Out)
	for i := range in {
		in[i] = float32(i%7) - 3
	}
	scratch := make([]float32, c.WeightGradScratch())
	run := func() { c.WeightGrad(dw, in, dout, scratch) }
	if g.M > 0 {
		scratch = make([]float32, g.WeightGradScratch(1))
		run = func() { g.WeightGrad(dw, 1, func(int) (_, _ []float32) { return in, dout }, scratch) }
	}
	for b.Loop() {
		run()
	}
	b.ReportMetric(2*float64(c.MulAdds())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
