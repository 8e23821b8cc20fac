package evaluate

import (
	"bytes"
	"context"
	"image/png"
	"math"
	"reflect"
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

// With every term there is nothing to draw but ε: the bound is the sum over the
// chain, written down here with the closed form in place of the regression.
func TestBoundIsTheWholeChain(t *testing.T) {
	const images = 3
	m, d := boundModel(t, images)
	s, p := m.Chain, m.NewPredictor(1)
	r := bound(t, m, d, BoundOptions{Terms: s.T - 1, Variance: diffusion.BetaTilde, Labels: true, Seed: 3, Workers: 2})
	var prior, divergence, decoder, squares float64
	distorted := make([]float64, s.T+1)
	x0, eps, xt, predicted := make([]float32, 16), make([]float32, 16), make([]float32, 16), make([]float32, 16)
	for i := range images {
		d.Image(x0, i)
		prior += diffusion.PriorKL(x0, s) / images
		for at := 1; at <= s.T; at++ {
			noise.Normal(eps, 3, noise.Forward, uint32(i), uint32(at))
			diffusion.QSample(xt, x0, eps, s, at)
			p.PredictEps(predicted, xt, at, []int{d.Class(i)})
			squares += diffusion.LSimple(eps, predicted) / float64(images*s.T)
			for j := range x0 {
				guess := (xt[j] - float32(math.Sqrt(1-s.AlphaBar[at]))*predicted[j]) / float32(math.Sqrt(s.AlphaBar[at]))
				off := float64(x0[j] - max(-1, min(1, guess)))
				distorted[at] += off * off / 16 / images
			}
			if at == 1 {
				decoder += diffusion.DecoderNLL(x0, xt, predicted, s, s.PosteriorVariance[2]) / images
				continue
			}
			divergence += diffusion.PosteriorKL(x0, xt, predicted, s, at, s.PosteriorVariance[at]) / images
		}
	}
	// Down the chain, what has been sent grows by each term and what is not known
	// yet is the distortion.
	rate := prior
	for at := s.T; at >= 1; at-- {
		p := r.Curve[at-1]
		want := rate
		if at > 1 {
			want, rate = rate+p.Nats.Nats/2, rate+p.Nats.Nats
		}
		if p.From != at || p.To != at || math.Abs(p.Rate-want/16/math.Ln2) > 1e-4*p.Rate {
			t.Errorf("t=%d: %+v, want a rate of %v", at, p, want/16/math.Ln2)
		}
		if want := 127.5 * math.Sqrt(distorted[at]); math.Abs(p.Distortion.Value-want) > 1e-3*want {
			t.Errorf("t=%d: the distortion is %v, want %v", at, p.Distortion.Value, want)
		}
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"prior", r.Prior.Nats, prior},
		{"divergence", r.Divergence.Nats, divergence},
		{"sum of the curve", rate, prior + divergence},
		{"decoder", r.Decoder.Nats, decoder},
		{"total", r.Total.Nats, prior + divergence + decoder},
		{"bits/dim", r.Total.BitsPerDim, (prior + divergence + decoder) / 16 / math.Ln2},
		{"L_simple", r.LSimple.Value, squares},
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
	if alone := bound(t, m, d, o); !reflect.DeepEqual(alone, few) {
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

// The dump is enough to compute every term again: here in float64 by the general
// divergence of two Gaussians, with no formula of the bound's own.
func TestBoundDump(t *testing.T) {
	m, d := boundModel(t, 5)
	s := m.Chain
	dump := &BoundDump{}
	r := bound(t, m, d, BoundOptions{Terms: 4, Variance: diffusion.Beta, Labels: true, Seed: 9, Workers: 2, Dump: dump})
	data, err := dump.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, err := checkpoint.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	x0, shape := tensorOf(t, f, "x0")
	eps, _ := tensorOf(t, f, "eps")
	hat, _ := tensorOf(t, f, "eps_hat")
	kl, rows := tensorOf(t, f, "kl")
	at, _, err := f.Int64("t")
	if err != nil {
		t.Fatal(err)
	}
	class, _, err := f.Int64("class")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(shape, []int{25, 4, 4, 1}) || rows[0] != 25 || f.Metadata()["schedule"] != "cosine" || f.Metadata()["variance"] != "beta" {
		t.Fatalf("x0 %v, kl %v, metadata %v", shape, rows, f.Metadata())
	}
	first := make([]float32, 16)
	var decoder float64
	for row := range 25 {
		i, now := row/5, int(at[row])
		d.Image(first, i)
		if !reflect.DeepEqual(first, x0[row*16:][:16]) || int(class[row]) != i%2 || (now == 1) != (row%5 == 0) {
			t.Fatalf("row %d: t=%d, class %d, or not image %d", row, now, class[row], i)
		}
		if now == 1 {
			decoder += float64(kl[row]) / 5
			continue
		}
		before, after := s.AlphaBar[now-1], s.AlphaBar[now]
		mean := func(x0, xt float64) float64 { // μ̃_t
			return (math.Sqrt(before)*s.Beta[now]*x0 + math.Sqrt(s.Alpha[now])*(1-before)*xt) / (1 - after)
		}
		var q, p, tilde, sigma [16]float64
		for j := range 16 {
			x, e := float64(x0[row*16+j]), float64(eps[row*16+j])
			xt := math.Sqrt(after)*x + math.Sqrt(1-after)*e
			q[j] = mean(x, xt)
			p[j] = mean((xt-math.Sqrt(1-after)*float64(hat[row*16+j]))/math.Sqrt(after), xt)
			tilde[j], sigma[j] = s.Beta[now]*(1-before)/(1-after), s.Beta[now]
		}
		want := diffusion.GaussianKL(q[:], tilde[:], p[:], sigma[:])
		if got := float64(kl[row]); math.Abs(got-want) > 1e-6*want {
			t.Errorf("row %d, t=%d: the dump has %v nats, computed again %v", row, now, got, want)
		}
	}
	if math.Abs(decoder-r.Decoder.Nats) > 1e-6*decoder {
		t.Errorf("the dump's decoder terms have a mean of %v, the report says %v", decoder, r.Decoder.Nats)
	}
	if err := CheckDump(d, maxDump); err == nil || !strings.Contains(err.Error(), "take fewer") {
		t.Errorf("a dump of any size: %v", err)
	}
}

func tensorOf(t *testing.T, f *checkpoint.File, name string) ([]float32, []int) {
	t.Helper()
	values, shape, err := f.Float32(name)
	if err != nil {
		t.Fatal(err)
	}
	return values, shape
}

// The curve is the same in every form it is given in.
func TestBoundForms(t *testing.T) {
	m, d := boundModel(t, 3)
	r := bound(t, m, d, BoundOptions{Terms: 30, Variance: diffusion.BetaTilde, Seed: 2, Workers: 1})
	table := strings.Split(strings.TrimSpace(r.CSV()), "\n")
	if columns := strings.Count(table[0], ","); len(table) != 32 || strings.Count(table[31], ",") != columns || !strings.HasPrefix(table[1], "1,1,") {
		t.Errorf("the table is\n%s", r.CSV())
	}
	text := r.Text()
	if !strings.Contains(text, "30 of 39 divergences") || !strings.Contains(text, "21 of the curve's 31 points") ||
		!strings.Contains(text, "1…1") || !strings.Contains(text, "…40") {
		t.Errorf("the text is\n%s", text)
	}
	plots, err := r.Plots()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"terms.png", "l_simple.png", "rate_distortion.png"} {
		if picture, err := png.Decode(bytes.NewReader(plots[name])); err != nil || picture.Bounds().Dx() < 300 {
			t.Errorf("%s: %v", name, err)
		}
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
