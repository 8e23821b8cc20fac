package evaluate

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
)

func TestShare(t *testing.T) {
	// Newcombe (1998), table I, method 3: Wilson's interval.
	for _, test := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		s := NewShare(test.k, test.n)
		if math.Abs(s.Low-test.low) > 6e-5 || math.Abs(s.High-test.high) > 6e-5 || s.Share != float64(test.k)/float64(test.n) {
			t.Errorf("%d of %d: %+v, want %g to %g", test.k, test.n, s, test.low, test.high)
		}
	}
	if s := NewShare(0, 0); s.Low != 0 || s.High != 1 {
		t.Errorf("nothing at all: %+v", s)
	}
}

// reading is that of images read as the given classes with the given certainty,
// the rest shared among the other two.
func reading(certainty float32, class ...int) *Reading {
	r := &Reading{Classes: 3, Class: class}
	for _, c := range class {
		q := []float32{(1 - certainty) / 2, (1 - certainty) / 2, (1 - certainty) / 2}
		q[c] = certainty
		r.Probabilities = append(r.Probabilities, q...)
	}
	return r
}

func TestConditional(t *testing.T) {
	r := reading(1, 0, 0, 2, 2, 2, 1, 0)
	c := NewConditional(r, []int{0, 0, 0, 2, 2, 2, -1}, []string{"a", "b", "c"})
	if c.Correct != 4 || c.Of != 6 {
		t.Errorf("%d of %d right, want 4 of 6", c.Correct, c.Of)
	}
	want := [][]int{{2, 0, 1}, {0, 0, 0}, {0, 1, 2}}
	if !reflect.DeepEqual(c.Confusion, want) {
		t.Errorf("confusion %v, want %v", c.Confusion, want)
	}
	if len(c.PerClass) != 2 || c.PerClass[0].MistakenFor != "c" || c.PerClass[1].MistakenFor != "b" || c.PerClass[1].Mistakes != 1 {
		t.Errorf("per class %+v", c.PerClass)
	}
	if math.Abs(c.MaxConfusion-1./3) > 1e-9 || math.Abs(c.MeanConfusion-1./3) > 1e-9 {
		t.Errorf("confusion of %g at most and %g in the mean, want a third", c.MaxConfusion, c.MeanConfusion)
	}
}

// Classes that are combinations are right by attribute more often than as a whole.
func TestAttributes(t *testing.T) {
	names := []string{"short hair", "long hair", "short hair + hat", "long hair + hat"}
	r := &Reading{Classes: 4, Class: []int{0, 1, 3, 2, 1, 3}, Probabilities: make([]float32, 24)}
	got := NewConditional(r, []int{0, 0, 2, 3, 3, 3}, names).PerAttribute
	want := []AttributeReport{{"short hair", NewShare(3, 6)}, {"hat", NewShare(5, 6)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("attributes %+v, want %+v", got, want)
	}
}

func TestEntropies(t *testing.T) {
	for _, test := range []struct {
		name           string
		r              *Reading
		ofMean, meanOf float64
	}{
		{"one class, no doubt", reading(1, 1, 1, 1), 0, 0},
		{"all classes, no doubt", reading(1, 0, 1, 2), math.Log(3), 0},
		{"all classes, half a doubt", reading(0.5, 0, 1, 2), math.Log(3), 0.5*math.Log(2) + 0.5*math.Log(4)},
		{"no idea", reading(1./3, 0, 0), math.Log(3), math.Log(3)},
	} {
		c := NewConditional(test.r, []int{-1, -1, -1}[:len(test.r.Class)], []string{"a", "b", "c"})
		if math.Abs(c.ClassEntropy-test.ofMean) > 1e-6 || math.Abs(c.SampleEntropy-test.meanOf) > 1e-6 {
			t.Errorf("%s: %g and %g, want %g and %g", test.name, c.ClassEntropy, c.SampleEntropy, test.ofMean, test.meanOf)
		}
	}
}

func samplesFile(t *testing.T, shape []int, classes []int64) []byte {
	n := 1
	for _, d := range shape {
		n *= d
	}
	var b checkpoint.Builder
	b.Uint8("images", shape, make([]byte, n))
	b.Int64("classes", []int{len(classes)}, classes)
	file, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSamples(t *testing.T) {
	c, err := NewClassifier(Config{ImageSize: 4, Channels: 1, Classes: 2, Widths: []int{8}})
	if err != nil {
		t.Fatal(err)
	}
	for want, file := range map[string][]byte{
		"":                       samplesFile(t, []int{3, 4, 4, 1}, []int64{0, -1, 1}),
		"checkpoint:":            []byte("PNG"),
		"wanted [N, H, W, C]":    samplesFile(t, []int{3, 16}, []int64{0, 1, 1}),
		"wanted [3]":             samplesFile(t, []int{3, 4, 4, 1}, []int64{0, 1}),
		"the classifier reads":   samplesFile(t, []int{3, 4, 4, 3}, []int64{0, 1, 1}),
		"too few":                samplesFile(t, []int{1, 4, 4, 1}, []int64{0}),
		"sample 2 is of class 2": samplesFile(t, []int{3, 4, 4, 1}, []int64{0, 1, 2}),
	} {
		s, err := OpenSamples(file)
		if err == nil {
			err = s.Check(c)
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("error %v; wanted one with %q", err, want)
		}
	}
}

// Samples that are the training images have no distance from them, and those
// of one class only have a large one.
func TestEvaluate(t *testing.T) {
	data := &Data{Train: strokes(240), Test: strokes(90)}
	c, err := NewClassifier(Config{ImageSize: 12, Channels: 1, Classes: 3, Widths: []int{8, 16}})
	if err != nil {
		t.Fatal(err)
	}
	c.weights.Init(3)
	j := Judge{c, Card{Name: "random", Classes: data.Train.Classes}}
	whole, rows := &Samples{Height: 12, Width: 12, Channels: 1}, &Samples{Height: 12, Width: 12, Channels: 1}
	for i := range data.Train.Len() {
		class := data.Train.Class(i)
		whole.Images, whole.Classes = append(whole.Images, data.Train.Bytes(i)...), append(whole.Classes, class)
		if class == 0 {
			rows.Images, rows.Classes = append(rows.Images, data.Train.Bytes(i)...), append(rows.Classes, class)
		}
	}
	told := 0
	same, err := j.Evaluate(t.Context(), whole, data, 2, func(n int) { told += n })
	if err != nil {
		t.Fatal(err)
	}
	one, err := j.Evaluate(t.Context(), rows, data, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	if told != Reads(whole, data) {
		t.Errorf("told of %d images, want %d", told, Reads(whole, data))
	}
	if same.Frechet.Distance > 1e-6 || one.Frechet.Distance < 10*same.Frechet.Floor || one.Frechet.Distance < 1e-3 {
		t.Errorf("distances %g of the set itself, %g of one class", same.Frechet.Distance, one.Frechet.Distance)
	}
	// The training images are within their own manifold, and copies of themselves;
	// of rows alone, the rest is not within theirs.
	if m := same.Manifold; m.Precision != 1 || m.Recall != 1 || one.Manifold.Recall > 0.6 {
		t.Errorf("manifolds %+v, %+v", same.Manifold, one.Manifold)
	}
	if m := same.Memory; m.Samples.Median != 0 || m.Test.Of != 90 {
		t.Errorf("memory %+v", m)
	}
	if s := one.Frechet.Scale; s.HeldOf != 40 || s.Others != 200 || len(s.Damages) != 3 || !(s.Damages[1].Times > 2) {
		t.Errorf("scale %+v", s)
	}
	if same.Frechet.OfTest != 90 || one.Frechet.OfTest != 80 || same.Classifier.Test.Of != 90 {
		t.Errorf("%+v, %+v, %+v", same.Frechet, one.Frechet, same.Classifier.Test)
	}
	data.Test = strokes(90)
	data.Test.Height++
	if _, err := j.Evaluate(t.Context(), whole, data, 2, nil); err == nil || !strings.Contains(err.Error(), "the images of strokes are 13×12×1") {
		t.Errorf("test images of another size: %v", err)
	}
}
