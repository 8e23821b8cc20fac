package evaluate

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/tensor"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// strokes is n images of a bright line through a dark field: along a row (class
// 0), along a column (1) or along the diagonal (2), at a place and a brightness
// that depend on i.
func strokes(n int) *dataset.Dataset {
	const size = 12
	d := &dataset.Dataset{Name: "strokes", Height: size, Width: size, Channels: 1, Classes: []string{"row", "column", "diagonal"}}
	for i := range n {
		image := make([]byte, size*size)
		at := 2 + i*7%(size-4)
		for j := range size {
			y, x := [3]int{at, j, (j + at) % size}[i%3], [3]int{j, at, j}[i%3]
			image[y*size+x] = byte(120 + i*31%136)
		}
		d.Pixels = append(d.Pixels, image...)
		d.Labels = append(d.Labels, uint8(i%3))
	}
	return d
}

var brief = Training{
	Widths: []int{8, 16}, Epochs: 6, Batch: 30, Rate: 1e-2, Decay: 0.01, Seed: 4, Workers: 2,
	Augment: Augment{Shift: 0.5, Rotate: 5, Scale: 0.05},
}

func read(t *testing.T, c *Classifier, images []byte, workers int, observe func(n int)) *Reading {
	t.Helper()
	r, err := c.Read(t.Context(), images, workers, observe)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Half of the images are mirrored, exactly, and the others are as they were.
func TestAugmentMirrors(t *testing.T) {
	const size = 4
	image, mirrored := make([]byte, size*size), make([]byte, size*size)
	for i := range image {
		image[i] = byte(i * 16)
		mirrored[i/size*size+size-1-i%size] = image[i]
	}
	r, times := rand.New(rand.NewPCG(1, 2)), 0
	for range 100 {
		dst, drawn := make([]float32, size*size), make([]byte, size*size)
		Augment{Mirror: true}.draw(dst, image, size, 1, r)
		tensor.Bytes(drawn, dst)
		switch {
		case bytes.Equal(drawn, mirrored):
			times++
		case !bytes.Equal(drawn, image):
			t.Fatalf("%v is neither the image nor its mirror image", drawn)
		}
	}
	if times < 30 || times > 70 {
		t.Errorf("%d of 100 images were mirrored", times)
	}
}

func TestTrainingLearns(t *testing.T) {
	data := strokes(300)
	var first, last Progress
	c, err := Train(context.Background(), brief, data, func(p Progress) {
		if p.Step == 1 {
			first = p
		}
		last = p
	})
	if err != nil {
		t.Fatal(err)
	}
	if last.Step != 60 || last.Of != 60 || last.Loss > first.Loss/2 {
		t.Errorf("from %+v to %+v", first, last)
	}
	r := read(t, c, data.Pixels, 2, nil)
	if got := r.Correct(data.Labels); got < 290 {
		t.Errorf("%d of 300 read right", got)
	}
}

// TestNoise trains on noise too: the classifier still reads, and tells how noisy
// images are that it has not seen.
func TestNoise(t *testing.T) {
	data, loud := strokes(300), brief
	loud.Noise, loud.Epochs = 0.4, 40
	c, err := Train(context.Background(), loud, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, c, data.Pixels, 2, nil).Correct(data.Labels); got < 290 {
		t.Errorf("%d of 300 read right", got)
	}
	p, x := c.newPass(false), make([]float32, 144)
	var square float64
	for i := range 100 {
		data.Image(x, i)
		share := loud.disturb(x, rand.New(rand.NewPCG(77, uint64(i))))
		p.forward(x)
		off := float64(p.logits.Data[3] - share)
		square += off * off / 100
	}
	// One guess for all would be off by a twelfth.
	if square > 1.0/24 {
		t.Errorf("the noise is off by %v in the mean square", square)
	}
}

func TestTrainingDependsOnSeedAlone(t *testing.T) {
	data, short := strokes(60), brief
	short.Epochs, short.Noise = 1, 0.1
	weights := func(seed uint64, workers int) []float32 {
		short.Seed, short.Workers = seed, workers
		c, err := Train(context.Background(), short, data, nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.weights.Flat
	}
	one := weights(1, 1)
	if !slices.Equal(one, weights(1, 3)) {
		t.Error("three workers train another classifier than one")
	}
	if slices.Equal(one, weights(2, 1)) {
		t.Error("two seeds train the same classifier")
	}
}

func TestTrainRefuses(t *testing.T) {
	wide := strokes(30)
	wide.Width *= 2
	for want, f := range map[string]func() error{
		"square":         func() error { _, err := Train(context.Background(), brief, wide, nil); return err },
		"from 1 to 10":   func() error { _, err := Train(context.Background(), brief, strokes(10), nil); return err },
		"halved 3 times": func() error { _, err := NewClassifier(Config{12, 1, 2, false, []int{8, 8, 8, 8}}); return err },
		"multiple of 8":  func() error { _, err := NewClassifier(Config{12, 1, 2, false, []int{12}}); return err },
		"from 2 to":      func() error { _, err := NewClassifier(Config{12, 1, 1, false, []int{8}}); return err },
		"of size 0 with": func() error { _, err := NewClassifier(Config{0, 1, 2, false, []int{8}}); return err },
		"from 0 to 2": func() error {
			loud := brief
			loud.Noise = 3
			_, err := Train(context.Background(), loud, strokes(30), nil)
			return err
		},
		"one for each le": func() error { _, err := NewClassifier(Config{12, 1, 2, false, nil}); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; wanted one with %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(ctx, brief, strokes(30), nil); err != context.Canceled {
		t.Errorf("cancelled training: %v", err)
	}
}

func TestReadingDoesNotDependOnWorkers(t *testing.T) {
	c, err := NewClassifier(Config{ImageSize: 12, Channels: 1, Classes: 3, Widths: []int{8, 16}})
	if err != nil {
		t.Fatal(err)
	}
	c.weights.Init(1)
	images := strokes(150).Pixels
	told := 0
	a, b := read(t, c, images, 1, nil), read(t, c, images, 4, func(n int) { told += n })
	if !slices.Equal(a.Features, b.Features) || !slices.Equal(a.Probabilities, b.Probabilities) || !slices.Equal(a.Class, b.Class) {
		t.Error("four workers read otherwise than one")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Read(cancelled, images, 2, nil); err != context.Canceled {
		t.Errorf("cancelled reading: %v", err)
	}
	if told != 150 {
		t.Errorf("told of %d images out of 150", told)
	}
}

func TestSaveAndOpen(t *testing.T) {
	data := strokes(60)
	short := brief
	short.Epochs, short.Noise = 1, 0.1
	c, err := Train(context.Background(), short, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	card := Card{Name: "strokes", Data: data.Name, Classes: data.Classes, Training: "{}"}
	file, err := c.Save(card)
	if err != nil {
		t.Fatal(err)
	}
	opened, got, err := OpenClassifier(file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := opened.Save(got)
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("what was opened saves as another file (%v)", err)
	}
	a, b := read(t, c, data.Pixels, 1, nil), read(t, opened, data.Pixels, 1, nil)
	for i, q := range a.Probabilities {
		if d := q - b.Probabilities[i]; d > 0.01 || d < -0.01 {
			t.Fatalf("float16 moves a probability from %g to %g", q, b.Probabilities[i])
		}
	}
	if got.Name != "strokes" || !slices.Equal(got.Classes, data.Classes) || len(got.SHA256) != 64 {
		t.Errorf("card %+v", got)
	}
}

func TestOpenClassifierRefuses(t *testing.T) {
	build := func(metadata map[string]string) []byte {
		var b checkpoint.Builder
		for k, v := range metadata {
			b.Metadata(k, v)
		}
		b.Float32("head.weight", []int{1}, []float32{1})
		file, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	for want, file := range map[string][]byte{
		"checkpoint:":           []byte("no"),
		`says format "ddpm"`:    build(map[string]string{"format": "ddpm"}),
		"the config in":         build(map[string]string{"format": fileFormat, "config": "{"}),
		"there must be from 2":  build(map[string]string{"format": fileFormat, "config": `{"image_size":4,"channels":1,"classes":0,"widths":[8]}`}),
		"levels.0.0.conv.weigh": build(map[string]string{"format": fileFormat, "config": `{"image_size":4,"channels":1,"classes":2,"widths":[8]}`}),
	} {
		if _, _, err := OpenClassifier(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; wanted one with %q", err, want)
		}
	}
}
