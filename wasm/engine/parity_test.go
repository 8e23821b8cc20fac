package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
)

// The network in the module against what an independent float64 implementation
// computes for the same plain checkpoint. PARITY may name a folder of further
// fixtures.
func TestPredictAgreesWithPyTorch(t *testing.T) {
	fixtures, err := filepath.Glob("../../core/unet/testdata/*/eps.safetensors")
	if err != nil || len(fixtures) < 2 {
		t.Fatalf("%d fixtures in core/unet/testdata, want 2 (%v)", len(fixtures), err)
	}
	if dir := os.Getenv("PARITY"); dir != "" {
		more, err := filepath.Glob(filepath.Join(dir, "*/eps.safetensors"))
		if err != nil || len(more) == 0 {
			t.Fatalf("no fixtures in PARITY=%s (%v)", dir, err)
		}
		fixtures = append(fixtures, more...)
	}
	for _, fixture := range fixtures {
		folder := filepath.Dir(fixture)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			forEachBuild(t, func(t *testing.T, e *instance) { testParity(t, e, folder) })
		})
	}
}

func testParity(t *testing.T, e *instance, folder string) {
	file, config := mustRead(t, folder, "weights.safetensors"), mustRead(t, folder, "config.json")
	e.file = bytes.Clone(file)
	q, m := e.put(config)
	e.must("LoadPlain", uint64(len(file)), q, m)
	e.call("Free", q)
	if e.arrive(len(file)) != 0 {
		t.Fatalf("the model was not loaded: %s", e.reply())
	}

	in, err := checkpoint.Parse(mustRead(t, folder, "in.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := checkpoint.Parse(mustRead(t, folder, "eps.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	x, shape, err := in.Float32("x")
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := out.Float32("eps")
	if err != nil {
		t.Fatal(err)
	}
	steps, _, err := in.Int64("t")
	if err != nil {
		t.Fatal(err)
	}
	classes, _, err := in.Int64("y")
	if err != nil { // an unconditional network has none
		classes = make([]int64, len(steps))
		for i := range classes {
			classes[i] = -1
		}
	}

	channels, pixels := shape[1], shape[2]*shape[3]
	size := channels * pixels
	var difference, norm float64
	for i := range steps {
		image := make([]float32, size)
		for c := range channels {
			for p := range pixels {
				image[p*channels+c] = x[i*size+c*pixels+p]
			}
		}
		// PyTorch counts steps from 0, the paper from 1.
		e.mustWith("Predict", bytesOf(image), uint64(steps[i])+1, uint64(uint32(int32(classes[i]))))
		got := e.floats()
		for c := range channels {
			for p := range pixels {
				w := float64(want[i*size+c*pixels+p])
				d := float64(got[p*channels+c]) - w
				difference += d * d
				norm += w * w
			}
		}
	}
	if relative := math.Sqrt(difference / norm); !(relative < 1e-4) {
		t.Errorf("relative error %.2e, want below 1e-4", relative)
	}
}

func mustRead(t *testing.T, folder, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
