package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/recipe"
)

func TestInit(t *testing.T) {
	out := filepath.Join(t.TempDir(), "base32.safetensors")
	if text := ok(t, "init", "--net", "base32", "--out", out); !strings.Contains(text, "912033 parameters") {
		t.Errorf("printed %q", text)
	}
	m, err := openModelAs(recipe.Options{Weights: true}, out, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Net.Params() {
		values, zeros := make([]float32, p.Len()), 0
		p.Export(values, m.Net.Weights())
		for _, v := range values {
			if v == 0 {
				zeros++
			}
		}
		if zeros > 0 {
			t.Errorf("%s has %d zeros of %d", p.Name, zeros, len(values))
		}
	}
	for _, c := range []struct{ net, out, want string }{
		{"base33", out, "base32, base64"},
		{"base32", "x.bin", ".safetensors"},
	} {
		if code, _, stderr := ddpm("init", "--net", c.net, "--out", c.out); code == 0 || !strings.Contains(stderr, c.want) {
			t.Errorf("%+v: exit %d, %q", c, code, stderr)
		}
	}
}
