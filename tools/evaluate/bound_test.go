package evaluate

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// boundModel is a tiny random network of two classes with a chain of 40 steps,
// and images for it.
func boundModel(t *testing.T, images int) (*recipe.Model, *dataset.Dataset) {
	t.Helper()
	net, err := unet.New(unet.Config{ImageSize: 4, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 8, Depth: 1, NumClasses: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range net.Weights() {
		net.Weights()[i] = 0.2 * float32(math.Sin(float64(i)*12.9898))
	}
	file, err := recipe.Save(net, nil, recipe.Card{
		Name: "random", Prediction: diffusion.V, Schedule: "cosine", Timesteps: 40, Classes: []string{"a", "b"},
	}, checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	d := &dataset.Dataset{Height: 4, Width: 4, Channels: 1, Classes: m.Classes}
	for i := range images {
		d.Labels = append(d.Labels, uint8(i%2))
		for p := range 16 {
			d.Pixels = append(d.Pixels, byte(i*37+p*p*11))
		}
	}
	return m, d
}

func bound(t *testing.T, m *recipe.Model, d *dataset.Dataset, o BoundOptions) *BoundReport {
	t.Helper()
	calls := 0
	r, err := Bound(context.Background(), m, d, o, func(n int) { calls += n })
	if err != nil {
		t.Fatal(err)
	}
	if calls != d.Len() {
		t.Errorf("progress of %d images, want %d", calls, d.Len())
	}
	return r
}

func TestStrataCoverTheChain(t *testing.T) {
	for _, T := range []int{2, 40, 1000, 100_000} {
		for _, n := range []int{1, 2, 7, 20, T / 2, T - 1} {
			if n > T-1 {
				continue
			}
			if first, end := stratum(0, n, T), stratum(n, n, T); first != 2 || end != T+1 {
				t.Errorf("T=%d: %d strata of %d…%d", T, n, first, end-1)
			}
			for k := range n {
				if stratum(k, n, T) >= stratum(k+1, n, T) {
					t.Fatalf("T=%d: of %d strata number %d is empty", T, n, k)
				}
			}
		}
	}
}

// With every term there is nothing to draw but ε: the bound is the sum over the
// chain, written down here with the closed form in place of the regression.
func TestBoundIsTheWholeChain(t *testing.T) {
	const images = 3
	m, d := boundModel(t, images)
	s, p := m.Chain, m.NewPredictor(1)
	r := bound(t, m, d, BoundOptions{Terms: s.T - 1, Variance: diffusion.BetaTilde, Labels: true, Seed: 3, Workers: 2})
	var prior, divergence, decoder, squares float64
	x0, eps, xt, predicted := make([]float32, 16), make([]float32, 16), make([]float32, 16), make([]float32, 16)
	for i := range images {
		d.Image(x0, i)
		prior += diffusion.PriorKL(x0, s) / images
		for at := 1; at <= s.T; at++ {
			noise.Normal(eps, 3, noise.Forward, uint32(i), uint32(at))
			diffusion.QSample(xt, x0, eps, s, at)
			p.PredictEps(predicted, xt, at, []int{d.Class(i)})
			if at == 1 {
				decoder += diffusion.DecoderNLL(x0, xt, predicted, s, s.PosteriorVariance[2]) / images
				continue
			}
			divergence += diffusion.PosteriorKL(x0, xt, predicted, s, at, s.PosteriorVariance[at]) / images
			squares += diffusion.LSimple(eps, predicted) / float64(images*(s.T-1))
		}
	}
	var deciles float64
	for _, tenth := range r.Deciles {
		deciles += tenth.Divergence.Nats
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"prior", r.Prior.Nats, prior},
		{"divergence", r.Divergence.Nats, divergence},
		{"sum of the deciles", deciles, divergence},
		{"decoder", r.Decoder.Nats, decoder},
		{"total", r.Total.Nats, prior + divergence + decoder},
		{"bits/dim", r.Total.BitsPerDim, (prior + divergence + decoder) / 16 / math.Ln2},
		{"L_simple", r.LSimple, squares},
	} {
		if !(math.Abs(c.got-c.want) <= 1e-4*math.Abs(c.want)) {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
}

// A few terms an image estimate the same as all of them do, within the error
// that is stated; the error is larger, and the workers do not show.
func TestBoundIsUnbiased(t *testing.T) {
	const sigmas = 4.5
	m, d := boundModel(t, 300)
	o := BoundOptions{Terms: m.Chain.T - 1, Variance: diffusion.Beta, Seed: 1, Workers: 2}
	full := bound(t, m, d, o)
	o.Terms = 5
	few := bound(t, m, d, o)
	if d := math.Abs(few.Divergence.Nats - full.Divergence.Nats); d > sigmas*math.Hypot(few.Divergence.NatsError, full.Divergence.NatsError) {
		t.Errorf("5 terms give %+v, all %+v", few.Divergence, full.Divergence)
	}
	if !(few.Divergence.NatsError > full.Divergence.NatsError) || few.Divergence.NatsError > 0.1*few.Divergence.Nats {
		t.Errorf("the error of 5 terms is %v, of all %v", few.Divergence, full.Divergence)
	}
	if few.Prior != full.Prior || few.Decoder != full.Decoder {
		t.Error("prior or decoder depend on how many divergences there are")
	}
	o.Workers = 1
	if alone := bound(t, m, d, o); *alone != *few {
		t.Errorf("one worker gives %+v, two %+v", alone.Total, few.Total)
	}
	o.Labels = true
	if told := bound(t, m, d, o); told.Total == few.Total || !told.Conditional {
		t.Error("classes make no difference")
	}
}

func TestMeanNats(t *testing.T) {
	// 1, 2, 6: variance 7, so the mean's error is √(7/3).
	got := meanNats([]float64{1, 2, 6}, 3)
	if got.Nats != 3 || math.Abs(got.NatsError-math.Sqrt(7.0/3)) > 1e-12 || math.Abs(got.BitsPerDim-1/math.Ln2) > 1e-12 {
		t.Errorf("%+v", got)
	}
}

func TestBoundRefuses(t *testing.T) {
	m, d := boundModel(t, 4)
	wide := *d
	wide.Width = 5
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx   context.Context
		data  *dataset.Dataset
		terms int
		want  string
	}{
		{context.Background(), &wide, 5, "the images are 4×5×1; the model knows 4×4×1"},
		{context.Background(), d, 0, "0 terms an image, want 1 to 39"},
		{context.Background(), d, 40, "40 terms an image, want 1 to 39"},
		{context.Background(), d.Subset(1), 5, "1 images leave no error"},
		{cancelled, d, 5, "context canceled"},
	} {
		_, err := Bound(c.ctx, m, c.data, BoundOptions{Terms: c.terms}, func(int) {})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v, want %q", err, c.want)
		}
	}
}
