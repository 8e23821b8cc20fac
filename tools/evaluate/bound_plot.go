package evaluate

import (
	"bytes"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// Plots are the report's pictures, PNG, by the name of a file: the terms over t,
// L_simple over t, and the rate–distortion curve.
func (r *BoundReport) Plots() (map[string][]byte, error) {
	var terms, simple, rate plotter.XYs
	for _, p := range r.Curve {
		middle := float64(p.From+p.To) / 2
		rate = append(rate, plotter.XY{X: p.Rate, Y: p.Distortion.Value})
		if each := p.Nats.BitsPerDim / float64(p.To-p.From+1); each > 0 {
			terms = append(terms, plotter.XY{X: middle, Y: each})
		}
		if p.LSimple.Value > 0 {
			simple = append(simple, plotter.XY{X: middle, Y: p.LSimple.Value})
		}
	}
	plots := map[string][]byte{}
	for _, c := range []struct {
		file, title, x, y string
		points            plotter.XYs
		logarithmic       bool
	}{
		{"terms.png", "terms of the bound (L_0 at t = 1)", "t", "bits/dim", terms, true},
		{"l_simple.png", "L_simple", "t", "mean squared error of the noise", simple, true},
		{"rate_distortion.png", "progressive coding", "rate (bits/dim)", "distortion (rmse, 0…255)", rate, false},
	} {
		var err error
		if plots[c.file], err = curvePlot(c.title, c.x, c.y, c.points, c.logarithmic); err != nil {
			return nil, err
		}
	}
	return plots, nil
}

func curvePlot(title, x, y string, points plotter.XYs, logarithmic bool) ([]byte, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.X.Padding, p.Y.Padding = vg.Points(4), vg.Points(4)
	if logarithmic {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	p.Add(plotter.NewGrid())
	line, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return nil, err
	}
	blue := color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}
	line.Color, line.Width = blue, vg.Points(1.5)
	dots.Color, dots.Radius = blue, vg.Points(2)
	p.Add(line, dots)
	// A logarithmic axis of no length would be made to reach below 0.
	if logarithmic && p.Y.Min == p.Y.Max {
		p.Y.Min, p.Y.Max = p.Y.Min/2, 2*p.Y.Max
	}
	w, err := p.WriterTo(6*vg.Inch, 4*vg.Inch, "png")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = w.WriteTo(&b)
	return b.Bytes(), err
}
