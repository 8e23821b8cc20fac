package bench

import (
	"context"

	"github.com/ddpm-go/ddpm/core/bench"
	"github.com/ddpm-go/ddpm/core/unet"
)

// Layer is what one layer of the network took, on one thread.
type Layer struct {
	Name    string  `json:"name"`
	Count   int     `json:"count"`    // in the network
	MulAdds int64   `json:"mul_adds"` // of the direct form, once
	Bytes   int64   `json:"bytes"`    // parameters, input and output
	Seconds float64 `json:"seconds"`  // once
	Part    float64 `json:"part"`     // of the time of all layers

	// For layers that multiply: the effective rate, its share of the ceiling,
	// which fewer multiplications than the direct form's may lift above 1, and
	// the direct form's roofline.
	GFLOPs   float64 `json:"gflops,omitempty"`
	Share    float64 `json:"share,omitempty"`
	Roofline float64 `json:"roofline_gflops,omitempty"`

	// For every layer: its least traffic over its time, and the share of the
	// bandwidth to where that fits.
	GBs            float64 `json:"gb_per_s"`
	BandwidthShare float64 `json:"bandwidth_share"`
}

// MeasureLayers measures every distinct layer of a valid config's network.
func MeasureLayers(ctx context.Context, c Clock, m Machine, config unet.Config) ([]Layer, error) {
	shapes, err := bench.Layers(config)
	if err != nil {
		return nil, err
	}
	var list []Layer
	var total float64
	for i := range shapes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := &shapes[i]
		l := Layer{Name: s.Name, Count: s.Count, MulAdds: s.MulAdds, Bytes: s.Bytes, Seconds: c.Seconds(s.Run)[0]}
		s.Run = nil // and its memory
		if flops := 2 * s.MulAdds; flops > 0 {
			l.GFLOPs = 1e-9 * float64(flops) / l.Seconds
			l.Share = l.GFLOPs / m.peak(1)
			l.Roofline = m.roofline(flops, s.Bytes)
		}
		l.GBs = 1e-9 * float64(s.Bytes) / l.Seconds
		l.BandwidthShare = l.GBs / m.bandwidth(s.Bytes)
		total += l.Seconds * float64(l.Count)
		list = append(list, l)
	}
	for i := range list {
		list[i].Part = list[i].Seconds * float64(list[i].Count) / total
	}
	return list, nil
}
