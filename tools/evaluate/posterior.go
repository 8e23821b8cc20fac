package evaluate

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// PosteriorOptions says how p_θ(x_{t−1}|x_t) is compared with q(x_{t−1}|x_t).
type PosteriorOptions struct {
	Count    int   // images x_0 that x_t is drawn from, the first of the data
	Times    []int // t, each 2…T
	Variance diffusion.Variance
	Seed     uint64
	Workers  int
}

// PosteriorReport compares the network with the reverse of the chain itself.
// For a finite data set q(x_{t−1}|x_t) is a mixture over all of it
// (diffusion.Mixture); a data set too large to sum over is why there is a
// network. The network is not told classes, as the data are not split by them.
type PosteriorReport struct {
	Images int              `json:"images"` // of the data
	Count  int              `json:"count"`
	Sigma  string           `json:"variance"`
	Rows   []PosteriorAtOne `json:"rows"`
}

// PosteriorAtOne is the comparison at one t, means over x_0 from the data and
// x_t ~ q(x_t|x_0), divergences in bits/dim.
type PosteriorAtOne struct {
	T int `json:"t"`
	// Candidates is 2 to the entropy of q(x_0|x_t): how many images x_t could
	// have come from.
	Candidates Mean `json:"candidates"`
	// Term is L_{t−1} = KL(q(x_{t−1}|x_t,x_0) ‖ p_θ).
	Term Mean `json:"term"`
	// Network is KL(q(x_{t−1}|x_t) ‖ p_θ). The rest of Term is I(x_{t−1}; x_0 | x_t),
	// which no network can take away. Best is what Network would be for E[ε|x_t] in
	// place of ε_θ: above 0 because q(x_{t−1}|x_t) is not a Gaussian.
	Network Mean `json:"network"`
	Best    Mean `json:"best"`
	// Off is ‖ε_θ − E[ε|x_t]‖²/d: what the network makes of x_t beside what the
	// data say. It counts knowing images that are not in the data, too.
	Off Mean `json:"off"`
}

// Posterior compares the network with all images of data. After each image and t
// progress is called with 1.
func Posterior(ctx context.Context, m *recipe.Model, data *dataset.Dataset, o PosteriorOptions, progress func(int)) (*PosteriorReport, error) {
	config := m.Net.Config()
	if data.Height != config.ImageSize || data.Width != config.ImageSize || data.Channels != config.InChannels {
		return nil, fmt.Errorf("the images are %d×%d×%d; the model knows %d×%d×%d",
			data.Height, data.Width, data.Channels, config.ImageSize, config.ImageSize, config.InChannels)
	}
	if o.Count < 2 || o.Count > data.Len() {
		return nil, fmt.Errorf("%d images to draw x_t from, want 2 to %d", o.Count, data.Len())
	}
	for _, t := range o.Times {
		if t < 2 || t > m.Chain.T {
			return nil, fmt.Errorf("t = %d, want 2 to %d: at 1 the posterior is a point", t, m.Chain.T)
		}
	}
	exact := &diffusion.Mixture[float32]{Means: make([][]float32, data.Len())}
	for i := range exact.Means {
		exact.Means[i] = make([]float32, data.Size())
		data.Image(exact.Means[i], i)
	}
	draws := make([]posteriorDraw, o.Count*len(o.Times))
	var next atomic.Int64
	var wait sync.WaitGroup
	var reporting sync.Mutex
	for range max(o.Workers, 1) {
		wait.Go(func() {
			p := m.NewPredictor(1)
			for i := int(next.Add(1)) - 1; i < len(draws) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				draws[i] = drawPosterior(p, m, exact, i%o.Count, o.Times[i/o.Count], o)
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
	r := &PosteriorReport{Images: data.Len(), Count: o.Count, Sigma: o.Variance.String()}
	for k, t := range o.Times {
		of := draws[k*o.Count:][:o.Count]
		mean := func(value func(posteriorDraw) float64) Mean {
			column := make([]float64, len(of))
			for i, d := range of {
				column[i] = value(d)
			}
			return meanOf(column)
		}
		bits := func(nats float64) float64 { return diffusion.BitsPerDim(nats, data.Size()) }
		r.Rows = append(r.Rows, PosteriorAtOne{
			T:          t,
			Candidates: mean(func(d posteriorDraw) float64 { return d.candidates }),
			Term:       mean(func(d posteriorDraw) float64 { return bits(d.term) }),
			Network:    mean(func(d posteriorDraw) float64 { return bits(d.network) }),
			Best:       mean(func(d posteriorDraw) float64 { return bits(d.best) }),
			Off:        mean(func(d posteriorDraw) float64 { return d.off }),
		})
	}
	return r, nil
}

// posteriorDraw is what one x_t and one x_{t−1} say, divergences in nats.
type posteriorDraw struct{ candidates, term, network, best, off float64 }

func drawPosterior(p *recipe.Predictor, m *recipe.Model, exact *diffusion.Mixture[float32], image, t int, o PosteriorOptions) posteriorDraw {
	s, x0 := m.Chain, exact.Means[image]
	size := len(x0)
	eps, xt, before := make([]float32, size), make([]float32, size), make([]float32, size)
	predicted, best := make([]float32, size), make([]float32, size)
	noise.Normal(eps, o.Seed, noise.Forward, uint32(image), uint32(t))
	diffusion.QSample(xt, x0, eps, s, t)
	p.PredictEps(predicted, xt, t, []int{unet.Null})
	exact.Eps(best, xt, s, t)

	// Given x_t, x_0 is a draw of q(x_0|x_t), and so x_{t−1} one of q(x_{t−1}|x_t).
	z := make([]float32, size)
	noise.Normal(z, o.Seed, noise.Reverse, uint32(image), uint32(t))
	diffusion.PosteriorMean(before, x0, xt, s, t)
	tilde := math.Sqrt(s.PosteriorVariance[t])
	for i := range before {
		before[i] += float32(tilde * float64(z[i]))
	}
	shares, _ := exact.Responsibilities(xt, s, t)
	var entropy float64
	for _, share := range shares {
		if share > 0 {
			entropy -= share * math.Log(share)
		}
	}
	variance := diffusion.BoundVariance(s, t, o.Variance)
	// The best p_θ has the mean of q(x_{t−1}|x_t), so another's divergence is its
	// own and the distance between their means.
	closest := exact.LogReverse(before, xt, s, t) - logReverse(before, xt, best, m, t, variance)
	between := diffusion.RegressionKL(best, predicted, s, t, variance) - diffusion.RegressionKL(best, best, s, t, variance)
	return posteriorDraw{
		candidates: math.Exp(entropy),
		term:       diffusion.RegressionKL(eps, predicted, s, t, variance),
		network:    closest + between,
		best:       closest,
		off:        diffusion.LSimple(best, predicted),
	}
}

// logReverse is ln p_θ(x_{t−1}|x_t).
func logReverse(before, xt, eps []float32, m *recipe.Model, t int, variance float64) float64 {
	mean := make([]float32, len(xt))
	diffusion.ReverseMean(mean, xt, eps, m.Chain, t)
	var square float64
	for i, x := range before {
		d := float64(x) - float64(mean[i])
		square += d * d
	}
	return -(square/variance + float64(len(xt))*math.Log(2*math.Pi*variance)) / 2
}

// Text is the report for a terminal.
func (r *PosteriorReport) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the exact q(x_{t−1}|x_t) of %d images, and p_θ; means over %d x_t, ± one standard error; σ² = %s\n\n", r.Images, r.Count, r.Sigma)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "t\tx_t may be of\tL_{t−1}, bits/dim\tKL(q ‖ p_θ)\tof the best ε_θ\tε_θ off by, mse\t\n")
	for _, p := range r.Rows {
		fmt.Fprintf(w, "%d\t%.2f images\t", p.T, p.Candidates.Value)
		for _, m := range []Mean{p.Term, p.Network, p.Best, p.Off} {
			value := math.Round(m.Value*1e6)/1e6 + 0 // no −0
			fmt.Fprintf(w, "%.6f ± %.6f\t", value, m.Error)
		}
		fmt.Fprintln(w)
	}
	w.Flush() // to memory: it cannot fail
	return b.String()
}
