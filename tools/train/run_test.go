package train

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddpm-go/ddpm/core/recipe"
)

func TestRunInterruptedAndResumed(t *testing.T) {
	c := tiny()
	c.Steps = 6
	dir := filepath.Join(t.TempDir(), "runs", "bars")
	ctx, cancel := context.WithCancel(context.Background())
	err := Run(ctx, begin(t, c, 2), dir, time.Hour, Observer{Step: func(t *Trainer, _ Record) {
		if t.Steps() == 2 {
			cancel()
		}
	}})
	var interrupted *InterruptedError
	if !errors.As(err, &interrupted) || interrupted.Step != 2 || interrupted.Of != 6 || !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want an interruption after step 2 of 6", err)
	}
	state, err := ReadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := Resume(state, bars(), 2)
	if err != nil {
		t.Fatal(err)
	}
	saves := 0
	if err := Run(context.Background(), trainer, dir, 0, Observer{Saved: func(*Trainer, string) { saves++ }}); err != nil {
		t.Fatal(err)
	}
	if saves != 4 {
		t.Errorf("saved %d times, want after each of the 4 steps that were left", saves)
	}
	whole := begin(t, c, 2)
	steps(t, whole, 6)
	same(t, "interrupted and not", whole, trainer)

	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, n := range names {
		files = append(files, n.Name())
	}
	want := []string{StateFile, configFile, ModelFile, lossFile, plotFile, SamplesFile}
	if !slices.Equal(files, want) {
		t.Errorf("the folder has %v, want %v", files, want)
	}
	checkPictures(t, dir)
	checkRaw(t, dir, trainer)
	checkModel(t, dir, trainer)
}

func checkPictures(t *testing.T, dir string) {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(dir, lossFile))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil || len(rows) != 7 || rows[6][0] != "6" || rows[6][1] != "60" {
		t.Errorf("%s (%v) is\n%s, want a head and 6 rows", lossFile, err, table)
	}
	for name, size := range map[string][2]int{SamplesFile: {22, 42}, plotFile: {576, 384}} {
		file, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if b := picture.Bounds(); b.Dx() != size[0] || b.Dy() != size[1] {
			t.Errorf("%s is %d×%d, want %d×%d", name, b.Dx(), b.Dy(), size[0], size[1])
		}
	}
}

// checkModel opens the exported model as every other program does.
func checkModel(t *testing.T, dir string, trainer *Trainer) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(dir, ModelFile))
	if err != nil {
		t.Fatal(err)
	}
	m, err := recipe.Options{Weights: true}.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Net.Weights(), trainer.ema) {
		t.Error("the exported weights are not the averaged ones")
	}
	if m.Name != "bars" || !slices.Equal(m.Classes, []string{"left", "top"}) || m.More["images_seen"] != "60" {
		t.Errorf("the model says name %q, classes %q, images %q", m.Name, m.Classes, m.More["images_seen"])
	}
}

// checkRaw opens the weights in a state, as they are before averaging.
func checkRaw(t *testing.T, dir string, trainer *Trainer) {
	t.Helper()
	state, err := os.ReadFile(filepath.Join(dir, StateFile))
	if err != nil {
		t.Fatal(err)
	}
	file, err := Raw(state)
	if err != nil {
		t.Fatal(err)
	}
	m, err := recipe.Options{Weights: true}.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Net.Weights(), trainer.net.Weights()) || slices.Equal(m.Net.Weights(), trainer.ema) {
		t.Error("the raw weights are not the network's")
	}
	if _, err := Raw(file); err == nil {
		t.Error("a model is taken for a state")
	}
}

func TestRunThatDiverges(t *testing.T) {
	dir := t.TempDir()
	trainer := begin(t, tiny(), 1)
	err := Run(context.Background(), trainer, dir, 0, Observer{Saved: func(t *Trainer, _ string) {
		if t.Steps() == 2 {
			t.net.Weights()[0] = float32(math.Inf(1))
			t.net.Pack()
		}
	}})
	var diverged *DivergedError
	if !errors.As(err, &diverged) || !strings.Contains(err.Error(), "last good checkpoint is still in "+dir) {
		t.Fatalf("error %v, want one that says what is left", err)
	}
	state, err := ReadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Resume(state, bars(), 1); err != nil || again.Steps() != 2 {
		t.Errorf("cannot go on from step 2: %v", err)
	}
}

func TestReadStateOfNoRun(t *testing.T) {
	if _, err := ReadState(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no run to go on with") {
		t.Errorf("error %v, want one that says there is no run", err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, c := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Steps = 0 }, "steps of 0; it can be 1"},
		{func(c *Config) { c.Rate = math.NaN() }, "rate of NaN"},
		{func(c *Config) { c.Dropout = 1.5 }, "dropout of 1.5; it can be 0 to 1"},
		{func(c *Config) { c.Decay = "step" }, `decay "step"; it can be cosine, linear or constant`},
		{func(c *Config) { c.Prediction = "y" }, `"y"`},
		{func(c *Config) { c.Schedule = "sine" }, `"sine"`},
		{func(c *Config) { c.Classes = c.Classes[:1] }, "2 classes, and 1 are named"},
		{func(c *Config) { c.Weighting = "snr" }, `weighting "snr"; it can be vlb, x0, x0:4`},
		{func(c *Config) { c.Weighting = "x0:1" }, `weighting "x0:1"; it can be`},
		{func(c *Config) { c.Weighting, c.MinSNR = "vlb", 5 }, "both min-SNR and a weighting"},
		{func(c *Config) { c.Net.BaseCh = 9 }, "base_ch"},
		{func(c *Config) { c.Net.ImageSize = 16 }, "8×8×1, and the network takes 16×16×1"},
	} {
		config := tiny()
		c.change(&config)
		if _, err := New(config, bars(), 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}
