package main

import (
	"slices"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/tensor"
	"github.com/ddpm-go/ddpm/core/unet"
)

// smallModel is a checkpoint with random weights: 8×8, two classes.
func smallModel(t *testing.T) []byte {
	t.Helper()
	return checkpointOf(t, unet.Config{
		ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 2, NumClasses: 2,
	})
}

// checkpointOf is a checkpoint of a network with two classes and random weights.
func checkpointOf(t *testing.T, c unet.Config) []byte {
	t.Helper()
	net, err := unet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(3)
	// The layers that begin at zero would leave ε̂ zero.
	for i, w := range net.Weights() {
		if w == 0 {
			net.Weights()[i] = float32(i%7-3) * 0.02
		}
	}
	file, err := recipe.Save(net, nil, recipe.Card{
		Name: `small "one"`, Prediction: diffusion.V, Schedule: "cosine", Timesteps: 200,
		Classes: []string{"zero", "ünð"}, More: map[string]string{"data": "none", "command": "a\nb"},
	}, checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCardIsTheModels(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		var card struct {
			Hash, Name, Schedule, Prediction                         string
			ImageSize, Channels, Timesteps, Parameters, MultiplyAdds int64
			Classes                                                  []string
			Metadata                                                 map[string]string
		}
		e.json(&card)
		c := m.Net.Config()
		if card.Hash != m.Hash || card.Name != m.Name || card.Schedule != "cosine" || card.Prediction != "v" || card.ImageSize != 8 ||
			card.Channels != 1 || card.Timesteps != 200 || card.Parameters != c.Parameters() || card.MultiplyAdds != c.MulAdds() ||
			!slices.Equal(card.Classes, m.Classes) || len(card.Metadata) != 2 || card.Metadata["command"] != "a\nb" {
			t.Errorf("the card is %+v", card)
		}
	})
}

// A recipe gives in the module what it gives natively: noise to the bit, and
// pictures that are at most one level apart, whole or in parts.
func TestRunIsTheCores(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"sampler=ddim&steps=6&seed=7&classes=0,1,none&count=5",
		"sampler=ddim&steps=6&eta=1&spacing=quadratic&seed=8&guidance=2&count=2",
		"sampler=ddpm&steps=10&variance=beta&clip=0&seed=9&count=3",
	} {
		r, err := m.Parse(text, recipe.CountOnPage)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(text, func(t *testing.T) {
			forEachBuild(t, func(t *testing.T, e *instance) {
				e.mustLoad(file)
				e.mustWith("ParseRecipe", []byte(text))
				var parsed struct{ Text string }
				e.json(&parsed)
				if parsed.Text != r.String() {
					t.Errorf("the recipe's text is %q, want %q", parsed.Text, r.String())
				}

				native, err := m.Run(r, recipe.Part{})
				if err != nil {
					t.Fatal(err)
				}
				whole := e.mustWith("BeginRun", []byte(text), 0, 0)
				part := e.mustWith("BeginRun", []byte(r.String()), 1, uint64(r.Count-1))
				size := 64
				e.must("StepValues", uint64(part), 0)
				if !slices.Equal(e.floats(), native.Step().X[size:]) {
					t.Error("x_T is not the same noise, to the bit")
				}
				before := slices.Clone(native.Step().X)
				for native.Next() {
					want := native.Step()
					for _, run := range []int32{whole, part} {
						first := 0
						if run == part {
							first = 1
						}
						if status := e.must("Step", uint64(run)); status != 1 {
							t.Fatalf("step %d: status %d, want 1", want.Index, status)
						}
						if sigma := e.floats()[7]; sigma != float32(want.Sigma) {
							t.Errorf("step %d: σ is %v, want %v", want.Index, sigma, want.Sigma)
						}
						e.compare(run, 0, want.X[first*size:])
						e.compare(run, 1, want.X0[first*size:])
						e.compare(run, 2, want.Eps[first*size:])
						e.compare(run, 3, before[first*size:])
						e.compare(run, 4, want.Mean[first*size:])
					}
					copy(before, want.X)
				}
				for _, run := range []int32{whole, part} {
					if status := e.must("Step", uint64(run)); status != 0 {
						t.Errorf("after the last step: status %d, want 0", status)
					}
					e.must("EndRun", uint64(run))
				}
			})
		})
	}
}

// compare checks a plane of a run's latest step, as values and as bytes.
func (e *instance) compare(run int32, plane uint64, want []float32) {
	e.t.Helper()
	e.must("StepValues", uint64(run), plane)
	got := e.floats()
	if len(got) != len(want) {
		e.t.Fatalf("plane %d: %d values, want %d", plane, len(got), len(want))
	}
	for i, w := range want {
		if d := got[i] - w; !(d < 2.0/255 && d > -2.0/255) {
			e.t.Fatalf("plane %d: value %d is %v, want %v", plane, i, got[i], w)
		}
	}
	e.must("StepBytes", uint64(run), plane)
	bytes := make([]byte, len(want))
	tensor.Bytes(bytes, want)
	for i, b := range e.reply() {
		if d := int(b) - int(bytes[i]); d < -1 || d > 1 {
			e.t.Fatalf("plane %d: byte %d is %d, want %d", plane, i, b, bytes[i])
		}
	}
}

func TestParseRecipeRefuses(t *testing.T) {
	file := smallModel(t)
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.refused("a recipe before a model", "no model", e.with("ParseRecipe", []byte("seed=1")))
		e.refused("a run before a model", "no model", e.with("BeginRun", []byte("seed=1"), 0, 0))
		e.refused("predicting before a model", "no model", e.with("Predict", make([]byte, 256), 1, 0))
		e.mustLoad(file)
		for text, say := range map[string]string{
			"steps=201":          "steps",
			"classes=2":          "classes",
			"colour=red":         "colour",
			"count=65":           "count",
			"seed=1&seed=2":      "seed",
			"model=0123456789ab": "model",
			"\xff\xfe":           "recipe",
		} {
			e.refused(text, say, e.with("ParseRecipe", []byte(text)))
			e.refused(text, say, e.with("BeginRun", []byte(text), 0, 0))
		}
		e.refused("images that the recipe lacks", "images", e.with("BeginRun", []byte("count=4"), 3, 2))
		e.refused("images after the last", "images", e.with("BeginRun", []byte("count=4"), 4, 0))
		e.refused("an unknown run", "handle", e.call("Step", 12345))
		e.refused("ending an unknown run", "handle", e.call("EndRun", 12345))
		run := e.mustWith("BeginRun", []byte("count=1&steps=2"), 0, 0)
		e.must("Step", uint64(run))
		e.must("EndRun", uint64(run))
		e.refused("a run that was ended", "handle", e.call("Step", uint64(run)))
	})
}

func TestLoadModelRefuses(t *testing.T) {
	file := smallModel(t)
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		huge := append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, file[8:]...)
		for what, bad := range map[string][]byte{
			"nothing": nil, "a few bytes": file[:5], "a file cut short": file[:len(file)-1], "a header of 2⁶³ bytes": huge,
			"a picture": []byte("\x89PNG\r\n\x1a\n0000000000000000"),
		} {
			e.refused(what, ":", e.load(bad))
		}
		// The model from before is still there.
		run := e.mustWith("BeginRun", []byte("count=1&steps=1"), 0, 0)
		e.must("Step", uint64(run))
	})
}

func TestPredictRefuses(t *testing.T) {
	file := smallModel(t)
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		none := uint64(uint32(0xffffffff))
		image := make([]byte, 256)
		e.refused("half an image", "128 bytes", e.with("Predict", image[:128], 1, 0))
		e.refused("t = 0", "1 to 200", e.with("Predict", image, 0, 0))
		e.refused("t above T", "1 to 200", e.with("Predict", image, 201, 0))
		e.refused("a class too many", "class 2", e.with("Predict", image, 1, 2))
		e.refused("a class below none", "class -2", e.with("Predict", image, 1, none-1))
		e.mustWith("Predict", image, 200, none)
	})
}

// Steps allocate nothing, so memory is after 50 of them what it is after 3, and
// a run takes what the ones before gave back.
func TestMemoryDoesNotGrow(t *testing.T) {
	t.Run("grey", func(t *testing.T) { memoryDoesNotGrow(t, smallModel(t)) })
	// As base128 and the avatars' network are.
	t.Run("colour and attention", func(t *testing.T) {
		memoryDoesNotGrow(t, checkpointOf(t, unet.Config{
			ImageSize: 4, InChannels: 3, OutChannels: 3, BaseCh: 32, EmbCh: 16, Depth: 2, NumClasses: 2, AttentionLevels: []int{1, 2},
		}))
	})
}

func memoryDoesNotGrow(t *testing.T, file []byte) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		steps := func(run int32, n int) {
			for range n {
				if e.must("Step", uint64(run)) != 1 {
					t.Fatal("the run is over too early")
				}
				for plane := range uint64(3) {
					e.must("StepBytes", uint64(run), plane)
				}
			}
		}
		for _, text := range []string{"sampler=ddpm&guidance=1", "sampler=ddim&eta=1&guidance=2"} {
			first := e.mustWith("BeginRun", []byte(text+"&steps=200&count=2"), 0, 0)
			steps(first, 3)
			before := e.module.Memory().Size()
			steps(first, 47)
			if after := e.module.Memory().Size(); after != before {
				t.Errorf("%s: memory grew from %d to %d bytes between step 3 and step 50", text, before, after)
			}
			e.must("EndRun", uint64(first))
			for i := range 30 {
				run := e.mustWith("BeginRun", []byte(text+"&steps=200&count=2"), 0, 0)
				e.must("Step", uint64(run))
				e.must("EndRun", uint64(run))
				if i == 14 { // the collector has been at work, and has what it needs itself
					before = e.module.Memory().Size()
				}
			}
			if after := e.module.Memory().Size(); after != before {
				t.Errorf("%s: memory grew from %d to %d bytes in the last half of the runs", text, before, after)
			}
		}
	})
}

// Freeing what was never allocated is a bug of the page: the engine dies of it,
// and does not go on as if nothing were.
func TestBrokenInvariantTraps(t *testing.T) {
	e := open(t, experiments[0])
	if _, err := e.raw("Free", 1); err == nil {
		t.Error("freeing what was not allocated went unnoticed")
	}
}

// A model takes the room of those before it.
func TestModelsDoNotGrowMemory(t *testing.T) {
	c := unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 128, Depth: 2}
	net, err := unet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	file, err := recipe.Save(net, nil, recipe.Card{Schedule: "linear", Timesteps: 100}, checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		load := func(times int) uint32 {
			for range times {
				e.mustLoad(file)
			}
			return e.module.Memory().Size()
		}
		// What is left in pieces between them is less than a model.
		if before, after := load(3), load(10); after >= before+uint32(len(file)) {
			t.Errorf("memory grew from %d to %d bytes", before, after)
		}
	})
}
