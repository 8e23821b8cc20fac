// Package bench measures what the networks cost on this machine: the layers
// against the machine's limits, whole networks, the trainer, and how cost grows
// with the network.
package bench

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Parts are what a report can have, in its order.
var Parts = []string{"layers", "network", "steps", "training", "cost"}

// Report is all that was measured. Parts that were not are absent.
type Report struct {
	Name       string     `json:"name"`
	MulAdds    int64      `json:"mul_adds"`
	Parameters int64      `json:"parameters"`
	Machine    Machine    `json:"machine"`
	Layers     []Layer    `json:"layers,omitempty"`
	Forward    []Forward  `json:"forward,omitempty"`
	Line       *Line      `json:"line,omitempty"`
	Steps      []AtStep   `json:"steps,omitempty"`
	Training   []Training `json:"training,omitempty"`
	Cost       []Cost     `json:"cost,omitempty"`
}

// Options say what to measure.
type Options struct {
	Parts   []string
	Clock   Clock
	Threads int   // at most
	Batches []int // of the part "network"
}

// Measure measures a network. done is told of each part that is through.
func Measure(ctx context.Context, name string, net *unet.Net, o Options, done func()) (*Report, error) {
	c := o.Clock
	config := net.Config()
	r := &Report{Name: name, MulAdds: config.MulAdds(), Parameters: config.Parameters()}
	r.Machine = MeasureMachine(c, o.Threads)
	done()
	for _, part := range o.Parts {
		var err error
		switch part {
		case "layers":
			r.Layers, err = MeasureLayers(ctx, c, r.Machine, config)
		case "network":
			r.Forward = MeasureForward(c, r.Machine, net, o.Batches, o.Threads)
			if len(o.Batches) > 1 {
				line := FitLine(r.Forward)
				r.Line = &line
			}
		case "steps":
			r.Steps = MeasureSteps(c, net)
		case "training":
			r.Training, err = MeasureTraining(c, r.Machine, config, o.Threads)
		case "cost":
			r.Cost, err = MeasureCost(ctx, c, config)
		default:
			return nil, fmt.Errorf("bench: no part %q; there are %s", part, strings.Join(Parts, ", "))
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		done()
	}
	return r, nil
}

// Text is the report as tables.
func (r *Report) Text() string {
	var b strings.Builder
	table := func(title, header string, rows func(row func(format string, args ...any))) {
		fmt.Fprintf(&b, "\n%s\n", title)
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(w, header)
		rows(func(format string, args ...any) { fmt.Fprintf(w, format+"\t\n", args...) })
		w.Flush()
	}
	fmt.Fprintf(&b, "%s: %.0f M multiply-adds an image, %d parameters; GFLOP/s are effective, 2 × multiply-adds / time\n", r.Name, 1e-6*float64(r.MulAdds), r.Parameters)
	table("the machine, kernels "+r.Machine.Form, "threads\tceiling GFLOP/s\t", func(row func(string, ...any)) {
		for _, c := range r.Machine.Ceiling {
			row("%d\t%.1f", c.Threads, c.GFLOPs)
		}
	})
	table("its memory, one thread", "footprint KB\tGB/s\t", func(row func(string, ...any)) {
		for _, c := range r.Machine.Bandwidth {
			row("%d\t%.1f", c.Bytes>>10, c.GBs)
		}
	})
	if len(r.Layers) > 0 {
		table("layers, one thread", "layer\tcount\tµs\tof all\tGFLOP/s\tof ceiling\troofline\tGB/s\tof bandwidth\t", func(row func(string, ...any)) {
			var sum float64
			for _, l := range r.Layers {
				rate := "\t\t"
				if l.GFLOPs > 0 {
					rate = fmt.Sprintf("%.1f\t%.0f%%\t%.1f", l.GFLOPs, 100*l.Share, l.Roofline)
				}
				row("%s\t%d\t%.1f\t%.1f%%\t%s\t%.1f\t%.0f%%", l.Name, l.Count, 1e6*l.Seconds, 100*l.Part, rate, l.GBs, 100*l.BandwidthShare)
				sum += l.Seconds * float64(l.Count)
			}
			row("all layers\t\t%.1f\t100%%\t%.1f\t%.0f%%\t\t\t", 1e6*sum, 2e-9*float64(r.MulAdds)/sum, 2e-9*float64(r.MulAdds)/sum/r.Machine.peak(1)*100)
		})
	}
	if len(r.Forward) > 0 {
		table("the whole network", "batch\tthreads\tms\timages/s\tGFLOP/s\tof ceiling\t", func(row func(string, ...any)) {
			for _, f := range r.Forward {
				row("%d\t%d\t%.3f\t%.1f\t%.1f\t%.0f%%", f.Batch, f.Threads, 1e3*f.Seconds, f.Images, f.GFLOPs, 100*f.Share)
			}
		})
	}
	if r.Line != nil {
		fmt.Fprintf(&b, "linear in the batch: %.3f ms + %.3f ms an image, at most %.1f%% off\n", 1e3*r.Line.Fixed, 1e3*r.Line.PerImage, 100*r.Line.Worst)
	}
	if len(r.Steps) > 0 {
		table("one image at several t", "t\tms\t", func(row func(string, ...any)) {
			for _, s := range r.Steps {
				row("%d\t%.3f", s.T, 1e3*s.Seconds)
			}
		})
	}
	if len(r.Training) > 0 {
		table("a step of training", "batch\tthreads\tms\timages/s\tGFLOP/s\tof ceiling\tefficiency\tthe ceiling's\t", func(row func(string, ...any)) {
			for _, t := range r.Training {
				row("%d\t%d\t%.1f\t%.1f\t%.1f\t%.0f%%\t%.0f%%\t%.0f%%", t.Batch, t.Threads, 1e3*t.Seconds, t.Images, t.GFLOPs, 100*t.Share, 100*t.Efficiency, 100*t.Machine)
			}
		})
	}
	if len(r.Cost) > 0 {
		table("cost of one image, one thread", "image\tbase\tparameters\tM multiply-adds\tms\tGFLOP/s\t", func(row func(string, ...any)) {
			for _, c := range r.Cost {
				row("%d×%d\t%d\t%d\t%.0f\t%.2f\t%.1f", c.ImageSize, c.ImageSize, c.BaseCh, c.Parameters, 1e-6*float64(c.MulAdds), 1e3*c.Seconds, c.GFLOPs)
			}
		})
	}
	return b.String()
}
