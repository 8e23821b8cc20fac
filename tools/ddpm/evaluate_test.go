package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/wasm/site"
)

// writeUntrained writes a tiny model with random weights and returns its path.
func writeUntrained(t *testing.T, size int, classes []string) string {
	t.Helper()
	net, err := unet.New(unet.Config{
		ImageSize: size, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 8, Depth: 1, NumClasses: len(classes),
	})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	file, err := recipe.Save(net, nil, recipe.Card{
		Name: "untrained", Prediction: diffusion.V, Schedule: "cosine", Timesteps: 1000, Classes: classes,
	}, checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "untrained.safetensors")
	write(t, path, file)
	return path
}

var tenDigits = strings.Split("0,1,2,3,4,5,6,7,8,9", ",")

// The pictures that evaluate draws are those that sample draws.
func TestEvaluateDrawsWhatSampleDraws(t *testing.T) {
	model := writeUntrained(t, 28, tenDigits)
	samples := filepath.Join(t.TempDir(), "samples.safetensors")
	recipe := "sampler=ddim&steps=2&seed=5&guidance=2&count=12"
	ok(t, "sample", "--model", model, "--recipe", recipe, "--out", samples)
	report := func(args ...string) (e evaluation) {
		stdout := ok(t, append([]string{"evaluate", "--json"}, args...)...)
		if err := json.Unmarshal([]byte(stdout), &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	drawn := report("--model", model, "--sampler", "ddim", "--steps", "2", "--seed", "5", "--guidance", "2", "--count", "12")
	read := report("--samples", samples)
	if drawn.Recipe != read.Recipe || drawn.Recipe == "" {
		t.Errorf("recipes %q and %q", drawn.Recipe, read.Recipe)
	}
	if drawn.Conditional.ClassEntropy != read.Conditional.ClassEntropy || drawn.Conditional.Correct != read.Conditional.Correct {
		t.Errorf("drawn pictures are read as %+v, the same from a file as %+v", drawn.Conditional, read.Conditional)
	}
	if drawn.Samples != 12 || drawn.Conditional.Of != 12 || len(drawn.Conditional.PerClass) != 10 || len(drawn.Classifier.SHA256) != 64 {
		t.Errorf("%+v", drawn)
	}
}

func TestEvaluateWritesTheCard(t *testing.T) {
	model := writeUntrained(t, 28, tenDigits)
	card := filepath.Join(t.TempDir(), "card.md")
	write(t, card, []byte("# Model\n"))
	for _, seed := range []string{"1", "2"} {
		stdout := ok(t, "evaluate", "--model", model, "--count", "3", "--steps", "1", "--seed", seed, "--card", card)
		if !strings.Contains(stdout, "conditional accuracy") {
			t.Errorf("printed %q", stdout)
		}
	}
	text, err := os.ReadFile(card)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(text); !strings.HasPrefix(s, "# Model\n") || strings.Count(s, "## Evaluation") != 1 ||
		!strings.Contains(s, "--seed 2") || strings.Contains(s, "--seed 1") {
		t.Errorf("the card is\n%s", s)
	}
}

// Samples that are training images are shown above themselves, and the copy that is
// one only nearly comes behind those that are exact.
func TestEvaluateShowsTheNearest(t *testing.T) {
	dir, data := t.TempDir(), writeIDX(t)
	classifier, samples, out := filepath.Join(dir, "light.safetensors"), filepath.Join(dir, "samples.safetensors"), filepath.Join(dir, "nearest.png")
	ok(t, "classifier", "train", "--data", data, "--out", classifier, "--epochs", "1", "--batch", "20", "--widths", "8")
	train, err := dataset.Open(data, dataset.Train)
	if err != nil {
		t.Fatal(err)
	}
	const n, size = 3, 64
	images := slices.Clone(train.Pixels[5*size:][:n*size])
	images[0] += 9
	var b checkpoint.Builder
	b.Uint8("images", []int{n, 8, 8, 1}, images)
	b.Int64("classes", []int{n}, []int64{1, 0, 1})
	file, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	write(t, samples, file)
	ok(t, "evaluate", "--samples", samples, "--classifier", classifier, "--data", data, "--nearest", out)
	picture, err := readPicture(out)
	if err != nil {
		t.Fatal(err)
	}
	var want []byte
	for _, i := range []int{1, 2, 0} {
		want = append(want, images[i*size:][:size]...)
	}
	for _, i := range []int{6, 7, 5} {
		want = append(want, train.Pixels[i*size:][:size]...)
	}
	want = append(append(want, images...), train.Pixels[5*size:][:n*size]...)
	pixels, w, h := site.Grid(want, 8, 1, n, 2)
	if picture.Rect.Dx() != w || picture.Rect.Dy() != h {
		t.Fatalf("the picture is %v, want %d×%d", picture.Rect, w, h)
	}
	for i, v := range pixels {
		if picture.Pix[4*i] != v {
			t.Fatalf("pixel %d, %d is %d, want %d", i%w, i/w, picture.Pix[4*i], v)
		}
	}
}

func TestEvaluateRefuses(t *testing.T) {
	model := writeUntrained(t, 28, tenDigits)
	small, letters := writeUntrained(t, 12, tenDigits), writeUntrained(t, 28, []string{"a", "b"})
	for _, test := range []struct {
		want string
		args []string
	}{
		{"either --model", nil},
		{"either --model", []string{"--model", model, "--samples", model}},
		{"no-such", []string{"--model", "no-such"}},
		{`tensor "images" is not in the file`, []string{"--samples", model}},
		{"are drawn already", []string{"--samples", model, "--steps", "10"}},
		{"the model draws 12×12×1; the classifier digits reads 28×28×1", []string{"--model", small}},
		{"the model's classes are a, b; the classifier digits knows 0, 1,", []string{"--model", letters}},
		{"too few", []string{"--model", model, "--count", "1"}},
		{"steps", []string{"--model", model, "--steps", "2000"}},
		{"--recipe already says everything", []string{"--model", model, "--recipe", "seed=1", "--steps", "20"}},
		{"format", []string{"--model", model, "--classifier", model}},
		{"no set is called", []string{"--model", model, "--data", "letters"}},
		{"what nearest.jpg should be", []string{"--model", model, "--data", "mnist", "--nearest", "nearest.jpg"}},
		{"cannot read the card", []string{"--model", model, "--card", "nodir/card.md"}},
		{"name their set with --data", []string{"--model", model, "--nearest", "n.png"}},
	} {
		code, _, stderr := ddpm(append([]string{"evaluate"}, test.args...)...)
		if code == 0 || !strings.Contains(stderr, test.want) {
			t.Errorf("%q: exit code %d, %q; wanted an error with %q", test.args, code, stderr, test.want)
		}
	}
}
