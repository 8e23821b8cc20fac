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

// BoundOptions says how the variational bound is estimated.
type BoundOptions struct {
	Terms    int // divergences evaluated for each image, 1…T−1
	Variance diffusion.Variance
	Labels   bool // tell the network each image's class
	Seed     uint64
	Workers  int
}

// BoundReport is the variational bound on −log p_θ(x_0) of some images (Ho et
// al., eq. 5): Total = Prior + Divergence + Decoder.
type BoundReport struct {
	Images      int       `json:"images"`
	Terms       int       `json:"terms_an_image"` // divergences; the decoder is always evaluated
	Of          int       `json:"of_terms"`       // T−1
	Variance    string    `json:"variance"`
	Conditional bool      `json:"conditional"`
	Seed        uint64    `json:"seed"`
	Total       Nats      `json:"total"`
	Prior       Nats      `json:"prior"`      // L_T
	Divergence  Nats      `json:"divergence"` // Σ L_{t−1}, t = 2…T
	Decoder     Nats      `json:"decoder"`    // L_0
	LSimple     float64   `json:"l_simple"`   // the mean over t = 2…T
	Deciles     [10]Tenth `json:"deciles"`
}

// Nats is a mean over images, with the standard error of it that the draws of
// images, t and ε leave.
type Nats struct {
	Nats       float64 `json:"nats"`
	NatsError  float64 `json:"nats_standard_error"`
	BitsPerDim float64 `json:"bits_per_dim"`
	BitsError  float64 `json:"bits_per_dim_standard_error"`
}

// Tenth is what the t of From…To add to the bound, and L_simple over them.
type Tenth struct {
	From       int     `json:"from"`
	To         int     `json:"to"`
	Divergence Nats    `json:"divergence"`
	LSimple    float64 `json:"l_simple"`
	Evaluated  int     `json:"evaluated"`
}

// imageBound has the terms of one image.
type imageBound struct {
	prior, decoder float64
	drawn          []drawnTerm
}

// drawnTerm is L_{t−1} and ‖ε − ε_θ‖²/d at a t that stands for weight many.
type drawnTerm struct {
	t                     int
	weight, nats, squares float64
}

// Bound estimates the bound on data. 2…T is cut into o.Terms strata, narrow
// where t is small and the terms are large; from each one t is drawn, which
// stands for all of its stratum. That is unbiased for the full chain, whatever
// the strata. x̂_0 is not clipped. After each image progress is called with 1.
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
	predict := func(t int) {
		noise.Normal(eps, o.Seed, noise.Forward, uint32(image), uint32(t))
		diffusion.QSample(xt, x0, eps, s, t)
		p.PredictEps(predicted, xt, t, class)
	}
	predict(1)
	b := imageBound{
		prior:   diffusion.PriorKL(x0, s),
		decoder: diffusion.DecoderNLL(x0, xt, predicted, s, diffusion.BoundVariance(s, 1, o.Variance)),
	}
	for k := range o.Terms {
		from, to := stratum(k, o.Terms, s.T), stratum(k+1, o.Terms, s.T)
		t := from + int(float64(to-from)*noise.Uniform(o.Seed, noise.Time, uint32(image), uint32(k)))
		predict(t)
		b.drawn = append(b.drawn, drawnTerm{
			t: t, weight: float64(to - from),
			nats:    diffusion.RegressionKL(eps, predicted, s, t, diffusion.BoundVariance(s, t, o.Variance)),
			squares: diffusion.LSimple(eps, predicted),
		})
	}
	return b
}

// stratum returns the first t of the k-th of n strata of 2…T; the n-th would
// start at T+1. They widen in proportion to k.
func stratum(k, n, T int) int {
	return 2 + k + (T-1-n)*k*k/(n*n)
}

func summarize(images []imageBound, T, d int, o BoundOptions) *BoundReport {
	n := len(images)
	r := &BoundReport{Images: n, Terms: o.Terms, Of: T - 1, Variance: o.Variance.String(), Conditional: o.Labels, Seed: o.Seed}
	prior, decoder, divergence, total := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	var parts [10][]float64
	for i := range parts {
		parts[i] = make([]float64, n)
	}
	var squares, weights [10]float64
	for i, image := range images {
		prior[i], decoder[i] = image.prior, image.decoder
		for _, term := range image.drawn {
			part := (term.t - 1) * 10 / T
			divergence[i] += term.weight * term.nats
			parts[part][i] += term.weight * term.nats
			squares[part] += term.weight * term.squares
			weights[part] += term.weight
			r.Deciles[part].Evaluated++
		}
		total[i] = prior[i] + divergence[i] + decoder[i]
	}
	r.Total, r.Prior = meanNats(total, d), meanNats(prior, d)
	r.Divergence, r.Decoder = meanNats(divergence, d), meanNats(decoder, d)
	var square, weight float64
	for i := range r.Deciles {
		tenth := &r.Deciles[i]
		tenth.From, tenth.To = max(2, (i*T+9)/10+1), ((i+1)*T+9)/10
		tenth.Divergence = meanNats(parts[i], d)
		if weights[i] > 0 {
			tenth.LSimple = squares[i] / weights[i]
		}
		square, weight = square+squares[i], weight+weights[i]
	}
	r.LSimple = square / weight
	return r
}

// meanNats is the mean over images of d elements.
func meanNats(nats []float64, d int) Nats {
	n := float64(len(nats))
	var sum, squares float64
	for _, v := range nats {
		sum += v
	}
	for _, v := range nats {
		squares += (v - sum/n) * (v - sum/n)
	}
	value, standard := sum/n, math.Sqrt(squares/(n-1)/n)
	return Nats{value, standard, diffusion.BitsPerDim(value, d), diffusion.BitsPerDim(standard, d)}
}

// Text is the report for a terminal.
func (r *BoundReport) Text() string {
	var b strings.Builder
	classes := "not told their classes"
	if r.Conditional {
		classes = "given their classes"
	}
	fmt.Fprintf(&b, "bound on −log p(x_0) of %d test images, %s; σ² = %s\n%d of %d divergences an image; ± is one standard error\n",
		r.Images, classes, r.Variance, r.Terms, r.Of)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(what string, n Nats, more string) {
		fmt.Fprintf(w, "%s\t%.4f ± %.4f bits/dim\t%.2f ± %.2f nats\t%s\n", what, n.BitsPerDim, n.BitsError, n.Nats, n.NatsError, more)
	}
	line("total", r.Total, "")
	line("  prior, L_T", r.Prior, "")
	line("  divergences", r.Divergence, fmt.Sprintf("L_simple %.5f", r.LSimple))
	for _, tenth := range r.Deciles {
		if tenth.Evaluated > 0 {
			line(fmt.Sprintf("    t = %d…%d", tenth.From, tenth.To), tenth.Divergence, fmt.Sprintf("L_simple %.5f", tenth.LSimple))
		}
	}
	line("  decoder, L_0", r.Decoder, "")
	w.Flush() // to memory: it cannot fail
	return b.String()
}
