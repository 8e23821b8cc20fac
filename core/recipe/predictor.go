package recipe

import (
	"sync"
	"sync/atomic"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Predictor is a model as samplers know it: something that gives ε. It has the
// memory of its passes, so it serves one caller at a time; a model may have
// many.
type Predictor struct {
	model  *Model
	passes []*unet.Pass
	size   int
}

// NewPredictor plans memory for workers images at a time; one worker starts no
// goroutine.
func (m *Model) NewPredictor(workers int) *Predictor {
	c := m.Net.Config()
	p := &Predictor{model: m, size: c.ImageSize * c.ImageSize * c.InChannels}
	for range max(workers, 1) {
		p.passes = append(p.passes, m.Net.NewPass())
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
	workers := min(len(p.passes), n)
	if workers <= 1 {
		for i := range n {
			p.image(p.passes[0], eps, xt, t, classes, i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for _, pass := range p.passes[:workers] {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				p.image(pass, eps, xt, t, classes, i)
			}
		})
	}
	wait.Wait()
}

func (p *Predictor) image(pass *unet.Pass, eps, xt []float32, t int, classes []int, i int) {
	out, x := eps[i*p.size:(i+1)*p.size], xt[i*p.size:(i+1)*p.size]
	pass.Forward(out, x, t, classes[i])
	p.model.Prediction.Eps(out, out, x, p.model.Chain, t)
}
