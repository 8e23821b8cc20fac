package main

import (
	"os"
	"slices"
	"testing"
)

// A model is opened as its file arrives: but for what the network reads together, all
// that is there has been read, and it predicts what it predicts.
func TestModelOpensWhileItArrives(t *testing.T) {
	file, err := os.ReadFile("../../weights/digits.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		image := make([]byte, 4*28*28)
		e.mustLoad(file)
		e.mustWith("Predict", image, 500, 3)
		want := e.floats()

		e.begin(file)
		parts := 50
		for i := 1; i < parts; i++ {
			n := len(file) * i / parts
			if status := e.arrive(n); status != 1 {
				t.Fatalf("%d bytes of %d have arrived: status %d, want 1", n, len(file), status)
			}
			if most := len(file) / 5; n-e.read > most {
				t.Errorf("of %d bytes that have arrived %d were not read, want at most %d", n, n-e.read, most)
			}
			if i == parts/2 { // the model before is there meanwhile
				e.mustWith("Predict", image, 500, 3)
			}
		}
		if status := e.arrive(len(file)); status != 0 {
			t.Fatalf("all has arrived: status %d, want 0: %s", status, e.reply())
		}
		if e.read != len(file) {
			t.Errorf("%d bytes of %d were read", e.read, len(file))
		}
		copy(e.file, file)
		e.must("NameModel", 0, 0)
		e.mustWith("Predict", image, 500, 3)
		if !slices.Equal(e.floats(), want) {
			t.Error("a model that arrived in parts predicts something else")
		}
	})
}

func TestLoadingIsGivenUp(t *testing.T) {
	file := smallModel(t)
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.refused("bytes of nothing", "no checkpoint is being loaded", e.call("Arrived", 1))
		e.mustLoad(file)

		e.begin(file)
		e.arrive(len(file) / 2)
		e.call("StopLoading")
		e.refused("the rest of what was given up", "no checkpoint is being loaded", e.arrive(len(file)))
		e.mustWith("Predict", make([]byte, 256), 1, 0) // the model before stays

		e.begin(file)
		e.arrive(len(file) / 2)
		e.mustLoad(file) // another takes its place
		e.refused("more of what is there", "no checkpoint is being loaded", e.arrive(len(file)))

		// What cannot become a model is refused before its rest arrives.
		bad := slices.Clone(file)
		bad[9] = '!'
		e.begin(bad)
		e.refused("a header that is none", "not valid JSON", e.arrive(len(bad)/2))
		e.mustWith("Predict", make([]byte, 256), 1, 0)
	})
}
