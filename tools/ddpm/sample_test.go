package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/wasm/site"
)

func TestSampleWritesImages(t *testing.T) {
	model := smallModel(t)
	out := filepath.Join(t.TempDir(), "images.safetensors")
	text := ok(t, "sample", "--model", model, "--classes", "0-2,none", "--count", "70", "--steps", "3", "--seed", "9", "--guidance", "2", "--out", out)
	if !strings.Contains(text, "&sampler=ddim&steps=3&spacing=uniform&eta=0&clip=1&seed=9&classes=0-2,none&guidance=2&count=70\n") || !strings.HasPrefix(text, "model=") {
		t.Errorf("recipe %q", text)
	}
	alone(t, out)
	f := parse(t, out)
	images, shape, err := f.Uint8("images")
	if err != nil || !slices.Equal(shape, []int{70, 8, 8, 1}) {
		t.Fatalf("images %v, %v", shape, err)
	}
	classes, _, err := f.Int64("classes")
	if err != nil || !slices.Equal(classes[:6], []int64{0, 1, 2, -1, 0, 1}) || len(classes) != 70 {
		t.Errorf("classes %v, %v", classes, err)
	}
	if f.Metadata()["recipe"]+"\n" != text {
		t.Errorf("metadata %v", f.Metadata())
	}

	// The recipe draws the same pictures again, whatever the workers.
	again := filepath.Join(t.TempDir(), "again.safetensors")
	if got := ok(t, "sample", "--model", model, "--recipe", strings.TrimSpace(text), "--workers", "3", "--out", again); got != text {
		t.Errorf("recipe %q becomes %q", text, got)
	}
	second, _, err := parse(t, again).Uint8("images")
	if err != nil || !bytes.Equal(images, second) {
		t.Errorf("the recipe's pictures differ, %v", err)
	}
}

func TestSampleWritesGrid(t *testing.T) {
	model := smallModel(t)
	out := filepath.Join(t.TempDir(), "grid.png")
	report := ok(t, "sample", "--model", model, "--count", "5", "--steps", "2", "--sampler", "ddpm", "--zoom", "3", "--json", "--out", out)
	var r sampleReport
	if err := json.Unmarshal([]byte(report), &r); err != nil || r.Count != 5 || r.Width != 8 || !strings.Contains(r.Recipe, "variance=beta_tilde") {
		t.Errorf("report %s, %v", report, err)
	}
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	// Three columns, two rows of 8·3 pixels, lines of 2 between and around.
	if b := m.Bounds(); b.Dx() != 3*26+2 || b.Dy() != 2*26+2 {
		t.Errorf("grid of %v", b)
	}
}

func TestGrid(t *testing.T) {
	images := []byte{10, 20, 30, 40, 50, 60, 70, 80} // two images of 2×2
	pixels, w, h := site.Grid(images, 2, 1, 2, 1)
	want := []byte{
		48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
		48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
		48, 48, 10, 20, 48, 48, 50, 60, 48, 48,
		48, 48, 30, 40, 48, 48, 70, 80, 48, 48,
		48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
		48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
	}
	if w != 10 || h != 6 || !bytes.Equal(pixels, want) {
		t.Errorf("%d×%d %v", w, h, pixels)
	}
}

func TestSampleRefuses(t *testing.T) {
	model := smallModel(t)
	for _, c := range []struct {
		flag, value, want string
	}{
		{"--classes", "0-9", "this model's go from 0 to 2"},
		{"--steps", "101", "more than the 100 that this model has"},
		{"--count", "0", "count is \"0\", want 1 to 100000"},
		{"--recipe", "model=000000000000", "it is for the model 000000000000"},
		{"--recipe", "sampler=ddpm&eta=1", "eta belongs to sampler=ddim"},
	} {
		code, _, stderr := ddpm("sample", "--model", model, "--out", "x.png", c.flag, c.value)
		if code != exitMisused || !strings.Contains(stderr, c.want) {
			t.Errorf("%s %s: exit %d, %q; want %q", c.flag, c.value, code, stderr, c.want)
		}
	}
}
