package train

import (
	"math"
	"slices"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/unet"
)

// TestAdam follows the formulas of Loshchilov & Hutter, Algorithm 2, by hand:
// g = 0.5 then −1, rate 0.1, β = (0.9, 0.99), λ = 0.2, w = 1.
//
//	n=1: m̂ = 0.5, √v̂ = 0.5: w = 1·(1 − 0.02) − 0.1·1 = 0.88
//	n=2: m = 0.045 − 0.1 = −0.055, m̂ = −0.055/0.19 = −0.28947368
//	     v = 0.002475 + 0.01 = 0.012475, v̂ = 0.012475/0.0199 = 0.62688442
//	     w = 0.88·0.98 + 0.1·0.28947368/0.79176032 = 0.8624 + 0.03656077
func TestAdam(t *testing.T) {
	a := adam{m: make([]float32, 2), v: make([]float32, 2), beta1: 0.9, beta2: 0.99, decay: 0.2}
	w := []float32{1, 1}
	both := []span{{0, 1, true}, {1, 2, false}}
	for n, g := range []float32{0.5, -1} {
		for _, s := range both {
			a.step(w, []float32{2 * g, 2 * g}, s, n+1, 0.1, 0.5)
		}
		want := [][]float64{{0.88, 0.9}, {0.89896077, 0.93656077}}[n]
		for i := range w {
			if math.Abs(float64(w[i])-want[i]) > 1e-6 {
				t.Errorf("step %d: w[%d] = %.8f, want %.8f", n+1, i, w[i], want[i])
			}
		}
	}
}

func TestSpansCoverEveryWeightOnce(t *testing.T) {
	net, err := unet.New(unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 16, Depth: 2, NumClasses: 2})
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]int, len(net.Weights()))
	decays := make([]bool, len(seen))
	for _, s := range spans(net.Params()) {
		for i := s.begin; i < s.end; i++ {
			seen[i]++
			decays[i] = s.decays
		}
	}
	if slices.Min(seen) != 1 || slices.Max(seen) != 1 {
		t.Errorf("weights lie in %d to %d spans, want one", slices.Min(seen), slices.Max(seen))
	}
	for _, p := range net.Params() {
		if decays[p.Offset] != (len(p.Shape) > 1) {
			t.Errorf("%s of shape %v decays: %t", p.Name, p.Shape, decays[p.Offset])
		}
	}
}

func TestRate(t *testing.T) {
	for _, c := range []struct {
		decay  string
		warmup float64
		step   int
		want   float64
	}{
		{"cosine", 0.1, 0, 0.1}, {"cosine", 0.1, 9, 1}, {"cosine", 0.1, 54, (1 + math.Cos(math.Pi*45/91)) / 2},
		{"linear", 0.1, 9, 1}, {"linear", 0.1, 99, 1.0 / 91},
		{"linear", 0, 0, 1}, {"linear", 0, 50, 0.5}, {"cosine", 0, 50, 0.5},
		{"constant", 0.1, 4, 0.5}, {"constant", 0.1, 99, 1}, {"linear", 1, 99, 1},
	} {
		k := Config{Steps: 100, Rate: 2, Warmup: c.warmup, Decay: c.decay}
		if got := k.rate(c.step) / 2; math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s, warm-up %g, step %d: share %g of the highest rate, want %g", c.decay, c.warmup, c.step, got, c.want)
		}
	}
}

func TestEMA(t *testing.T) {
	for _, c := range []struct {
		n    int
		want float64
	}{{1, 2.0 / 11}, {90, 0.91}, {1_000_000, 0.999}} {
		if got := emaDecay(0.999, c.n); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("step %d: decay %g, want %g", c.n, got, c.want)
		}
	}
	ema := []float32{1, 1, 1}
	average(ema, []float32{9, 9, 9}, span{1, 2, false}, 0.75)
	if !slices.Equal(ema, []float32{1, 3, 1}) {
		t.Errorf("average of 1 and 9 at 0.75 is %v, want 3 within the span", ema)
	}
}

func TestDraw(t *testing.T) {
	c := tiny()
	c.Timesteps, c.Dropout = 40, 0.25
	o := newOrder(24, c.Seed)
	batch := make([]example, 10)
	count := make([]int, 24)
	dropped, total := 0, 0
	for n := range 240 {
		c.draw(batch, o, func(picture int) int { return picture % 2 }, n)
		for i, e := range batch {
			if e.t < 1+4*i || e.t > 4+4*i {
				t.Fatalf("step %d: example %d of 10 has t = %d of 40, want its own tenth", n, i, e.t)
			}
			if n*10+i < 48 {
				count[e.picture]++
			}
			total++
			switch e.class {
			case unet.Null:
				dropped++
			case e.picture % 2:
			default:
				t.Fatalf("picture %d has class %d", e.picture, e.class)
			}
		}
	}
	if slices.Min(count) != 2 || slices.Max(count) != 2 {
		t.Errorf("in two epochs pictures were seen %v times, want twice each", count)
	}
	// 2,400 draws: the standard deviation of the share is 0.009.
	if share := float64(dropped) / float64(total); math.Abs(share-0.25) > 0.04 {
		t.Errorf("%.3f of the labels were dropped, want 0.25", share)
	}
	again := make([]example, 10)
	c.draw(again, newOrder(24, c.Seed), func(picture int) int { return picture % 2 }, 239)
	if !slices.Equal(again, batch) {
		t.Errorf("drawn out of order, step 239 is\n%v, want\n%v", again, batch)
	}
}

func TestTimesAreUniform(t *testing.T) {
	c := tiny()
	c.Timesteps = 7 // does not divide the batch
	o, batch, count := newOrder(24, 1), make([]example, 10), make([]int, 8)
	for n := range 1000 {
		c.draw(batch, o, func(int) int { return 0 }, n)
		for _, e := range batch {
			count[e.t]++
		}
	}
	for step, n := range count[1:] {
		if math.Abs(float64(n)-10000.0/7) > 100 {
			t.Errorf("t = %d was drawn %d times of 10,000, want about 1,429", step+1, n)
		}
	}
}

// TestLossInTermsOfEps: whatever is predicted, an error means the same once it is
// expressed in ε.
func TestLossInTermsOfEps(t *testing.T) {
	x0, eps, wrong := []float32{0.5, -0.25}, []float32{1.5, 0.75}, []float32{1.25, 1}
	want := (0.25*0.25 + 0.25*0.25) / 2
	for _, prediction := range []string{"eps", "v", "x0", "mu", "residual"} {
		c := tiny()
		c.Prediction = prediction
		o, err := newObjective(c)
		if err != nil {
			t.Fatal(err)
		}
		const step = 40
		xt, target, out, dy := make([]float32, 2), make([]float32, 2), make([]float32, 2), make([]float32, 2)
		diffusion.QSample(xt, x0, eps, o.schedule, step)
		o.prediction.Target(target, x0, eps, o.schedule, step)
		// The x_0 that, with this x_t, goes with the wrong ε.
		bar := o.schedule.AlphaBar[step]
		x0Wrong := make([]float32, 2)
		for i := range x0Wrong {
			x0Wrong[i] = float32((float64(xt[i]) - math.Sqrt(1-bar)*float64(wrong[i])) / math.Sqrt(bar))
		}
		o.prediction.Target(out, x0Wrong, wrong, o.schedule, step)
		loss, simple := o.loss(dy, out, target, step, 1)
		if math.Abs(simple-want) > 1e-5 {
			t.Errorf("%s: L_simple %g, want %g", prediction, simple, want)
		}
		if prediction == "eps" && math.Abs(loss-want) > 1e-6 {
			t.Errorf("eps: loss %g, want L_simple, %g", loss, want)
		}
		// min-SNR weighting is on the error of x_0, and so the same for all.
		c.MinSNR = 0.5
		if o, err = newObjective(c); err != nil {
			t.Fatal(err)
		}
		loss, _ = o.loss(dy, out, target, step, 1)
		snr := bar / (1 - bar)
		if weighted := min(snr, 0.5) / snr * want; math.Abs(loss-weighted) > 1e-5 {
			t.Errorf("%s: weighted loss %g, want %g", prediction, loss, weighted)
		}
		// L_VLB's weights are of ε's error too, and one on the average.
		c.MinSNR, c.Weighting = 0, "vlb"
		vlb, err := newObjective(c)
		if err != nil {
			t.Fatal(err)
		}
		var mean float64
		for i := 1; i <= vlb.schedule.T; i++ {
			mean += vlb.weight[i] / vlb.toEps[i] / float64(vlb.schedule.T)
		}
		s := vlb.schedule
		loss, _ = vlb.loss(dy, out, target, step, 1)
		first, _ := vlb.loss(dy, out, target, 1, 1)
		ratio := s.Beta[step] / (s.Alpha[step] * (1 - s.AlphaBar[step])) / (1 / s.Alpha[1])
		ratio *= vlb.toEps[step] / vlb.toEps[1]
		if math.Abs(mean-1) > 1e-9 || math.Abs(loss/first/ratio-1) > 1e-6 {
			t.Errorf("%s: weights of L_VLB with mean %g; the losses at t = %d and 1 are as %g to 1, want %g", prediction, mean, step, loss/first, ratio)
		}
		// Those of x_0's error are of the same error for all; 1+SNR makes it that of v.
		for weighting, most := range map[string]float64{"x0": 1, "x0:1.5": 1.5, "x0:1e9": 1e9} {
			c.Weighting = weighting
			as, err := newObjective(c)
			if err != nil {
				t.Fatal(err)
			}
			loss, _ = as.loss(dy, out, target, step, 1)
			if weighted := min(1+snr, most) / snr * want; math.Abs(loss/weighted-1) > 1e-4 {
				t.Errorf("%s: loss %g with the weighting %s, want %g", prediction, loss, weighting, weighted)
			}
			if prediction == "v" && most == 1e9 && math.Abs(as.weight[step]-1) > 1e-9 {
				t.Errorf("v: weight %g with the weighting %s, want 1", as.weight[step], weighting)
			}
		}
		// The gradient is the loss's: a small step changes it as promised.
		const h = 1e-3
		unused := make([]float32, 2)
		higher, _ := o.loss(unused, []float32{out[0] + h, out[1]}, target, step, 1)
		lower, _ := o.loss(unused, []float32{out[0] - h, out[1]}, target, step, 1)
		o.loss(dy, out, target, step, 1)
		if slope := (higher - lower) / (2 * h); math.Abs(slope-float64(dy[0])) > 1e-3*max(1, math.Abs(slope)) {
			t.Errorf("%s: gradient %g, want the slope %g", prediction, dy[0], slope)
		}
	}
}
