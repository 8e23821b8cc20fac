package study

import (
	"bytes"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Plot is every run's distance, an arm a line of its own and the first at the top,
// with a cross at the mean, as a PNG. The dashed line is the test images' floor.
func (r Results) Plot() ([]byte, error) {
	p := plot.New()
	p.Title.Text = "Fréchet distance of each run, and the mean over seeds"
	p.X.Label.Text = "distance to the training images"
	arms := r.arms()
	var runs, means plotter.XYs
	names := make([]string, len(arms))
	for i, a := range arms {
		row := len(arms) - 1 - i
		names[row] = a.part + ": " + a.name
		mean, _, _ := a.spread(func(x Result) float64 { return x.Distance })
		means = append(means, plotter.XY{X: mean, Y: float64(row)})
		for _, x := range a.runs {
			runs = append(runs, plotter.XY{X: x.Distance, Y: float64(row)})
		}
	}
	dots, err := plotter.NewScatter(runs)
	if err != nil {
		return nil, err
	}
	dots.Shape, dots.Radius, dots.Color = draw.CircleGlyph{}, vg.Points(2.5), color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}
	crosses, err := plotter.NewScatter(means)
	if err != nil {
		return nil, err
	}
	crosses.Shape, crosses.Radius, crosses.Color = draw.CrossGlyph{}, vg.Points(4), color.RGBA{R: 0xc2, G: 0x55, B: 0x1b, A: 0xff}
	top := float64(len(arms)) - 0.5
	floor, err := plotter.NewLine(plotter.XYs{{X: r[0].Floor, Y: -0.5}, {X: r[0].Floor, Y: top}})
	if err != nil {
		return nil, err
	}
	floor.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
	p.Add(plotter.NewGrid(), floor, dots, crosses)
	p.NominalY(names...)
	p.X.Min, p.Y.Min, p.Y.Max = 0, -0.5, top
	w, err := p.WriterTo(7*vg.Inch, vg.Length(len(arms))*0.28*vg.Inch+1.2*vg.Inch, "png")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = w.WriteTo(&b)
	return b.Bytes(), err
}
