package evaluate

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// BoundOptions says how the variational bound is estimated.
type BoundOptions struct {
	Terms    int // divergences evaluated for each image, 1…T−1
	Variance diffusion.Variance
	Labels   bool // tell the network each image's class
	Seed     uint64
	Workers  int
	Dump     *BoundDump // nil, or what every evaluated term is written to
}

// imageBound has the terms of one image, its first one the decoder's.
type imageBound struct {
	prior float64 // L_T
	drawn []drawnTerm
}

// drawnTerm is what was found at a t that stands for weight many: L_{t−1} in
// nats (L_0 at t = 1), ‖ε − ε_θ‖²/d, and ‖x_0 − x̂_0‖²/d with x̂_0 clipped to
// [−1, 1] as a picture is.
type drawnTerm struct {
	t                                int
	weight, nats, squares, distorted float64
}

// Bound estimates the bound on data. 2…T is cut into o.Terms strata, narrow
// where t is small and the terms are large; from each one t is drawn, which
// stands for all of its stratum. That is unbiased for the full chain, whatever
// the strata. In the bound x̂_0 is not clipped. After each image progress is
// called with 1.
func Bound(ctx context.Context, m *recipe.Model, data *dataset.Dataset, o BoundOptions, progress func(int)) (*BoundReport, error) {
	config := m.Net.Config()
	if data.Height != config.ImageSize || data.Width != config.ImageSize || data.Channels != config.InChannels {
		return nil, fmt.Errorf("the images are %d×%d×%d; the model knows %d×%d×%d",
			data.Height, data.Width, data.Channels, config.ImageSize, config.ImageSize, config.InChannels)
	}
	if o.Terms < 1 || o.Terms > m.Chain.T-1 {
		return nil, fmt.Errorf("%d terms an image, want 1 to %d", o.Terms, m.Chain.T-1)
	}
	if data.Len() < 2 {
		return nil, fmt.Errorf("%d images leave no error to state, want at least 2", data.Len())
	}
	if o.Dump != nil {
		o.Dump.begin(m, data, o)
	}
	images := make([]imageBound, data.Len())
	var next atomic.Int64
	var wait sync.WaitGroup
	var reporting sync.Mutex
	for range max(o.Workers, 1) {
		wait.Go(func() {
			p := m.NewPredictor(1)
			for i := int(next.Add(1)) - 1; i < len(images) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				images[i] = boundImage(p, m, data, i, o)
				reporting.Lock()
				progress(1)
				reporting.Unlock()
			}
		})
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return summarize(images, m.Chain.T, data.Size(), o), nil
}

func boundImage(p *recipe.Predictor, m *recipe.Model, data *dataset.Dataset, image int, o BoundOptions) imageBound {
	s, d := m.Chain, data.Size()
	x0, eps, xt, predicted := make([]float32, d), make([]float32, d), make([]float32, d), make([]float32, d)
	data.Image(x0, image)
	class := []int{unet.Null}
	if o.Labels {
		class[0] = data.Class(image)
	}
	b := imageBound{prior: diffusion.PriorKL(x0, s)}
	evaluate := func(t, weight int) {
		noise.Normal(eps, o.Seed, noise.Forward, uint32(image), uint32(t))
		diffusion.QSample(xt, x0, eps, s, t)
		p.PredictEps(predicted, xt, t, class)
		variance := diffusion.BoundVariance(s, t, o.Variance)
		term := drawnTerm{t: t, weight: float64(weight), squares: diffusion.LSimple(eps, predicted)}
		term.nats = diffusion.TermFrom(x0, eps, predicted, s, t, variance)
		if o.Dump != nil {
			o.Dump.record(image*(o.Terms+1)+len(b.drawn), class[0], x0, eps, predicted, t, term.nats)
		}
		diffusion.X0FromEps(xt, xt, predicted, s, t)
		for i, x := range xt {
			xt[i] = max(-1, min(1, x))
		}
		term.distorted = diffusion.LSimple(x0, xt)
		b.drawn = append(b.drawn, term)
	}
	evaluate(1, 1)
	for k := range o.Terms {
		evaluate(diffusion.DrawnTime(o.Seed, uint32(image), k, o.Terms, s.T))
	}
	return b
}
