package bench

import (
	"testing"

	"github.com/ddpm-go/ddpm/core/unet"
)

// shapes are the networks, those of one shape once.
func shapes() []Network {
	return []Network{Networks()[0], Networks()[1], Networks()[2]}
}

// BenchmarkLayer is each distinct layer of the networks alone, on one thread.
func BenchmarkLayer(b *testing.B) {
	for _, n := range shapes() {
		b.Run(n.Name, func(b *testing.B) {
			layers, err := Layers(n.Config)
			if err != nil {
				b.Fatal(err)
			}
			for i := range layers {
				l := &layers[i]
				b.Run(l.Name, func(b *testing.B) {
					l.Run()
					b.SetBytes(l.Bytes)
					for b.Loop() {
						l.Run()
					}
					report(b, l.MulAdds)
				})
				l.Run = nil
			}
		})
	}
}

// BenchmarkForward is one image through the networks, on one thread.
func BenchmarkForward(b *testing.B) {
	for _, n := range shapes() {
		b.Run(n.Name, func(b *testing.B) {
			c := n.Config
			pass, pixels := n.New().NewPass(), c.ImageSize*c.ImageSize
			x, out := make([]float32, pixels*c.InChannels), make([]float32, pixels*c.OutChannels)
			for b.Loop() {
				pass.Forward(out, x, 500, unet.Null)
			}
			report(b, c.MulAdds())
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}

// report adds the effective rate.
func report(b *testing.B, mulAdds int64) {
	if mulAdds > 0 {
		b.ReportMetric(2e-9*float64(mulAdds)*float64(b.N)/b.Elapsed().Seconds(), "GFLOP/s")
	}
}
