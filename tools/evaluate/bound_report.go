package evaluate

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/ddpm-go/ddpm/core/diffusion"
)

// BoundReport is the variational bound on −log p_θ(x_0) of some images (Ho et
// al., eq. 5): Total = Prior + Divergence + Decoder.
type BoundReport struct {
	Images      int     `json:"images"`
	Terms       int     `json:"terms_an_image"` // divergences; the decoder is always evaluated
	Of          int     `json:"of_terms"`       // T−1
	Variance    string  `json:"variance"`
	Conditional bool    `json:"conditional"`
	Seed        uint64  `json:"seed"`
	Total       Nats    `json:"total"`
	Prior       Nats    `json:"prior"`      // L_T
	Divergence  Nats    `json:"divergence"` // Σ L_{t−1}, t = 2…T
	Decoder     Nats    `json:"decoder"`    // L_0
	LSimple     Mean    `json:"l_simple"`   // over t = 1…T
	Curve       []Point `json:"curve"`      // the decoder's t = 1, then the strata of 2…T
}

// Nats is a mean over images, with the standard error of it that the draws of
// images, t and ε leave.
type Nats struct {
	Nats       float64 `json:"nats"`
	NatsError  float64 `json:"nats_standard_error"`
	BitsPerDim float64 `json:"bits_per_dim"`
	BitsError  float64 `json:"bits_per_dim_standard_error"`
}

// Mean is a mean with its standard error.
type Mean struct {
	Value float64 `json:"mean"`
	Error float64 `json:"standard_error"`
}

// Point is what the t of From…To add to the bound, L_simple over them, and
// where they stand on the rate–distortion curve (Ho et al., §4.3): what it takes
// to send x_t, L_T and the divergences of all later t (half of From…To's own),
// and how far the x̂_0 predicted from that x_t is from x_0, as the root of the
// mean square on the scale of bytes, 0…255, clipped as a picture is.
type Point struct {
	From       int     `json:"from"`
	To         int     `json:"to"`
	Nats       Nats    `json:"terms"` // the sum over From…To
	LSimple    Mean    `json:"l_simple"`
	Rate       float64 `json:"rate_bits_per_dim"`
	Distortion Mean    `json:"distortion_rmse"`
}

// byteScale is what the unit of x is in bytes: x = b/127.5 − 1.
const byteScale = 127.5

// summarize makes the report of images of d elements. Their k-th draws are all
// of the same stratum.
func summarize(images []imageBound, T, d int, o BoundOptions) *BoundReport {
	n := len(images)
	r := &BoundReport{Images: n, Terms: o.Terms, Of: T - 1, Variance: o.Variance.String(), Conditional: o.Labels, Seed: o.Seed}
	column := func(value func(imageBound) float64) []float64 {
		c := make([]float64, n)
		for i, image := range images {
			c[i] = value(image)
		}
		return c
	}
	divergence := func(b imageBound) (sum float64) {
		for _, term := range b.drawn[1:] {
			sum += term.weight * term.nats
		}
		return sum
	}
	r.Prior = meanNats(column(func(b imageBound) float64 { return b.prior }), d)
	r.Decoder = meanNats(column(func(b imageBound) float64 { return b.drawn[0].nats }), d)
	r.Divergence = meanNats(column(divergence), d)
	r.Total = meanNats(column(func(b imageBound) float64 { return b.prior + divergence(b) + b.drawn[0].nats }), d)
	r.LSimple = meanOf(column(func(b imageBound) (sum float64) {
		for _, term := range b.drawn {
			sum += term.weight * term.squares / float64(T)
		}
		return sum
	}))
	r.Curve = make([]Point, o.Terms+1)
	rate := r.Prior.BitsPerDim
	for k := o.Terms; k >= 0; k-- {
		p := &r.Curve[k]
		p.From, p.To = 1, 1
		if k > 0 {
			p.From, p.To = diffusion.Stratum(k-1, o.Terms, T), diffusion.Stratum(k, o.Terms, T)-1
		}
		p.Nats = meanNats(column(func(b imageBound) float64 { return b.drawn[k].weight * b.drawn[k].nats }), d)
		p.LSimple = meanOf(column(func(b imageBound) float64 { return b.drawn[k].squares }))
		square := meanOf(column(func(b imageBound) float64 { return b.drawn[k].distorted }))
		root := math.Sqrt(square.Value)
		p.Distortion = Mean{byteScale * root, byteScale * square.Error / (2 * root)}
		p.Rate = rate
		if k > 0 { // x_1 is sent by all divergences, before the decoder's term
			p.Rate += p.Nats.BitsPerDim / 2
			rate += p.Nats.BitsPerDim
		}
	}
	return r
}

// meanOf is the mean of a column, and its standard error.
func meanOf(column []float64) Mean {
	n := float64(len(column))
	var sum, squares float64
	for _, v := range column {
		sum += v
	}
	for _, v := range column {
		squares += (v - sum/n) * (v - sum/n)
	}
	return Mean{sum / n, math.Sqrt(squares / (n - 1) / n)}
}

// meanNats is the mean over images of d elements.
func meanNats(nats []float64, d int) Nats {
	m := meanOf(nats)
	return Nats{m.Value, m.Error, diffusion.BitsPerDim(m.Value, d), diffusion.BitsPerDim(m.Error, d)}
}

// lines is how many points of the curve the terminal shows.
const lines = 21

// Text is the report for a terminal, with at most `lines` points of the curve.
func (r *BoundReport) Text() string {
	var b strings.Builder
	classes := "not told their classes"
	if r.Conditional {
		classes = "given their classes"
	}
	fmt.Fprintf(&b, "bound on −log p(x_0) of %d test images, %s; σ² = %s\n%d of %d divergences an image; ± is one standard error\n",
		r.Images, classes, r.Variance, r.Terms, r.Of)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	part := func(what string, n Nats) {
		fmt.Fprintf(w, "%s\t%.4f ± %.4f bits/dim\t%.2f ± %.2f nats\n", what, n.BitsPerDim, n.BitsError, n.Nats, n.NatsError)
	}
	part("total", r.Total)
	part("  prior, L_T", r.Prior)
	part("  divergences, Σ L_{t−1}", r.Divergence)
	part("  decoder, L_0", r.Decoder)
	w.Flush() // to memory: it cannot fail
	fmt.Fprintf(&b, "L_simple, t = 1…%d: %.5f ± %.5f\n\n", r.Of+1, r.LSimple.Value, r.LSimple.Error)
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "t\tbits/dim each\tsum\tL_simple\trate, bits/dim\tdistortion, rmse\t\n")
	for i := range min(lines, len(r.Curve)) {
		p := r.Curve[i*(len(r.Curve)-1)/max(1, min(lines, len(r.Curve))-1)]
		fmt.Fprintf(w, "%d…%d\t%.6f\t%.4f ± %.4f\t%.5f ± %.5f\t%.4f\t%.2f ± %.2f\t\n", p.From, p.To,
			p.Nats.BitsPerDim/float64(p.To-p.From+1), p.Nats.BitsPerDim, p.Nats.BitsError,
			p.LSimple.Value, p.LSimple.Error, p.Rate, p.Distortion.Value, p.Distortion.Error)
	}
	w.Flush()
	if len(r.Curve) > lines {
		fmt.Fprintf(&b, "(%d of the curve's %d points: all are in the JSON and the CSV)\n", lines, len(r.Curve))
	}
	return b.String()
}

// CSV is the curve as a table.
func (r *BoundReport) CSV() string {
	var b strings.Builder
	b.WriteString("from,to,nats,nats_error,bits_per_dim,bits_per_dim_error,l_simple,l_simple_error,rate_bits_per_dim,distortion_rmse,distortion_error\n")
	for _, p := range r.Curve {
		fmt.Fprintf(&b, "%d,%d,%g,%g,%g,%g,%g,%g,%g,%g,%g\n", p.From, p.To, p.Nats.Nats, p.Nats.NatsError, p.Nats.BitsPerDim, p.Nats.BitsError,
			p.LSimple.Value, p.LSimple.Error, p.Rate, p.Distortion.Value, p.Distortion.Error)
	}
	return b.String()
}
