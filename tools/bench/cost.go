package bench

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Cost is what a network of some size and width takes for one image, on one
// thread.
type Cost struct {
	ImageSize  int     `json:"image_size"`
	BaseCh     int     `json:"base_ch"`
	Parameters int64   `json:"parameters"`
	MulAdds    int64   `json:"mul_adds"`
	Seconds    float64 `json:"seconds"`
	GFLOPs     float64 `json:"gflops"` // effective
}

// maxParameters is where MeasureCost stops: with what is packed for the kernels,
// such a network takes a gigabyte.
const maxParameters = 1 << 26

// MeasureCost measures networks like the given one: its own width at half to four
// times its size of image, and its own size at half to four times its width.
func MeasureCost(ctx context.Context, c Clock, config unet.Config) ([]Cost, error) {
	configs := []unet.Config{config}
	for _, quarters := range []int{2, 6, 8, 12, 16} {
		large, broad := config, config
		large.ImageSize = config.ImageSize * quarters / 4
		broad.BaseCh = config.BaseCh * quarters / 4
		broad.Widths = slices.Clone(config.Widths)
		for i := range broad.Widths {
			broad.Widths[i] = config.Widths[i] * quarters / 4
		}
		for _, grown := range []unet.Config{large, broad} {
			// The depth or the attention may not go with that size.
			if grown.Validate() == nil && grown.Parameters() <= maxParameters {
				configs = append(configs, grown)
			}
		}
	}
	slices.SortFunc(configs, func(a, b unet.Config) int { return cmp.Compare(a.MulAdds(), b.MulAdds()) })
	var list []Cost
	for _, grown := range configs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		net, err := unet.New(grown)
		if err != nil {
			return nil, err
		}
		net.Init(1)
		e := newEngine(net, 1, 1)
		r := Cost{ImageSize: grown.ImageSize, BaseCh: grown.BaseCh, Parameters: grown.Parameters(), MulAdds: grown.MulAdds()}
		r.Seconds = c.Seconds(func() { e.forward(1, 1, steps/2) })[0]
		r.GFLOPs = 2e-9 * float64(r.MulAdds) / r.Seconds
		list = append(list, r)
	}
	return list, nil
}

// CostCSV is the costs as a table.
func CostCSV(costs []Cost) []byte {
	var b bytes.Buffer
	b.WriteString("image_size,base_ch,parameters,mul_adds,seconds,gflops\n")
	for _, c := range costs {
		fmt.Fprintf(&b, "%d,%d,%d,%d,%g,%g\n", c.ImageSize, c.BaseCh, c.Parameters, c.MulAdds, c.Seconds, c.GFLOPs)
	}
	return b.Bytes()
}

// CostPlot is the time of one image over its multiply-adds, both logarithmic, as
// a PNG: a bigger network's time can be read off the line through them.
func CostPlot(costs []Cost, config unet.Config) ([]byte, error) {
	p := plot.New()
	p.Title.Text = "one image through the network, one thread"
	p.X.Label.Text, p.Y.Label.Text = "multiply-adds (millions)", "milliseconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = decades{}, decades{}
	p.X.Padding, p.Y.Padding = vg.Points(24), vg.Points(8)
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(plotter.NewGrid())
	for _, s := range []struct {
		name  string
		in    func(Cost) bool
		label func(Cost) string
		color color.Color
		below bool
	}{
		{fmt.Sprintf("image size, at base %d", config.BaseCh), func(c Cost) bool { return c.BaseCh == config.BaseCh },
			func(c Cost) string { return fmt.Sprintf("%d×%d", c.ImageSize, c.ImageSize) }, color.RGBA{R: 0x1f, G: 0x5f, B: 0xa8, A: 0xff}, false},
		{fmt.Sprintf("width, at %d×%d", config.ImageSize, config.ImageSize), func(c Cost) bool { return c.ImageSize == config.ImageSize },
			func(c Cost) string { return fmt.Sprintf("base %d", c.BaseCh) }, color.RGBA{R: 0xc2, G: 0x55, B: 0x1b, A: 0xff}, true},
	} {
		var labels plotter.XYLabels
		for _, c := range costs {
			if s.in(c) {
				labels.XYs = append(labels.XYs, plotter.XY{X: 1e-6 * float64(c.MulAdds), Y: 1000 * c.Seconds})
				labels.Labels = append(labels.Labels, s.label(c))
			}
		}
		if len(labels.XYs) == 0 {
			continue
		}
		line, points, err := plotter.NewLinePoints(labels.XYs)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width, points.Color = s.color, vg.Points(1.5), s.color
		names, err := plotter.NewLabels(labels)
		if err != nil {
			return nil, err
		}
		names.Offset.X, names.Offset.Y = vg.Points(-30), vg.Points(7)
		if s.below {
			names.Offset.X, names.Offset.Y = vg.Points(4), vg.Points(-11)
		}
		p.Add(line, points, names)
		p.Legend.Add(s.name, line, points)
	}
	w, err := p.WriterTo(6*vg.Inch, 4*vg.Inch, "png")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = w.WriteTo(&b)
	return b.Bytes(), err
}

// decades marks the powers of ten, and 2 and 5 times them.
type decades struct{}

func (decades) Ticks(lowest, highest float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Pow(10, math.Floor(math.Log10(lowest))); power <= highest; power *= 10 {
		for _, m := range []float64{1, 2, 5} {
			if v := m * power; v >= lowest && v <= highest {
				ticks = append(ticks, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'f', -1, 64)})
			}
		}
	}
	return ticks
}
