package study

import (
	"bytes"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Plot is every run's distance, an arm a line of its own and the first at the top,
// with a cross at the mean, as a PNG. The dashed line is the test images' floor, which
// the scale, a logarithm, begins at or before.
func (r Results) Plot() ([]byte, error) {
	p := plot.New()
	p.Title.Text = "Fréchet distance of each run, and the mean over seeds"
	p.X.Label.Text = "distance to the training images; dashed: of test images"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	const least = 1e-6 // no distance is so small but that of images to themselves, and a logarithm has no place for 0
	arms := r.arms()
	var runs, means plotter.XYs
	names := make([]string, len(arms))
	for i, a := range arms {
		row := len(arms) - 1 - i
		names[row] = a.name
		mean, _, _ := a.spread(func(x Result) float64 { return x.Distance })
		means = append(means, plotter.XY{X: max(mean, least), Y: float64(row)})
		for _, x := range a.runs {
			runs = append(runs, plotter.XY{X: max(x.Distance, least), Y: float64(row)})
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
	under := max(r[0].Floor, least)
	floor, err := plotter.NewLine(plotter.XYs{{X: under, Y: -0.5}, {X: under, Y: top}})
	if err != nil {
		return nil, err
	}
	floor.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
	p.Add(plotter.NewGrid(), floor, dots, crosses)
	p.NominalY(names...)
	p.Y.Min, p.Y.Max = -0.5, top
	// Whole decades, and no run or floor on the border.
	p.X.Min, p.X.Max = math.Pow(10, math.Floor(math.Log10(p.X.Min))), math.Pow(10, math.Ceil(math.Log10(p.X.Max)))
	w, err := p.WriterTo(8*vg.Inch, vg.Length(len(arms))*0.28*vg.Inch+1.2*vg.Inch, "png")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = w.WriteTo(&b)
	return b.Bytes(), err
}
