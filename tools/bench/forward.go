package bench

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"gonum.org/v1/gonum/stat"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Forward is the time of a batch through the network.
type Forward struct {
	Batch   int     `json:"batch"`
	Threads int     `json:"threads"`
	Seconds float64 `json:"seconds"` // for the batch
	Images  float64 `json:"images_per_s"`
	GFLOPs  float64 `json:"gflops"` // effective
	Share   float64 `json:"share"`  // of the ceiling of so many threads
}

// AtStep is the time of one image at one t.
type AtStep struct {
	T       int     `json:"t"`
	Seconds float64 `json:"seconds"`
}

// engine is a network with the memory for a batch.
type engine struct {
	net    *unet.Net
	passes []*unet.Pass // one a thread
	shared []*unet.Pass // index: the number of threads that share an image, from 2
	x, out [][]float32
}

// steps is T of the chains that the networks are asked about.
const steps = 1000

func newEngine(net *unet.Net, batch, threads int) *engine {
	c := net.Config()
	e := &engine{net: net}
	for range threads {
		e.passes = append(e.passes, net.NewPass())
	}
	e.shared = make([]*unet.Pass, threads+1)
	for _, n := range threadCounts(threads)[1:] {
		e.shared[n] = net.NewSharedPass(n)
	}
	r, pixels := rand.New(rand.NewPCG(1, 1)), c.ImageSize*c.ImageSize
	for range batch {
		x := make([]float32, pixels*c.InChannels)
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		e.x, e.out = append(e.x, x), append(e.out, make([]float32, pixels*c.OutChannels))
	}
	return e
}

// forward runs the first images of the batch, shared out among the threads as
// recipe.Predictor does: a single image is the work of all.
func (e *engine) forward(batch, threads, t int) {
	if batch == 1 && threads > 1 {
		e.shared[threads].Forward(e.out[0], e.x[0], t, unet.Null)
		return
	}
	var next atomic.Int64
	together(min(batch, threads), func(thread int) {
		for i := int(next.Add(1)) - 1; i < batch; i = int(next.Add(1)) - 1 {
			e.passes[thread].Forward(e.out[i], e.x[i], t, unet.Null)
		}
	})
}

// Batches are the sizes that show how time grows with the batch.
var Batches = []int{1, 2, 4, 8, 16}

// MeasureForward measures each batch on up to `threads` threads.
func MeasureForward(c Clock, m Machine, net *unet.Net, batches []int, threads int) []Forward {
	e := newEngine(net, slices.Max(batches), threads)
	var list []Forward
	for _, n := range threadCounts(threads) {
		for _, batch := range batches {
			list = append(list, Forward{Batch: batch, Threads: n})
		}
	}
	var runs []func()
	for _, f := range list {
		runs = append(runs, func() { e.forward(f.Batch, f.Threads, steps/2) })
	}
	for i, seconds := range c.Seconds(runs...) {
		f := &list[i]
		f.Seconds = seconds
		f.Images = float64(f.Batch) / seconds
		f.GFLOPs = 2e-9 * float64(net.Config().MulAdds()) * f.Images
		f.Share = f.GFLOPs / m.peak(f.Threads)
	}
	return list
}

// MeasureSteps measures one image at several t, which should make no difference.
func MeasureSteps(c Clock, net *unet.Net) []AtStep {
	e := newEngine(net, 1, 1)
	var list []AtStep
	var runs []func()
	for _, t := range []int{1, steps / 4, steps / 2, 3 * steps / 4, steps} {
		list = append(list, AtStep{T: t})
		runs = append(runs, func() { e.forward(1, 1, t) })
	}
	for i, seconds := range c.Seconds(runs...) {
		list[i].Seconds = seconds
	}
	return list
}

// Line is the straight line through the times of batches on one thread.
type Line struct {
	Fixed    float64 `json:"fixed_seconds"`
	PerImage float64 `json:"seconds_per_image"`
	// Worst is how far a batch's time is from the line, as a share of it, at most.
	Worst float64 `json:"worst_deviation"`
}

// FitLine fits a line to the batches on one thread. All count alike, as
// deviations are measured as shares.
func FitLine(batches []Forward) Line {
	var x, y, weights []float64
	for _, f := range batches {
		if f.Threads == 1 {
			x, y, weights = append(x, float64(f.Batch)), append(y, f.Seconds), append(weights, 1/(f.Seconds*f.Seconds))
		}
	}
	var l Line
	l.Fixed, l.PerImage = stat.LinearRegression(x, y, weights, false)
	for i := range x {
		l.Worst = max(l.Worst, math.Abs(y[i]/(l.Fixed+l.PerImage*x[i])-1))
	}
	return l
}
