package bench

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/ddpm-go/ddpm/core/unet"
)

var small = unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 1}

var machine = Machine{
	Ceiling:   []Ceiling{{1, 100}, {2, 150}},
	Bandwidth: []Bandwidth{{1000, 80}, {10000, 20}},
}

func TestRoofline(t *testing.T) {
	for _, c := range []struct {
		flops, bytes int64
		want         float64
	}{
		{10000, 1000, 100}, // bound by arithmetic
		{500, 1000, 40},    // by the near cache: 80 GB/s · ½
		{5000, 10000, 10},  // by what is further away
		{5000, 20000, 5},   // by the furthest
	} {
		if got := machine.roofline(c.flops, c.bytes); got != c.want {
			t.Errorf("%d operations on %d bytes: %v, want %v", c.flops, c.bytes, got, c.want)
		}
	}
}

func TestFitLine(t *testing.T) {
	l := FitLine([]Forward{
		{Batch: 1, Threads: 1, Seconds: 5}, {Batch: 2, Threads: 1, Seconds: 8}, {Batch: 4, Threads: 1, Seconds: 14},
		{Batch: 4, Threads: 2, Seconds: 1}, // not of this line
	})
	if math.Abs(l.Fixed-2) > 1e-9 || math.Abs(l.PerImage-3) > 1e-9 || l.Worst > 1e-9 {
		t.Errorf("%+v, want 2 + 3 an image", l)
	}
	if l := FitLine([]Forward{{Batch: 1, Threads: 1, Seconds: 1}, {Batch: 2, Threads: 1, Seconds: 4}, {Batch: 3, Threads: 1, Seconds: 3}}); l.Worst < 0.1 {
		t.Errorf("%+v for what is no line", l)
	}
}

// TestMeasure: every part of a report is there, and its figures agree with each
// other.
func TestMeasure(t *testing.T) {
	net, err := unet.New(small)
	if err != nil {
		t.Fatal(err)
	}
	done := 0
	o := Options{Parts: Parts, Clock: Clock{time.Millisecond}, Threads: 2, Batches: []int{1, 3}}
	r, err := Measure(context.Background(), "small", net, o, func() { done++ })
	if err != nil {
		t.Fatal(err)
	}
	if done != 1+len(Parts) {
		t.Errorf("told of %d parts", done)
	}
	var part float64
	var mulAdds int64
	for _, l := range r.Layers {
		part += l.Part
		mulAdds += int64(l.Count) * l.MulAdds
		if !(l.Seconds > 0) || (l.MulAdds > 0) != (l.GFLOPs > 0) {
			t.Errorf("%+v", l)
		}
	}
	if math.Abs(part-1) > 1e-9 || mulAdds != small.MulAdds() {
		t.Errorf("the layers are %v of all of them, with %d multiply-adds", part, mulAdds)
	}
	if f := r.Forward[len(r.Forward)-1]; len(r.Forward) != 4 || f.Batch != 3 || f.Threads != 2 || !(f.Seconds > 0) {
		t.Errorf("%+v", f)
	}
	if len(r.Training) != 2 || r.Training[0].Efficiency != 1 || r.Training[0].Machine != 1 {
		t.Errorf("%+v", r.Training)
	}
	for i, c := range r.Cost {
		if i > 0 && c.MulAdds < r.Cost[i-1].MulAdds {
			t.Errorf("%+v is out of order", c)
		}
	}
}

func TestMeasureStops(t *testing.T) {
	net, err := unet.New(small)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	o := Options{Parts: []string{"steps", "cost"}, Clock: Clock{time.Millisecond}, Threads: 1}
	if r, err := Measure(ctx, "small", net, o, func() {}); err != context.Canceled {
		t.Errorf("%+v, %v", r, err)
	}
	o.Parts = []string{"speed"}
	if _, err := Measure(context.Background(), "small", net, o, func() {}); err == nil {
		t.Error("a part that there is not")
	}
}

func TestThreadCounts(t *testing.T) {
	for most, want := range map[int][]int{1: {1}, 2: {1, 2}, 6: {1, 2, 4, 6}, 8: {1, 2, 4, 8}} {
		got := threadCounts(most)
		if len(got) != len(want) {
			t.Errorf("%d: %v", most, got)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%d: %v", most, got)
			}
		}
	}
}
