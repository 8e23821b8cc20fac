package train

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/core/tensor"
	"github.com/ddpm-go/ddpm/core/unet"
)

// The samples that show how far a run is: one column a class (or 10 columns),
// few steps, always from the same noise, so that they can be compared.
const (
	sampleSteps   = 20
	sampleRows    = 4
	sampleColumns = 10 // at most, and of an unconditional model
	sampleBorder  = 2  // pixels
)

// samples draws pictures with the averaged weights and returns them as a PNG.
func (t *Trainer) samples(ctx context.Context) ([]byte, error) {
	net, err := unet.New(t.config.Net)
	if err != nil {
		return nil, err
	}
	copy(net.Weights(), t.ema)
	net.Pack()
	respaced, err := t.objective.schedule.Respace(min(sampleSteps, t.config.Timesteps))
	if err != nil {
		return nil, err
	}
	columns := t.config.Net.NumClasses
	if columns == 0 || columns > sampleColumns {
		columns = sampleColumns
	}
	classes := make([]int, sampleRows*columns)
	for i := range classes {
		classes[i] = sampler.Null
		if t.config.Net.NumClasses > 0 {
			classes[i] = i % columns
		}
	}
	m := &recipe.Model{Card: t.card(nil), Net: net, Chain: t.objective.schedule}
	run, err := sampler.DDIM(sampler.Options{
		Schedule: respaced, Predictor: m.NewPredictor(len(t.workers)), Size: t.data.Size(),
		Seed: t.config.Seed, Classes: classes, Guidance: 1, Clip: true,
	})
	if err != nil {
		return nil, err
	}
	for run.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	err = png.Encode(&b, grid(run.Step().X, columns, t.data.Height, t.data.Width, t.data.Channels))
	return b.Bytes(), err
}

// grid lays pictures [N][h][w][c] out in rows.
func grid(x []float32, columns, h, w, c int) image.Image {
	rows := len(x) / (h * w * c) / columns
	g := image.NewRGBA(image.Rect(0, 0, columns*(w+sampleBorder)+sampleBorder, rows*(h+sampleBorder)+sampleBorder))
	for i := range g.Pix {
		g.Pix[i] = 0xff
	}
	pixel := make([]byte, c)
	for i := range rows * columns {
		x0 := i%columns*(w+sampleBorder) + sampleBorder
		y0 := i/columns*(h+sampleBorder) + sampleBorder
		for p := range h * w {
			tensor.Bytes(pixel, x[(i*h*w+p)*c:(i*h*w+p+1)*c])
			// Grey is three times the same channel.
			g.SetRGBA(x0+p%w, y0+p/w, color.RGBA{R: pixel[0], G: pixel[1%c], B: pixel[2%c], A: 0xff})
		}
	}
	return g
}
