package train

import (
	"testing"

	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// bars is a set of 8×8 pictures of two classes: a bar on the left, or on top,
// with one of several widths.
func bars() *dataset.Dataset {
	d := &dataset.Dataset{Name: "bars", Height: 8, Width: 8, Channels: 1, Classes: []string{"left", "top"}}
	for i := range 24 {
		class, width := i%2, 1+i/2%4
		for y := range 8 {
			for x := range 8 {
				at := x
				if class == 1 {
					at = y
				}
				var b byte
				if at < width {
					b = 255
				}
				d.Pixels = append(d.Pixels, b)
			}
		}
		d.Labels = append(d.Labels, uint8(class))
	}
	return d
}

// tiny is a config that learns bars in a second.
func tiny() Config {
	c := Default
	c.Name, c.Data, c.Classes = "bars", "bars", []string{"left", "top"}
	c.Net = unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 1, NumClasses: 2}
	c.Steps, c.Batch, c.Timesteps, c.Rate = 30, 10, 100, 4e-3
	return c
}

func begin(t *testing.T, c Config, workers int) *Trainer {
	t.Helper()
	trainer, err := New(c, bars(), workers)
	if err != nil {
		t.Fatal(err)
	}
	return trainer
}

func steps(t *testing.T, trainer *Trainer, n int) {
	t.Helper()
	for range n {
		if _, err := trainer.Step(); err != nil {
			t.Fatal(err)
		}
	}
}
