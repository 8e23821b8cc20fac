package unet

import (
	"math/rand/v2"
	"testing"
)

var benchmarks = []struct {
	name   string
	config Config
}{
	{"28px_base32", Config{ImageSize: 28, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 128, Depth: 2, NumClasses: 10}},
	{"28px_base32_attention", Config{ImageSize: 28, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 128, Depth: 2, NumClasses: 10, AttentionLevels: []int{1, 2}}},
}

func benchmark(b *testing.B, work float64, run func(n *Net) func()) {
	for _, m := range benchmarks {
		b.Run(m.name, func(b *testing.B) {
			f := run(randomNet(b, m.config, rand.New(rand.NewPCG(1, 1))))
			for b.Loop() {
				f()
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(1/seconds, "images/s")
			b.ReportMetric(2e-9*work*float64(m.config.MulAdds())/seconds, "GFLOP/s")
		})
	}
}

// BenchmarkTraining is Forward and Backward of one image, which multiply three
// times as much as Forward.
func BenchmarkTraining(b *testing.B) {
	benchmark(b, 3, func(n *Net) func() {
		c := n.Config()
		x, out := normal(c.inLen(), rand.New(rand.NewPCG(1, 2))), make([]float32, c.outLen())
		p, grad := n.NewTrainingPass(), make([]float32, len(n.Weights()))
		return func() { p.Forward(out, x, 500, 1); p.Backward(grad, out) }
	})
}

// BenchmarkPack is what each step of training does once for all its images.
func BenchmarkPack(b *testing.B) {
	benchmark(b, 0, func(n *Net) func() {
		n.NewTrainingPass()
		return n.Pack
	})
}
