package recipe

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/unet"
)

// finish runs a part of a recipe to its end and returns the images.
func finish(t *testing.T, m *Model, text string, part Part) []float32 {
	t.Helper()
	r, err := m.Parse(text, CountOnTerminal)
	if err != nil {
		t.Fatal(err)
	}
	run, err := m.Run(r, part)
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for run.Next() {
		steps++
	}
	if steps != r.Steps {
		t.Errorf("%s: %d steps", text, steps)
	}
	return slices.Clone(run.Step().X)
}

// However a recipe is split between runs and workers, its images are the same
// bits.
func TestRunDoesNotDependOnTheSplit(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	const size = 64
	for _, text := range []string{
		"count=7&steps=4&guidance=2&classes=0-2,none&seed=5",
		"count=7&steps=4&sampler=ddpm&seed=6",
		"count=7&steps=4&sampler=dpmpp&spacing=logsnr&seed=6",
		"count=7&steps=5&sampler=unipc&guidance=2&seed=6",
		"count=7&steps=4&eta=1&spacing=quadratic&classes=none&clip=0",
	} {
		whole := finish(t, m, text, Part{})
		if got := finish(t, m, text, Part{Workers: 3}); !slices.Equal(got, whole) {
			t.Errorf("%s: three workers draw other pictures than one", text)
		}
		if got := finish(t, m, text, Part{N: 1, Workers: 5}); !slices.Equal(got, whole[:size]) {
			t.Errorf("%s: five workers draw another picture together than one", text)
		}
		shared := m.NewPredictor(2)
		if got := finish(t, m, text, Part{Predictor: shared}); !slices.Equal(got, whole) {
			t.Errorf("%s: a predictor of one's own draws other pictures", text)
		}
		if got := finish(t, m, text, Part{Predictor: shared}); !slices.Equal(got, whole) {
			t.Errorf("%s: a predictor used before draws other pictures", text)
		}
		var parts []float32
		for _, p := range []Part{{First: 0, N: 1}, {First: 1, N: 4, Workers: 2}, {First: 5, N: 2}} {
			parts = append(parts, finish(t, m, text, p)...)
		}
		if !slices.Equal(parts, whole) {
			t.Errorf("%s: three parts are other pictures than the whole", text)
		}
		for i := range 6 {
			if slices.Equal(whole[i*size:(i+1)*size], whole[(i+1)*size:(i+2)*size]) {
				t.Errorf("%s: images %d and %d are the same", text, i, i+1)
			}
		}
	}
}

// Each field of a recipe that says it decides the picture does.
func TestEveryFieldShows(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	const base = "&count=2&classes=1"
	before := finish(t, m, "steps=5&clip=0"+base, Part{})
	for _, text := range []string{
		"steps=6&clip=0", "steps=5&clip=0&seed=1", "steps=5&clip=0&eta=0.5", "steps=5&clip=0&sampler=ddpm",
		"steps=5&clip=0&guidance=3", "steps=5&clip=0&spacing=quadratic", "steps=5&clip=0&spacing=logsnr", "steps=5&clip=1",
		"steps=5&clip=0&sampler=dpmpp", "steps=5&clip=0&sampler=unipc",
	} {
		if slices.Equal(finish(t, m, text+base, Part{}), before) {
			t.Errorf("%s draws the same pictures", text)
		}
	}
	if slices.Equal(finish(t, m, "steps=5&clip=0&count=2&classes=2", Part{}), before) {
		t.Error("another class draws the same pictures")
	}
	var drawn [][]float32
	for _, variance := range []string{"beta", "0.5", "beta_tilde"} {
		drawn = append(drawn, finish(t, m, "steps=5&sampler=ddpm&variance="+variance, Part{}))
	}
	if slices.Equal(drawn[0], drawn[1]) || slices.Equal(drawn[1], drawn[2]) || slices.Equal(drawn[0], drawn[2]) {
		t.Error("the variance does not show")
	}
	if slices.Equal(finish(t, m, "steps=5&sampler=dpmpp", Part{}), finish(t, m, "steps=5&sampler=unipc", Part{})) {
		t.Error("DPM-Solver++ and UniPC draw the same pictures")
	}
}

func TestRunRefusesParts(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	r := m.Defaults()
	for _, p := range []Part{{First: -1, N: 1}, {First: 0, N: 17}, {First: 16, N: 1}, {First: 3}, {N: -1}, {First: math.MaxInt, N: 2}} {
		if _, err := m.Run(r, p); err == nil || !strings.Contains(err.Error(), "of a recipe that has 0 to 15") {
			t.Errorf("%+v: error %v", p, err)
		}
	}
	r.Steps = 0
	if _, err := m.Run(r, Part{}); err == nil {
		t.Error("a recipe of no steps is run")
	}
}

func TestSpacing(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	for _, c := range []struct {
		spacing string
		want    []int
	}{
		{"uniform", []int{25, 50, 75, 100}},
		{"quadratic", []int{6, 25, 56, 100}},
		{"logsnr", []int{1, 52, 99, 100}},
		{"uniform:10", []int{10, 40, 70, 100}},
	} {
		s, err := Recipe{Spacing: c.spacing, Steps: 4}.chain(m.Chain)
		if err != nil || !slices.Equal(s.Step[1:], c.want) {
			t.Errorf("%s steps visit %v, %v; want %v", c.spacing, s.Step[1:], err, c.want)
		}
	}
}

// A network's output is turned into ε by what it says it predicts.
func TestPredictEpsConverts(t *testing.T) {
	const n, size, at = 3, 64, 40
	xt := make([]float32, n*size)
	noise.Normal(xt, 1, noise.Initial, 0, 0)
	classes := []int{0, -1, 2}
	for _, p := range []diffusion.Prediction{diffusion.Eps, diffusion.V, diffusion.X0, diffusion.Mu, diffusion.Residual} {
		c := card()
		c.Prediction = p
		m := opened(t, saved(t, small, c, checkpoint.F32))
		got := make([]float32, n*size)
		m.NewPredictor(2).PredictEps(got, xt, at, classes)
		pass := m.Net.NewPass()
		out, want := make([]float32, size), make([]float32, size)
		for i, class := range classes {
			x := xt[i*size : (i+1)*size]
			pass.Forward(out, x, at, class)
			p.Eps(want, out, x, m.Chain, at)
			if !slices.Equal(got[i*size:(i+1)*size], want) {
				t.Errorf("%s, image %d: ε differs from the output's conversion", p, i)
			}
		}
	}
}

// Steps allocate nothing, whatever the sampler, with one evaluation of the network
// and with two, on one worker and on several.
func TestStepsDoNotAllocate(t *testing.T) {
	stepsDoNotAllocate(t, small, []int{1, 2, 4, 9}, "sampler=ddpm", "sampler=ddpm&clip=0&variance=beta", "sampler=ddim",
		"sampler=ddim&eta=1&spacing=quadratic", "sampler=dpmpp", "sampler=unipc")
	stepsDoNotAllocate(t, attentive, []int{1, 2}, "sampler=ddpm")
}

// attentive is in colour, with attention, as the avatars' network and base128 are.
var attentive = unet.Config{
	ImageSize: 16, InChannels: 3, OutChannels: 3, BaseCh: 32, EmbCh: 32, Depth: 2, NumClasses: 3, AttentionLevels: []int{1, 2},
}

func stepsDoNotAllocate(t *testing.T, c unet.Config, teams []int, texts ...string) {
	t.Helper()
	m := opened(t, saved(t, c, card(), checkpoint.F32))
	for _, text := range texts {
		for _, guidance := range []string{"&guidance=1", "&guidance=0", "&guidance=2.5"} {
			r, err := m.Parse(text+guidance+"&classes=0,1,none&count=5&steps=40", CountOnTerminal)
			if err != nil {
				t.Fatal(err)
			}
			for _, workers := range teams {
				run, err := m.Run(r, Part{Workers: workers})
				if err != nil {
					t.Fatal(err)
				}
				var sum float32
				n := testing.AllocsPerRun(20, func() {
					if !run.Next() {
						t.Fatal("the run is over too early")
					}
					sum += run.Step().X[0]
				})
				if n != 0 {
					t.Errorf("%s, %s, %d workers: %v allocations a step", c.JSON(), r, workers, n)
				}
			}
		}
	}
}

// The picture's noise is the same at every t and does not depend on its size's
// split in rows.
func TestPictureNoise(t *testing.T) {
	a, b, want := make([]float32, 12), make([]float32, 30), make([]float32, 30)
	PictureNoise(a, 7)
	PictureNoise(b, 7)
	noise.Normal(want, 7, noise.Forward, 0, 0)
	if !slices.Equal(b, want) || !slices.Equal(a, b[:12]) {
		t.Error("not the forward stream's image 0 at t = 0")
	}
}
