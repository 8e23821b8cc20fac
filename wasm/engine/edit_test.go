package main

import (
	"slices"
	"testing"

	"github.com/ddpm-go/ddpm/core/fit"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/recipe"
)

// next is what runs and encodings have in common.
type next interface{ Next() bool }

// follow steps a run in the module beside the core's.
func (e *instance) follow(handle int32, native next, values func() (x, x0, eps []float32)) {
	e.t.Helper()
	for native.Next() {
		if status := e.must("Step", uint64(handle)); status != 1 {
			e.t.Fatalf("status %d, want 1", status)
		}
		x, x0, eps := values()
		e.compare(handle, 0, x)
		e.compare(handle, 1, x0)
		e.compare(handle, 2, eps)
	}
	if status := e.must("Step", uint64(handle)); status != 0 {
		e.t.Errorf("after the last step: status %d, want 0", status)
	}
	e.must("EndRun", uint64(handle))
}

// Edits give in the module what they give natively.
func TestEditsAreTheCores(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	const size = 64
	pictures := make([]float32, 2*size)
	noise.Normal(pictures, 5, noise.Forward, 0, 0)
	for i, v := range pictures {
		pictures[i] = max(-1, min(1, v/2))
	}
	mask, known := make([]byte, size), make([]bool, size)
	for i := range mask {
		if i%8 < 4 {
			mask[i], known[i] = 1, true
		}
	}
	a, b := pictures[:size], pictures[size:]
	type edit struct {
		name, text string
		which      uint64
		begin      func(r recipe.Recipe, part recipe.Part) (next, func() (x, x0, eps []float32), error)
		pictures   []float32
	}
	edits := []edit{
		{"vary", "sampler=ddpm&steps=5&start=90&count=3&classes=none&seed=3", 0, func(r recipe.Recipe, part recipe.Part) (next, func() (x, x0, eps []float32), error) {
			s, err := m.ImageToImage(r, a, part)
			return s, func() (x, x0, eps []float32) { v := s.Step(); return v.X, v.X0, v.Eps }, err
		}, a},
		{"fill", "sampler=ddpm&steps=6&resample=2&jump=2&count=2&classes=1", 1, func(r recipe.Recipe, part recipe.Part) (next, func() (x, x0, eps []float32), error) {
			s, err := m.Inpaint(r, a, known, part)
			return s, func() (x, x0, eps []float32) { v := s.Step(); return v.X, v.X0, v.Eps }, err
		}, a},
		{"blend", "steps=4&start=120&count=5&classes=none", 2, func(r recipe.Recipe, part recipe.Part) (next, func() (x, x0, eps []float32), error) {
			s, err := m.Interpolate(r, a, b, part)
			return s, func() (x, x0, eps []float32) { v := s.Step(); return v.X, v.X0, v.Eps }, err
		}, pictures},
		{"circle", "steps=4&count=5&classes=none&guidance=1&clip=0", 3, func(r recipe.Recipe, part recipe.Part) (next, func() (x, x0, eps []float32), error) {
			s, err := m.InterpolateNoise(r, a, b, part)
			return s, func() (x, x0, eps []float32) { v := s.Step(); return v.X, v.X0, v.Eps }, err
		}, pictures},
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		e.mustWith("SetKnown", mask)
		for _, c := range edits {
			t.Run(c.name, func(t *testing.T) {
				e.t = t
				r, err := m.Parse(c.text, recipe.CountOnPage)
				if err != nil {
					t.Fatal(err)
				}
				e.mustWith("SetPictures", bytesOf(c.pictures))
				part := recipe.Part{First: 1, N: r.Count - 1}
				native, values, err := c.begin(r, part)
				if err != nil {
					t.Fatal(err)
				}
				e.follow(e.mustWith("BeginEdit", []byte(c.text), 1, uint64(r.Count-1), c.which), native, values)
			})
		}
	})
}

// Each picture is encoded as the core does it, the second alone too.
func TestEncodingIsTheCores(t *testing.T) {
	file := smallModel(t)
	m, err := recipe.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	pictures := make([]float32, 2*64)
	noise.Normal(pictures, 6, noise.Forward, 0, 0)
	const text = "steps=5&eta=0&guidance=1&clip=0&classes=none&count=2"
	r, err := m.Parse(text, recipe.CountOnPage)
	if err != nil {
		t.Fatal(err)
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustLoad(file)
		e.mustWith("SetPictures", bytesOf(pictures))
		for _, part := range []recipe.Part{{First: 0, N: 2}, {First: 1, N: 1}} {
			native, err := m.Encode(r, pictures[part.First*64:], 2, part)
			if err != nil {
				t.Fatal(err)
			}
			e.follow(e.mustWith("BeginEncoding", []byte(text), uint64(part.First), uint64(part.N), 2), native, func() (x, x0, eps []float32) {
				v := native.Step()
				return v.X, v.X0, v.Eps
			})
		}
	})
}

func TestFitPictureIsTheCores(t *testing.T) {
	file := smallModel(t)
	const w, h = 30, 21
	rgba := make([]byte, 4*w*h)
	for i := range rgba {
		if x := i / 4 % w; x > 12 && x < 17 {
			rgba[i] = 240
		}
	}
	fitted, digit := make([]float32, 64), make([]float32, 64)
	fit.Square(fitted, 8, 1, rgba, w, h)
	if err := fit.Digit(digit, 8, rgba, w, h); err != nil {
		t.Fatal(err)
	}
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.refused("a picture before a model", "no model", e.with("FitPicture", rgba, w, h, 0))
		e.mustLoad(file)
		for kind, want := range [][]float32{fitted, digit} {
			e.mustWith("FitPicture", rgba, w, h, uint64(kind))
			if !slices.Equal(e.floats(), want) {
				t.Errorf("kind %d: the values differ from the core's", kind)
			}
		}
		e.refused("an empty drawing", "nothing is drawn", e.with("FitPicture", make([]byte, 4*w*h), w, h, 1))
		e.refused("a picture cut short", "bytes", e.with("FitPicture", rgba[4:], w, h, 0))
	})
}

func TestEditsRefuse(t *testing.T) {
	file := smallModel(t)
	forEachBuild(t, func(t *testing.T, e *instance) {
		one := make([]byte, 256)
		e.refused("pictures before a model", "no model", e.with("SetPictures", one))
		e.mustLoad(file)
		e.refused("an edit without pictures", "0 pictures were set, want 1", e.with("BeginEdit", []byte("start=50&steps=5"), 0, 0, 0))
		e.refused("half a picture", "128 bytes", e.with("SetPictures", one[:128]))
		e.mustWith("SetPictures", one)
		e.refused("half a mask", "32 bytes", e.with("SetKnown", one[:32]))
		e.refused("inpainting without a mask", "no mask", e.with("BeginEdit", []byte("sampler=ddpm"), 0, 0, 1))
		e.refused("blending one picture", "1 pictures were set, want 2", e.with("BeginEdit", []byte("start=50&steps=5"), 0, 0, 2))
		e.refused("varying from nowhere", "start", e.with("BeginEdit", []byte("steps=5"), 0, 0, 0))
		e.mustWith("SetKnown", one[:64])
		e.refused("inpainting with memory", "ddpm or ddim", e.with("BeginEdit", []byte("sampler=unipc"), 0, 0, 1))
		e.refused("encoding with noise", "eta=0", e.with("BeginEncoding", []byte("eta=1&count=1"), 0, 0, 1))
	})
}
