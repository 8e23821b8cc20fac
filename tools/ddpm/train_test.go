package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownPictures makes a folder with IDX files of 8×8 pictures of three classes.
func ownPictures(t *testing.T) string {
	t.Helper()
	const n, side = 12, 8
	images := []byte{0, 0, 8, 3}
	for _, d := range []uint32{n, side, side} {
		images = binary.BigEndian.AppendUint32(images, d)
	}
	labels := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 1}, n)
	for i := range n {
		labels = append(labels, byte(i%3))
		for p := range side * side {
			images = append(images, byte(80*(i%3)+p))
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "train-images-idx3-ubyte"), images)
	write(t, filepath.Join(dir, "train-labels-idx1-ubyte"), labels)
	return dir
}

func TestTrainThenSample(t *testing.T) {
	run := filepath.Join(t.TempDir(), "run")
	code, stdout, stderr := ddpm("train", "--data", ownPictures(t), "--name", "own", "--base", "8", "--depth", "1", "--embedding", "8",
		"--steps", "3", "--batch", "5", "--out", run, "--json")
	if code != 0 || !strings.Contains(stderr, "3 steps of 5") {
		t.Fatalf("exit %d, %q", code, stderr)
	}
	var r trainResult
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatal(err)
	}
	if r.Steps != 3 || r.Images != 15 || r.LSimple <= 0 || r.Model != filepath.Join(run, "ema.safetensors") {
		t.Errorf("the result is %+v", r)
	}
	grid := filepath.Join(t.TempDir(), "grid.png")
	ok(t, "sample", "--model", r.Model, "--classes", "0-2", "--count", "3", "--steps", "2", "--out", grid)
	if _, err := os.Stat(grid); err != nil {
		t.Error(err)
	}
	code, _, stderr = ddpm("train", "--resume", run)
	if code != 0 || !strings.Contains(stderr, "all 3 steps are done") {
		t.Errorf("going on with a complete run: code %d, %q", code, stderr)
	}
}

// What is not the ancestor's topology, schedule and objective goes from the command
// line through the checkpoint to a picture.
func TestTrainAVariantThenSample(t *testing.T) {
	run := filepath.Join(t.TempDir(), "run")
	code, _, stderr := ddpm("train", "--data", ownPictures(t), "--name", "own", "--widths", "8,24", "--blocks", "2", "--scale-shift", "--embedding", "8",
		"--schedule", "shifted:2", "--weighting", "vlb", "--prediction", "mu", "--steps", "2", "--batch", "4", "--out", run, "--json")
	if code != 0 {
		t.Fatalf("exit %d, %q", code, stderr)
	}
	config, err := os.ReadFile(filepath.Join(run, "config.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"schedule": "shifted:2"`, `"weighting": "vlb"`, `"blocks": 2`, `"scale_shift": true`} {
		if !strings.Contains(string(config), want) {
			t.Errorf("the config does not have %s:\n%s", want, config)
		}
	}
	grid := filepath.Join(t.TempDir(), "grid.png")
	ok(t, "sample", "--model", filepath.Join(run, "ema.safetensors"), "--count", "2", "--steps", "2", "--out", grid)
	if _, err := os.Stat(grid); err != nil {
		t.Error(err)
	}
}

func TestTrainAndDataRefuse(t *testing.T) {
	pictures, full := ownPictures(t), t.TempDir()
	write(t, filepath.Join(full, "something"), nil)
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"train"}, exitMisused, "--data is missing"},
		{[]string{"train", "--data", "minst"}, exitFailed, "known are mnist"},
		{[]string{"train", "--data", pictures, "--steps", "1", "--epochs", "1"}, exitMisused, "not both"},
		{[]string{"train", "--data", pictures, "--out", full}, exitFailed, "has no run to go on with"},
		{[]string{"train", "--data", pictures, "--batch", "0"}, exitMisused, "--batch 0"},
		{[]string{"train", "--data", pictures, "--limit", "-3"}, exitMisused, "--limit -3"},
		{[]string{"train", "--data", pictures, "--steps", "0"}, exitMisused, "--steps 0"},
		{[]string{"train", "--data", pictures, "--prediction", "noise", "--out", filepath.Join(full, "d")}, exitFailed, "noise"},
		{[]string{"train", "--data", pictures, "--depth", "4", "--out", filepath.Join(full, "a")}, exitFailed, "image_size"},
		{[]string{"train", "--data", pictures, "--widths", "8,16", "--base", "8"}, exitMisused, "one or the other"},
		{[]string{"train", "--data", pictures, "--blocks", "0"}, exitMisused, "at least 1"},
		{[]string{"train", "--resume", full}, exitFailed, "no run to go on with"},
		{[]string{"train", "--resume", full, "--rate", "1", "--workers", "1"}, exitMisused, "leave out --rate"},
		{[]string{"data"}, exitMisused, "1 arg"},
		{[]string{"data", "minst"}, exitMisused, "known are mnist"},
		{[]string{"data", "mnist", "--from", full, "--to", filepath.Join(full, "b")}, exitFailed, "train-images-idx3-ubyte"},
		{[]string{"data", "mnist", "--from", pictures, "--to", filepath.Join(full, "c")}, exitFailed, "MD5"},
	} {
		code, _, stderr := ddpm(c.args...)
		if code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: code %d, %q; want code %d and %q", c.args, code, stderr, c.code, c.want)
		}
	}
}
