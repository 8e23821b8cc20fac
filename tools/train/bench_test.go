package train

import (
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// BenchmarkStep is a step of the ancestor's network at base 32, and of the one that the
// study in tools/study has found.
func BenchmarkStep(b *testing.B) {
	ancestor := unet.Config{ImageSize: 28, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 128, Depth: 2, NumClasses: 10}
	small := ancestor
	small.BaseCh, small.Widths, small.ScaleShift = 16, []int{16, 32, 64}, true
	b.Run("32-64-128", func(b *testing.B) { benchmarkStep(b, ancestor, diffusion.V) })
	b.Run("16-32-64", func(b *testing.B) { benchmarkStep(b, small, diffusion.X0) })
}

func benchmarkStep(b *testing.B, net unet.Config, predicts diffusion.Prediction) {
	d := &dataset.Dataset{
		Name: "noise", Height: 28, Width: 28, Channels: 1, Classes: make([]string, 10),
		Pixels: make([]byte, 28*28*100), Labels: make([]uint8, 100),
	}
	c := Default
	c.Classes, c.Steps, c.Net, c.Prediction = d.Classes, 1<<20, net, predicts.String()
	trainer, err := New(c, d, 0)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := trainer.Step(); err != nil {
			b.Fatal(err)
		}
	}
	images := float64(b.N * c.Batch)
	b.ReportMetric(images/b.Elapsed().Seconds(), "images/s")
	// Backward is two convolutions for each one of forward.
	b.ReportMetric(images*3*2*float64(c.Net.MulAdds())/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
