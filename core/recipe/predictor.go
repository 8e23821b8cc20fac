package recipe

import (
	"sync"
	"sync/atomic"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Predictor is a model as samplers know it: something that gives ε. It has the
// memory of its passes, so it serves one caller at a time, and allocates nothing once
// it has seen a batch of that size; a model may have many.
type Predictor struct {
	model   *Model
	workers int
	passes  [][]pass // by the number of workers that compute an image together
	size    int

	// What the call that is going on asks for, and what its workers share.
	batch batch
	next  atomic.Int64 // the first image that no worker has taken
	wait  sync.WaitGroup
}

// pass is the memory for one image at a time, and the goroutine that goes through
// images with it, made once: a closure for each call would be garbage.
type pass struct {
	*unet.Pass
	work func()
}

// batch is what PredictEps is asked for.
type batch struct {
	eps, xt []float32
	t       int
	classes []int
}

// NewPredictor makes one that computes on so many goroutines at a time. Where there are
// fewer images, several compute one together. One worker starts no goroutine.
func (m *Model) NewPredictor(workers int) *Predictor {
	c := m.Net.Config()
	p := &Predictor{model: m, workers: max(workers, 1), size: c.ImageSize * c.ImageSize * c.InChannels}
	p.passes = make([][]pass, p.workers+1)
	return p
}

// plan returns n passes of so many workers each.
func (p *Predictor) plan(n, hands int) []pass {
	for len(p.passes[hands]) < n {
		net := p.model.Net.NewSharedPass(hands)
		p.passes[hands] = append(p.passes[hands], pass{net, func() {
			p.images(net)
			p.wait.Done()
		}})
	}
	return p.passes[hands][:n]
}

// PredictEps writes the ε that the model sees in xt, [n][H][W][C], at the
// paper's t, for one class (or unet.Null) an image. What a network predicts
// instead (v, x_0, μ) is converted. Every image is computed alone, so how many
// workers there are does not show in the result.
func (p *Predictor) PredictEps(eps, xt []float32, t int, classes []int) {
	n := len(classes)
	if len(eps) != n*p.size || len(xt) != n*p.size {
		panic("recipe: PredictEps on images of another size")
	}
	if n == 0 {
		return
	}
	p.batch = batch{eps, xt, t, classes}
	p.next.Store(0)
	passes := p.plan(min(p.workers, n), p.workers/min(p.workers, n))
	for _, other := range passes[1:] {
		p.wait.Add(1)
		go other.work()
	}
	p.images(passes[0].Pass)
	p.wait.Wait()
	p.batch = batch{} // the slices are the caller's
}

// images evaluates the images of the batch that are left, one after the other.
func (p *Predictor) images(pass *unet.Pass) {
	b := &p.batch
	for {
		i := int(p.next.Add(1)) - 1
		if i >= len(b.classes) {
			return
		}
		out, x := b.eps[i*p.size:(i+1)*p.size], b.xt[i*p.size:(i+1)*p.size]
		pass.Forward(out, x, b.t, b.classes[i])
		p.model.Prediction.Eps(out, out, x, p.model.Chain, b.t)
	}
}
