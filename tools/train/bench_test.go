package train

import (
	"testing"

	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// BenchmarkStep is a step at the size of the shipped digits model.
func BenchmarkStep(b *testing.B) {
	d := &dataset.Dataset{
		Name: "noise", Height: 28, Width: 28, Channels: 1, Classes: make([]string, 10),
		Pixels: make([]byte, 28*28*100), Labels: make([]uint8, 100),
	}
	c := Default
	c.Classes, c.Steps = d.Classes, 1<<20
	c.Net = unet.Config{ImageSize: 28, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 128, Depth: 2, NumClasses: 10}
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
