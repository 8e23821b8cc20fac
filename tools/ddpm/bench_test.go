package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/tools/bench"
)

func TestBench(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "bench")
	args := []string{"bench", "--model", smallModel(t), "--benchtime", "1ms", "--threads", "2", "--out", folder}
	text := ok(t, args...)
	for _, want := range []string{
		"small.safetensors: ", "ceiling GFLOP/s", "conv 3×3 8×8 8→16", "all layers", "linear in the batch", "a step of training", "32×32",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	written, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r bench.Report
	if err := json.Unmarshal(written, &r); err != nil {
		t.Fatal(err)
	}
	if r.MulAdds != smallConfig.MulAdds() || len(r.Layers) == 0 || len(r.Forward) != 10 || len(r.Training) != 2 || len(r.Steps) != 5 {
		t.Errorf("%+v", r)
	}
	csv, err := os.ReadFile(filepath.Join(folder, "cost.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(string(csv), "\n"); rows != 1+len(r.Cost) || len(r.Cost) < 5 {
		t.Errorf("%d rows for %d networks:\n%s", rows, len(r.Cost), csv)
	}
	plot, err := os.ReadFile(filepath.Join(folder, "cost.png"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(plot)); err != nil {
		t.Error(err)
	}
}

// TestBenchParts: only what is asked for is measured.
func TestBenchParts(t *testing.T) {
	var r bench.Report
	text := ok(t, "bench", "layers", "--model", smallModel(t), "--benchtime", "1ms", "--threads", "1", "--json")
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Layers) == 0 || r.Forward != nil || r.Line != nil || r.Training != nil || r.Cost != nil {
		t.Errorf("%+v", r)
	}
}

func TestBenchRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"speed"}, `"speed" cannot be measured; want some of layers, network, steps, training, cost`},
		{[]string{"--net", "base33"}, `--net "base33": there is no such network`},
		{[]string{"--net", "base64", "--model", "x"}, "--model and --net both name a network"},
		{[]string{"--batch", "4,0"}, "--batch 0; want 1 or more"},
		{[]string{"--threads", "0"}, "--threads is 0"},
		{[]string{"--benchtime", "0s"}, "--benchtime is 0s"},
	} {
		code, stdout, stderr := ddpm(append([]string{"bench"}, c.args...)...)
		if code != exitMisused || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, stdout %q, stderr %q, want %q", c.args, code, stdout, stderr, c.want)
		}
	}
}
