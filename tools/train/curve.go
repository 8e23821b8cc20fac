package train

import (
	"bytes"
	"fmt"
	"image/color"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// lossCSV is the history as a table, one row a step.
func (t *Trainer) lossCSV() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("step,images,loss,l_simple,gradient,rate\n")
	for i, r := range t.history {
		fmt.Fprintf(&b, "%d,%d,%g,%g,%g,%g\n", i+1, (i+1)*t.config.Batch, r.Loss, r.Simple, r.Norm, r.Rate)
	}
	return b.Bytes(), nil
}

// points on the curve: more cannot be told apart.
const points = 300

// lossPlot is the loss over the images seen, on a logarithmic scale, each point
// a mean over neighbouring steps.
func (t *Trainer) lossPlot() ([]byte, error) {
	p := plot.New()
	p.Title.Text = t.config.Name + ": training loss"
	p.X.Label.Text = "images seen (thousands)"
	p.Y.Label.Text = "mean squared error"
	p.Y.Scale = plot.LogScale{}
	p.Y.Tick.Marker = lossTicks{}
	p.X.Padding, p.Y.Padding = vg.Points(4), vg.Points(4)
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	for _, c := range []struct {
		name  string
		value func(Record) float32
		color color.Color
	}{
		{"of " + t.config.Prediction, func(r Record) float32 { return r.Loss }, color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}},
		{"L_simple (of eps)", func(r Record) float32 { return r.Simple }, color.RGBA{R: 0xc2, G: 0x55, B: 0x1b, A: 0xff}},
	} {
		line, err := plotter.NewLine(t.smooth(c.value))
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = c.color, vg.Points(1.5)
		p.Add(line)
		p.Legend.Add(c.name, line)
	}
	// A logarithmic axis of no length would be made to reach below 0.
	if p.Y.Min == p.Y.Max {
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

// smooth returns the means of a column of the history over equal numbers of
// steps.
func (t *Trainer) smooth(value func(Record) float32) plotter.XYs {
	var xy plotter.XYs
	n := (len(t.history) + points - 1) / points
	for i := 0; i < len(t.history); i += n {
		part := t.history[i:min(i+n, len(t.history))]
		var sum float64
		for _, r := range part {
			sum += float64(value(r))
		}
		images := float64((i+i+len(part))/2+1) * float64(t.config.Batch)
		// A logarithm needs something to hold on to where the loss is exactly 0.
		xy = append(xy, plotter.XY{X: images / 1000, Y: max(sum/float64(len(part)), 1e-6)})
	}
	return xy
}

// lossTicks marks 1, 2 and 5 times the powers of ten.
type lossTicks struct{}

func (lossTicks) Ticks(lowest, highest float64) []plot.Tick {
	var ticks []plot.Tick
	for power := 1e-6; power <= highest; power *= 10 {
		for _, m := range []float64{1, 2, 5} {
			if v := m * power; v >= lowest && v <= highest {
				ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', 3, 64)})
			}
		}
	}
	return ticks
}
