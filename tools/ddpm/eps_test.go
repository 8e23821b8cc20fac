package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
)

// fixtures have weights, inputs, and the ε that PyTorch computes from them.
var fixtures = filepath.Join("..", "..", "core", "unet", "testdata")

func relativeError(t *testing.T, got, want string) float64 {
	t.Helper()
	g, gs, err := parse(t, got).Float32("eps")
	if err != nil {
		t.Fatal(err)
	}
	w, ws, err := parse(t, want).Float32("eps")
	if err != nil {
		t.Fatal(err)
	}
	if len(gs) != 4 || len(ws) != 4 || [4]int(gs) != [4]int(ws) {
		t.Fatalf("shape %v, want %v", gs, ws)
	}
	var d, n float64
	for i := range w {
		d += square(float64(g[i]) - float64(w[i]))
		n += square(float64(w[i]))
	}
	return math.Sqrt(d / n)
}

func TestEpsAgreesWithPyTorch(t *testing.T) {
	folders := []string{filepath.Join(fixtures, "tiny"), filepath.Join(fixtures, "tinyattention")}
	if more := os.Getenv("PARITY"); more != "" { // a folder of further fixtures
		entries, err := os.ReadDir(more)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				folders = append(folders, filepath.Join(more, e.Name()))
			}
		}
	}
	for _, dir := range folders {
		results := map[float64]bool{}
		for _, way := range []string{"direct", "winograd2", "winograd4"} {
			out := filepath.Join(t.TempDir(), "eps.safetensors")
			ok(t, "eps", "--model", filepath.Join(dir, "weights.safetensors"), "--in", filepath.Join(dir, "in.safetensors"), "--out", out, "--convolution", way)
			e := relativeError(t, out, filepath.Join(dir, "eps.safetensors"))
			t.Logf("%s, %s: %.2g", filepath.Base(dir), way, e)
			if !(e < 1e-4) {
				t.Errorf("%s, %s: relative error %g, want < 1e-4", filepath.Base(dir), way, e)
			}
			results[e] = true
		}
		if len(results) < 3 {
			t.Errorf("%s: --convolution makes no difference", filepath.Base(dir))
		}
	}
}

// A plain checkpoint quantized to float32 carries its config and gives the same
// ε; to int8, nearly.
func TestQuantize(t *testing.T) {
	plain, in, want := filepath.Join(fixtures, "tiny", "weights.safetensors"), filepath.Join(fixtures, "tiny", "in.safetensors"), filepath.Join(fixtures, "tiny", "eps.safetensors")
	for _, c := range []struct {
		to          string
		dtype       checkpoint.DType
		largest     int64
		weight, eps float64
	}{
		{"float32", checkpoint.F32, 240_000, 0, 1e-4},
		{"float16", checkpoint.F16, 130_000, 1e-3, 1e-2},
		{"int8", checkpoint.I8, 80_000, 1e-2, 5e-2},
	} {
		dir := t.TempDir()
		model, eps := filepath.Join(dir, "model.safetensors"), filepath.Join(dir, "eps.safetensors")
		var r quantizeReport
		if err := json.Unmarshal([]byte(ok(t, "quantize", "--in", plain, "--out", model, "--to", c.to, "--json")), &r); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(model)
		if err != nil || info.Size() > c.largest || int64(r.BytesOut) != info.Size() {
			t.Errorf("%s: %v bytes, reported %d, %v", c.to, info.Size(), r.BytesOut, err)
		}
		if !(r.Error <= c.weight) || c.weight > 0 && r.Error == 0 {
			t.Errorf("%s: error %g, want at most %g", c.to, r.Error, c.weight)
		}
		if dtype, _, found := parse(t, model).Info("bot.conv1.weight"); !found || dtype != c.dtype {
			t.Errorf("%s: bot.conv1.weight is %s", c.to, dtype)
		}
		ok(t, "eps", "--model", model, "--in", in, "--out", eps)
		if e := relativeError(t, eps, want); !(e < c.eps) {
			t.Errorf("%s: ε is off by %g, want less than %g", c.to, e, c.eps)
		}
	}
	mixed := filepath.Join(t.TempDir(), "mixed.safetensors")
	ok(t, "quantize", "--in", plain, "--out", mixed, "--float16", "bot,ups.0")
	for name, want := range map[string]checkpoint.DType{"bot.conv1.weight": checkpoint.F16, "ups.0.block.conv1.weight": checkpoint.F16, "downs.0.block.conv2.weight": checkpoint.I8} {
		if dtype, _, found := parse(t, mixed).Info(name); !found || dtype != want {
			t.Errorf("with bot and ups.0 in float16, %s is %s, want %s", name, dtype, want)
		}
	}
	eps := filepath.Join(t.TempDir(), "eps.safetensors")
	ok(t, "eps", "--model", mixed, "--in", in, "--out", eps)
	if e := relativeError(t, eps, want); !(e < 5e-2) {
		t.Errorf("with two layers in float16 ε is off by %g", e)
	}
	if code, _, stderr := ddpm("quantize", "--in", plain, "--out", mixed, "--float16", "top"); code != exitMisused || !strings.Contains(stderr, `--float16 has "top", with which no parameter's name begins`) {
		t.Errorf("a prefix of nothing: exit %d, stderr\n%s", code, stderr)
	}
	text := ok(t, "quantize", "--in", plain, "--out", filepath.Join(t.TempDir(), "m.safetensors"))
	if !strings.Contains(text, "bot.conv1.weight") || !strings.Contains(text, "relative error of all weights") {
		t.Errorf("output\n%s", text)
	}
}

func TestEpsRefuses(t *testing.T) {
	dir := t.TempDir()
	model := smallModel(t)
	input := func(change func(b *checkpoint.Builder)) string {
		var b checkpoint.Builder
		change(&b)
		data, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "in.safetensors")
		write(t, path, data)
		return path
	}
	image := make([]float32, 64)
	for want, change := range map[string]func(b *checkpoint.Builder){
		`tensor "x" is not in the file`:              func(b *checkpoint.Builder) { b.Int64("t", []int{1}, []int64{0}) },
		`tensor "t" is not in the file`:              func(b *checkpoint.Builder) { b.Float32("x", []int{1, 1, 8, 8}, image) },
		"x has shape [1,8,8,1], the network takes [": func(b *checkpoint.Builder) { b.Float32("x", []int{1, 8, 8, 1}, image) },
		"t has shape [2], want [1]": func(b *checkpoint.Builder) {
			b.Float32("x", []int{1, 1, 8, 8}, image)
			b.Int64("t", []int{2}, []int64{0, 0})
		},
		"t[0] is 100, want 0 to 99": func(b *checkpoint.Builder) {
			b.Float32("x", []int{1, 1, 8, 8}, image)
			b.Int64("t", []int{1}, []int64{100})
		},
		"y[0] is 3, want 0 to 2": func(b *checkpoint.Builder) {
			b.Float32("x", []int{1, 1, 8, 8}, image)
			b.Int64("t", []int{1}, []int64{0})
			b.Int64("y", []int{1}, []int64{3})
		},
	} {
		code, _, stderr := ddpm("eps", "--model", model, "--in", input(change), "--out", filepath.Join(dir, "out.safetensors"))
		if code != exitFailed || !strings.Contains(stderr, want) {
			t.Errorf("exit %d, %q; want %q", code, stderr, want)
		}
	}
	lonely := filepath.Join(dir, "lonely.safetensors")
	data, err := os.ReadFile(filepath.Join(fixtures, "tiny", "weights.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, lonely, data)
	if _, _, stderr := ddpm("eps", "--model", lonely, "--in", "x", "--out", "y.safetensors"); !strings.Contains(stderr, "no config.json beside it") {
		t.Errorf("a plain checkpoint without config: %q", stderr)
	}
}
