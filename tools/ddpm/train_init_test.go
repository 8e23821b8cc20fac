package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/recipe"
)

// A run may begin with another's weights: after one step that changes next to nothing
// they are what it had.
func TestTrainFromWeights(t *testing.T) {
	data, dir := ownPictures(t), t.TempDir()
	train := func(args ...string) {
		if code, _, stderr := ddpm(append([]string{"train", "--data", data, "--name", "own", "--batch", "4"}, args...)...); code != 0 {
			t.Fatalf("exit %d, %q", code, stderr)
		}
	}
	train("--widths", "8,16", "--embedding", "8", "--scale-shift", "--prediction", "x0", "--schedule", "linear", "--timesteps", "100",
		"--steps", "3", "--out", filepath.Join(dir, "first"))
	first := filepath.Join(dir, "first", "ema.safetensors")
	train("--init", first, "--rate", "1e-9", "--warmup", "0", "--decay", "constant", "--steps", "1", "--seed", "5",
		"--out", filepath.Join(dir, "second"))
	open := func(path string) *recipe.Model {
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := recipe.Options{Weights: true}.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	before, after := open(first), open(filepath.Join(dir, "second", "ema.safetensors"))
	if after.Prediction != before.Prediction || after.Schedule != "linear" || after.Timesteps != 100 {
		t.Errorf("the run predicts %v on %d steps of %s", after.Prediction, after.Timesteps, after.Schedule)
	}
	if after.More["init"] != before.Hash {
		t.Errorf("the model says that it began with %q, want %q", after.More["init"], before.Hash)
	}
	old, moved := before.Net.Weights(), 0
	for i, w := range after.Net.Weights() {
		if d := math.Abs(float64(w - old[i])); d > 1e-8 {
			t.Fatalf("weight %d began at %v and is at %v", i, old[i], w)
		} else if d > 0 {
			moved++
		}
	}
	if moved == 0 {
		t.Error("the step moved nothing")
	}
}

func TestTrainFromWeightsRefuses(t *testing.T) {
	data := ownPictures(t)
	digits := filepath.Join("..", "..", "weights", "digits.safetensors")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--init", digits, "--widths", "8,16", "--scale-shift"}, exitMisused, "leave out --widths, --scale-shift"},
		{[]string{"--init", digits, "--prediction", "x0"}, exitMisused, "leave out --prediction"},
		{[]string{"--init", digits}, 1, "the network has 10 classes, and 3 are named"},
		{[]string{"--init", filepath.Join(data, "train-images-idx3-ubyte")}, 1, "train-images-idx3-ubyte"},
		{[]string{"--init", "nowhere.safetensors"}, 1, "nowhere.safetensors"},
	} {
		code, _, stderr := ddpm(append([]string{"train", "--data", data, "--out", filepath.Join(t.TempDir(), "run")}, c.args...)...)
		if code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, want %d, and %q in %q", c.args, code, c.code, c.want, stderr)
		}
	}
}
