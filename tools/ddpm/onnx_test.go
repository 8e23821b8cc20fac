package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestONNX(t *testing.T) {
	model, out := writeUntrained(t, 8, []string{"a", "b"}), filepath.Join(t.TempDir(), "net.onnx")
	if text := ok(t, "onnx", "--model", model, "--out", out); !strings.Contains(text, "x, t → v") {
		t.Errorf("printed %q", text)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("label_emb.weight")) || !bytes.Contains(file, []byte("InstanceNormalization")) {
		t.Errorf("%d bytes are no network", len(file))
	}
	code, _, stderr := ddpm("onnx", "--model", model, "--out", "net.pb")
	if code == 0 || !strings.Contains(stderr, ".onnx") {
		t.Errorf("exit %d, %q", code, stderr)
	}
}
