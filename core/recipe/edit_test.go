package recipe

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/sampler"
)

// editing is one edit, with its pictures, of the small model.
type editing struct {
	name, text string
	begin      func(m *Model, r Recipe, part Part) (*sampler.Run, error)
}

func pictures() (a, b []float32, known []bool) {
	a, b, known = make([]float32, 64), make([]float32, 64), make([]bool, 64)
	for i := range a {
		a[i] = float32(math.Sin(float64(i)))
		b[i] = float32(math.Cos(float64(3 * i)))
		known[i] = i < 40
	}
	return a, b, known
}

func edits() []editing {
	a, b, known := pictures()
	return []editing{
		{"image to image", "count=5&steps=4&sampler=ddpm&start=60", func(m *Model, r Recipe, p Part) (*sampler.Run, error) {
			return m.ImageToImage(r, a, p)
		}},
		{"inpaint", "count=5&steps=5&eta=0.5&resample=2&jump=2&classes=0-2", func(m *Model, r Recipe, p Part) (*sampler.Run, error) {
			return m.Inpaint(r, a, known, p)
		}},
		{"inpaint from t", "count=5&steps=4&sampler=ddpm&start=80", func(m *Model, r Recipe, p Part) (*sampler.Run, error) {
			return m.Inpaint(r, a, known, p)
		}},
		{"interpolate", "count=5&steps=4&sampler=ddpm&start=50&classes=1", func(m *Model, r Recipe, p Part) (*sampler.Run, error) {
			return m.Interpolate(r, a, b, p)
		}},
		{"interpolate noise", "count=5&steps=4&sampler=dpmpp", func(m *Model, r Recipe, p Part) (*sampler.Run, error) {
			return m.InterpolateNoise(r, a, b, p)
		}},
		{"branch", "count=5&steps=4&sampler=ddpm&branch=50&classes=1", (*Model).Run},
	}
}

// Whatever the parts and the count, an image of an edit is the same bits.
func TestEditsDoNotDependOnTheSplit(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	for _, e := range edits() {
		draw := func(text string, p Part) []float32 {
			r, err := m.Parse(text, CountOnPage)
			if err != nil {
				t.Fatal(err)
			}
			run, err := e.begin(m, r, p)
			if err != nil {
				t.Fatalf("%s: %v", e.name, err)
			}
			for run.Next() {
			}
			return slices.Clone(run.Step().X)
		}
		whole := draw(e.text, Part{})
		var parts []float32
		for _, p := range []Part{{First: 0, N: 2, Workers: 2}, {First: 2, N: 3}} {
			parts = append(parts, draw(e.text, p)...)
		}
		if !slices.Equal(parts, whole) {
			t.Errorf("%s: two parts are other pictures than the whole", e.name)
		}
		for i := range 4 {
			if slices.Equal(whole[i*64:i*64+64], whole[i*64+64:i*64+128]) {
				t.Errorf("%s: images %d and %d are the same", e.name, i, i+1)
			}
		}
		if strings.HasPrefix(e.name, "interpolate") {
			continue // the count says how close together the images are
		}
		if more := draw(strings.Replace(e.text, "count=5", "count=9", 1), Part{}); !slices.Equal(more[:len(whole)], whole) {
			t.Errorf("%s: of nine images the first five are others than of five", e.name)
		}
	}
}

// An edit starts where its equation says.
func TestEditsStart(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	a, b, known := pictures()
	r, err := m.Parse("count=3&steps=4&start=60&seed=5", CountOnPage)
	if err != nil {
		t.Fatal(err)
	}
	run, err := m.ImageToImage(r, a, Part{})
	if err != nil {
		t.Fatal(err)
	}
	eps, want := make([]float32, 64), make([]float32, 64)
	PictureNoise(eps, 5)
	diffusion.QSample(want, a, eps, m.Chain, 60)
	if x := run.Step().X; !slices.Equal(x[:64], want) || slices.Equal(x[64:128], want) {
		t.Error("image 0 does not start from x_60 with the picture's noise, or the others do too")
	}
	run.Next()
	if got := run.Step().T; got != 60 {
		t.Errorf("the first step is from t=%d, want 60", got)
	}

	run, err = m.Interpolate(r, a, b, Part{})
	if err != nil {
		t.Fatal(err)
	}
	last := make([]float32, 64)
	diffusion.QSample(last, b, eps, m.Chain, 60)
	x := run.Step().X
	if !slices.Equal(x[:64], want) || !slices.Equal(x[128:], last) {
		t.Error("the ends of an interpolation are not the two pictures' x_60")
	}
	for i := range 64 {
		if half := (want[i] + last[i]) / 2; math.Abs(float64(x[64+i]-half)) > 1e-6 {
			t.Fatalf("halfway is %v, want %v", x[64+i], half)
		}
	}

	r.Start = 0
	if run, err = m.InterpolateNoise(r, a, b, Part{}); err != nil {
		t.Fatal(err)
	}
	sampler.Slerp(want, a, b, 0.5)
	if x := run.Step().X; !slices.Equal(x[:64], a) || !slices.Equal(x[64:128], want) || !slices.Equal(x[128:], b) {
		t.Error("an interpolation of noise does not start on the great circle")
	}

	run, err = m.Inpaint(r, a, known, Part{})
	if err != nil {
		t.Fatal(err)
	}
	for run.Next() {
	}
	for i, v := range run.Step().X {
		if known[i%64] && v != a[i%64] {
			t.Fatalf("the known value %d is %v, want %v", i, v, a[i%64])
		}
	}
}

// What a recipe makes of what Encode finds is the picture again.
func TestEncodeAndBack(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	a, b, _ := pictures()
	both := slices.Concat(a, b)
	r, err := m.Parse("count=2&steps=25&clip=0&classes=1,none&start=80", CountOnPage)
	if err != nil {
		t.Fatal(err)
	}
	e, err := m.Encode(r, both, 6, Part{})
	if err != nil {
		t.Fatal(err)
	}
	for e.Next() {
	}
	if got := e.Step().T; got != 80 {
		t.Errorf("encoding ends at t=%d, want the start, 80", got)
	}
	run, err := m.From(r, e.Step().X, Part{})
	if err != nil {
		t.Fatal(err)
	}
	for run.Next() {
	}
	for i, v := range run.Step().X {
		if math.Abs(float64(v-both[i])) > 1e-3 {
			t.Fatalf("value %d comes back as %v, was %v", i, v, both[i])
		}
	}
}

func TestEditsRefuse(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	a, b, known := pictures()
	short := a[:63]
	begin := func(text string, f func(r Recipe) error) error {
		r, err := m.Parse(text, CountOnPage)
		if err != nil {
			return err
		}
		return f(r)
	}
	for _, c := range []struct {
		text, want string
		begin      func(r Recipe) error
	}{
		{"start=101", "start is 101, but this model's chain ends at 100", func(Recipe) error { return nil }},
		{"start=9&steps=10", "steps is 10, more than there are from start=9", func(Recipe) error { return nil }},
		{"start=60&steps=5", "needs a picture", func(r Recipe) error { _, err := m.Run(r, Part{}); return err }},
		{"resample=2", "inpainting", func(r Recipe) error { _, err := m.Run(r, Part{}); return err }},
		{"steps=5", "start is missing, the t to noise a picture to: want 1 to 100", func(r Recipe) error { _, err := m.ImageToImage(r, a, Part{}); return err }},
		{"steps=5", "start is missing", func(r Recipe) error { _, err := m.Interpolate(r, a, b, Part{}); return err }},
		{"steps=5&start=60", "a picture of 63 values, this model's have 64", func(r Recipe) error { _, err := m.ImageToImage(r, short, Part{}); return err }},
		{"steps=5&start=60", "a picture of 63 values", func(r Recipe) error { _, err := m.Interpolate(r, a, short, Part{}); return err }},
		{"steps=5", "a picture of 63 values", func(r Recipe) error { _, err := m.InterpolateNoise(r, short, b, Part{}); return err }},
		{"steps=5", "a mask of 63 values", func(r Recipe) error { _, err := m.Inpaint(r, a, known[:63], Part{}); return err }},
		{"steps=5&sampler=dpmpp", `sampler is "dpmpp", which remembers steps`, func(r Recipe) error { _, err := m.Inpaint(r, a, known, Part{}); return err }},
		{"steps=5&resample=2&jump=5", "a jump of 5 steps, want 1 to 4", func(r Recipe) error { _, err := m.Inpaint(r, a, known, Part{}); return err }},
		{"steps=5&eta=0.1&count=1", "cannot be run backwards", func(r Recipe) error { _, err := m.Encode(r, a, 0, Part{}); return err }},
		{"steps=5&count=2", "pictures of 64 values, want 128", func(r Recipe) error { _, err := m.Encode(r, a, 0, Part{}); return err }},
		{"steps=5&branch=100&eta=1&count=2", "", func(r Recipe) error { _, err := m.Run(r, Part{}); return err }},
		{"steps=5&branch=39&eta=1", "branches at t=39, want 40 to 100", func(r Recipe) error { _, err := m.Run(r, Part{}); return err }},
	} {
		err := begin(c.text, c.begin)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: error %v, want one with %q", c.text, err, c.want)
		}
	}
}
