package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
)

func TestNLL(t *testing.T) {
	model, data := writeUntrained(t, 8, []string{"0", "1"}), writeIDX(t)
	args := []string{"nll", "--model", model, "--data", data, "--count", "6", "--terms", "4", "--seed", "2"}
	var r nllResult
	if err := json.Unmarshal([]byte(ok(t, append(args, "--json")...)), &r); err != nil {
		t.Fatal(err)
	}
	sum := r.Prior.Nats + r.Divergence.Nats + r.Decoder.Nats
	if len(r.Curve) != 5 || r.Images != 6 || r.Terms != 4 || r.Of != 999 || !r.Conditional || math.Abs(r.Total.Nats-sum) > 1e-9*sum || !(r.Total.NatsError > 0) {
		t.Errorf("%+v", r.BoundReport)
	}
	text := ok(t, append(args, "--unconditional")...)
	for _, want := range []string{"6 test images, not told their classes; σ² = beta_tilde", "4 of 999 divergences", "bits/dim", "decoder, L_0", "L_simple", "distortion"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
}

func TestNLLFiles(t *testing.T) {
	model, data, out := writeUntrained(t, 8, []string{"0", "1"}), writeIDX(t), filepath.Join(t.TempDir(), "new", "nll")
	dump := filepath.Join(t.TempDir(), "terms.safetensors")
	printed := ok(t, "nll", "--model", model, "--data", data, "--count", "3", "--terms", "2", "--out", out, "--dump", dump, "--json")
	written, err := os.ReadFile(filepath.Join(out, "nll.json"))
	if err != nil || string(written) != printed {
		t.Errorf("nll.json is not what was printed: %v", err)
	}
	for _, name := range []string{"curve.csv", "terms.png", "l_simple.png", "rate_distortion.png"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	file, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	f, err := checkpoint.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, shape, _ := f.Info("eps_hat"); !slices.Equal(shape, []int{9, 8, 8, 1}) {
		t.Errorf("the dump's eps_hat is %v", shape)
	}
}

func TestNLLRefuses(t *testing.T) {
	model, data := writeUntrained(t, 28, tenDigits), writeIDX(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--data", data}, "--model is missing"},
		{[]string{"--model", model}, "--data is missing"},
		{[]string{"--model", model, "--data", data, "--count", "1"}, "--count is 1"},
		{[]string{"--model", model, "--data", data, "--terms", "1000"}, "--terms is 1000, want 1 to 999"},
		{[]string{"--model", model, "--data", data, "--variance", "learned"}, "want beta, beta_tilde, or a number"},
		{[]string{"--model", model, "--data", data, "--dump", "x.csv"}, ".safetensors"},
		{[]string{"--model", model, "--data", data, "--dump", "no/such/folder/x.safetensors"}, "no/such/folder"},
		{[]string{"--model", model, "--data", data, "--out", model}, "cannot make the folder"},
		{[]string{"--model", model, "--data", data}, "the images are 8×8×1; the model knows 28×28×1"},
	} {
		code, stdout, stderr := ddpm(append([]string{"nll"}, c.args...)...)
		if code == 0 || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, stdout %q, stderr %q, want %q", c.args, code, stdout, stderr, c.want)
		}
	}
}
