package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Curves of a tiny model, end to end: stopped and gone on with, beside another
// checkpoint, and in a card.
func TestCurves(t *testing.T) {
	dir, data := t.TempDir(), writeIDX(t)
	classifier, out, card := filepath.Join(dir, "light.safetensors"), filepath.Join(dir, "curves"), filepath.Join(dir, "card.md")
	ok(t, "classifier", "train", "--data", data, "--out", classifier, "--epochs", "1", "--batch", "20", "--widths", "8")
	model := writeUntrained(t, 8, []string{"0", "1"})
	write(t, card, []byte("# Model\n"))
	args := []string{"curves", "--model", model, "--data", data, "--classifier", classifier, "--out", out, "--count", "4", "--seeds", "2"}
	first := ok(t, append(args, "--part", "guidance")...)
	if strings.Count(first, "\n") != 14 || !strings.Contains(first, "guidance 1.5") || !strings.Contains(first, "2 seeds") {
		t.Errorf("the table is\n%s", first)
	}
	before, err := os.ReadFile(filepath.Join(out, "points.json"))
	if err != nil {
		t.Fatal(err)
	}
	// Gone on with: what is there stays to the letter, and what is new comes behind.
	ok(t, append(args, "--part", "guidance,beside", "--beside", model, "--card", card)...)
	after, err := os.ReadFile(filepath.Join(out, "points.json"))
	if err != nil {
		t.Fatal(err)
	}
	if kept := strings.TrimSuffix(string(before), "\n]\n"); !strings.HasPrefix(string(after), kept) || strings.Count(string(after), `"recipe"`) != 30 {
		t.Errorf("after going on there is\n%s", after)
	}
	for _, name := range []string{"curves.csv", "guidance.png"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	text, err := os.ReadFile(card)
	if err != nil || !strings.Contains(string(text), "| unipc, 20 steps | guidance 3 |") || !strings.Contains(string(text), "ddpm curves --") {
		t.Errorf("the card is\n%s", text)
	}
}

func TestCurvesRefuse(t *testing.T) {
	model, data, out := writeUntrained(t, 28, tenDigits), writeIDX(t), t.TempDir()
	write(t, filepath.Join(out, "points.json"), []byte("[{"))
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--part", "speed"}, `--part has "speed", want some of steps, ddpm, guidance, beside`},
		{[]string{"--count", "1"}, "--count is 1"},
		{[]string{"--beside", "missing.safetensors"}, "missing.safetensors"},
		{[]string{"--beside", filepath.Join(data, "t10k-labels-idx1-ubyte")}, "t10k-labels"},
		{nil, "the points that were measured before"},
	} {
		args := append([]string{"curves", "--model", model, "--data", data, "--out", out}, c.args...)
		code, _, stderr := ddpm(args...)
		if code == 0 || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, %q, want %q", c.args, code, stderr, c.want)
		}
	}
}
