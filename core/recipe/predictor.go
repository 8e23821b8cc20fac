package recipe

import (
	"sync"
	"sync/atomic"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Predictor is a model as samplers know it: something that gives ε. It has the
// memory of its passes, so it serves one caller at a time and allocates nothing;
// a model may have many.
type Predictor struct {
	model  *Model
	passes []*unet.Pass
	size   int

	// What the call that is going on asks for, and what its workers share.
	batch batch
	next  atomic.Int64 // the first image that no worker has taken
	wait  sync.WaitGroup
	work  []func() // a worker each, made once: a closure for each call would be garbage
}

// batch is what PredictEps is asked for.
type batch struct {
	eps, xt []float32
	t       int
	classes []int
}

// NewPredictor plans memory for workers images at a time; one worker starts no
// goroutine.
func (m *Model) NewPredictor(workers int) *Predictor {
	c := m.Net.Config()
	p := &Predictor{model: m, size: c.ImageSize * c.ImageSize * c.InChannels}
	for range max(workers, 1) {
		pass := m.Net.NewPass()
		p.passes = append(p.passes, pass)
		p.work = append(p.work, func() {
			p.images(pass)
			p.wait.Done()
		})
	}
	return p
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
	p.batch = batch{eps, xt, t, classes}
	p.next.Store(0)
	others := min(len(p.passes), n) - 1
	for i := range others {
		p.wait.Add(1)
		go p.work[i+1]()
	}
	p.images(p.passes[0])
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
