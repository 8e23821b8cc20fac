package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
)

// ddpm runs the program and returns its exit code and what it prints.
func ddpm(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(context.Background(), args, &out, &err)
	stderr = err.String()
	if !builtWithSIMD { // the notice is tested on its own
		if first, rest, ok := strings.Cut(stderr, "\n"); ok && strings.Contains(first, "built without SIMD") {
			stderr = rest
		}
	}
	return code, out.String(), stderr
}

// ok runs the program, which must succeed and print nothing on stderr.
func ok(t *testing.T, args ...string) (stdout string) {
	t.Helper()
	code, stdout, stderr := ddpm(args...)
	if code != 0 || stderr != "" {
		t.Fatalf("ddpm %s: exit %d\n%s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

var smallConfig = unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 1, NumClasses: 3}

// smallModel writes a checkpoint with random weights and returns its path.
func smallModel(t *testing.T) string {
	t.Helper()
	net, err := unet.New(smallConfig)
	if err != nil {
		t.Fatal(err)
	}
	for i := range net.Weights() {
		net.Weights()[i] = float32(math.Sin(float64(i)*12.9898)) * 0.2
	}
	net.Pack()
	file, err := recipe.Save(net, nil, recipe.Card{
		Name: "small", Prediction: diffusion.V, Schedule: "cosine", Timesteps: 100, Classes: []string{"a", "b", "c"},
	}, checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "small.safetensors")
	write(t, path, file)
	return path
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// parse reads a safetensors file.
func parse(t *testing.T, path string) *checkpoint.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := checkpoint.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// alone fails if the folder of path has any other file: a temporary one left.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}

func TestHelp(t *testing.T) {
	help := ok(t, "--help")
	for _, want := range []string{"Examples:", "ddpm sample --model", "sample", "noise", "quantize", "eps", "train", "data"} {
		if !strings.Contains(help, want) {
			t.Errorf("help lacks %q:\n%s", want, help)
		}
	}
	for _, c := range newRoot().Commands() {
		if c.Name() == "completion" || c.Name() == "help" {
			continue
		}
		if c.Short == "" || c.Long == "" && !c.HasSubCommands() || c.Example == "" && !c.HasSubCommands() {
			t.Errorf("%s lacks a description or an example", c.Name())
		}
	}
}

func TestMisuse(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"smaple"}, `unknown command "smaple"`},
		{[]string{"--verbose"}, "unknown flag: --verbose"},
		{[]string{"sample"}, "--model is missing"},
		{[]string{"sample", "--model", "m", "x"}, "unknown command"},
		{[]string{"sample", "--model", "m", "--out", "x.jpg"}, "want a name that ends in .png or .safetensors"},
		{[]string{"sample", "--model", "m", "--out", "x.png", "--zoom", "0"}, "--zoom is 0, want 1 to 16"},
		{[]string{"sample", "--model", "m", "--out", "x.png", "--recipe", "seed=1", "--seed", "2"}, "--recipe already says everything: give --seed inside it"},
		{[]string{"noise", "--in", "a.png", "--out", "b.png", "--t", "1001"}, "--t is 1001, want 0 to 1000"},
		{[]string{"noise", "--in", "a.png", "--out", "b.png", "--schedule", "sine"}, `unknown schedule "sine"`},
		{[]string{"noise", "--in", "a.png", "--out", "b.png", "--seed", "-1"}, "invalid argument"},
		{[]string{"quantize", "--in", "a", "--out", "b.safetensors", "--to", "int4"}, `--to is "int4", want int8`},
		{[]string{"eps", "--model", "a", "--in", "b", "--out", "c.npy"}, "want a name that ends in .safetensors"},
	} {
		code, stdout, stderr := ddpm(c.args...)
		lines := strings.Split(strings.TrimSpace(stderr), "\n")
		if code != exitMisused || stdout != "" || len(lines) != 2 || !strings.Contains(lines[0], c.want) || !strings.HasPrefix(lines[1], "Try 'ddpm") {
			t.Errorf("%v: exit %d, stdout %q, stderr\n%s\nwant exit 2 and %q", c.args, code, stdout, stderr, c.want)
		}
	}
}

func TestMissingFiles(t *testing.T) {
	dir := t.TempDir()
	model := smallModel(t)
	gone := filepath.Join(dir, "gone")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"sample", "--model", gone, "--out", "x.png"}, "cannot read the model " + gone + ": no such file"},
		{[]string{"noise", "--in", gone, "--out", "x.png"}, "cannot read the picture " + gone + ": no such file"},
		{[]string{"eps", "--model", model, "--in", gone, "--out", "x.safetensors"}, "cannot read the tensors " + gone},
		{[]string{"sample", "--model", model, "--count", "1", "--steps", "1", "--out", gone + "/x.png"}, "cannot write " + gone + "/x.png: no such file"},
	} {
		code, _, stderr := ddpm(c.args...)
		if code != exitFailed || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, stderr %q; want exit 1 and %q", c.args, code, stderr, c.want)
		}
	}
}

func TestNoticeWithoutSIMD(t *testing.T) {
	var stdout, stderr bytes.Buffer
	model := smallModel(t)
	run(context.Background(), []string{"sample", "--model", model, "--count", "1", "--steps", "1", "--out", model + ".png"}, &stdout, &stderr)
	if got := strings.Contains(stderr.String(), "built without SIMD"); got == builtWithSIMD {
		t.Errorf("built with SIMD: %v, stderr %q", builtWithSIMD, stderr.String())
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	model := smallModel(t)
	var stdout, stderr bytes.Buffer
	out := filepath.Join(filepath.Dir(model), "x.png")
	if code := run(ctx, []string{"sample", "--model", model, "--out", out}, &stdout, &stderr); code != exitInterrupted {
		t.Errorf("exit %d, stderr %q", code, stderr.String())
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a picture was written")
	}
}
