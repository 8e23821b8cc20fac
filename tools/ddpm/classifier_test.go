package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeIDX writes a tiny data set of 8×8 images, dark of class 0 and bright of
// class 1, under MNIST's names, and returns its folder.
func writeIDX(t *testing.T) string {
	t.Helper()
	const size, n = 8, 60
	dir := t.TempDir()
	for _, split := range []string{"train", "t10k"} {
		images := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 3}, n)
		images = binary.BigEndian.AppendUint32(images, size)
		images = binary.BigEndian.AppendUint32(images, size)
		labels := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 1}, n)
		for i := range n {
			labels = append(labels, byte(i%2))
			for j := range size * size {
				images = append(images, byte(i%2*160+(i*7+j*j)%80))
			}
		}
		write(t, filepath.Join(dir, split+"-images-idx3-ubyte"), images)
		write(t, filepath.Join(dir, split+"-labels-idx1-ubyte"), labels)
	}
	return dir
}

// A classifier trained on the command line judges a model's pictures on it.
func TestClassifierTrainThenEvaluate(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "light.safetensors")
	data := writeIDX(t)
	stdout := ok(t, "classifier", "train", "--data", data, "--out", file, "--widths", "8", "--epochs", "4", "--batch", "20", "--json")
	var result classifierResult
	if err := json.Unmarshal([]byte(stdout), &result); err != nil {
		t.Fatal(err)
	}
	if result.Test.Of != 60 || result.Test.Correct < 55 || result.Bytes == 0 {
		t.Errorf("%+v", result)
	}
	card, err := os.ReadFile(filepath.Join(dir, "light.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{result.SHA256, "ddpm classifier train --batch 20 --epochs 4 --widths 8", "| test images read right | "} {
		if strings.Count(string(card), want) != 1 {
			t.Errorf("the card does not have %q once:\n%s", want, card)
		}
	}
	alone(t, file)
	model := writeUntrained(t, 8, []string{"0", "1"})
	stdout = ok(t, "evaluate", "--model", model, "--classifier", file, "--data", data, "--count", "6", "--steps", "1")
	for _, want := range []string{"classifier light (" + result.SHA256[:12], "of 60 test images right)", "Fréchet distance", "of 6 test images"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("evaluate does not print %q:\n%s", want, stdout)
		}
	}
}

func TestClassifierTrainRefuses(t *testing.T) {
	data, out := writeIDX(t), filepath.Join(t.TempDir(), "c.safetensors")
	for want, args := range map[string][]string{
		"--out is missing":    {"--data", data},
		".safetensors":        {"--data", data, "--out", "c.png"},
		"multiple of 8":       {"--data", data, "--out", out, "--widths", "12", "--batch", "20"},
		"0 epochs":            {"--data", data, "--out", out, "--epochs", "0"},
		"no set is called":    {"--data", "letters", "--out", out},
		"invalid argument \"": {"--widths", "many", "--out", out},
	} {
		code, _, stderr := ddpm(append([]string{"classifier", "train"}, args...)...)
		if code == 0 || !strings.Contains(stderr, want) {
			t.Errorf("%q: exit code %d, %q; wanted an error with %q", args, code, stderr, want)
		}
	}
}
