package sampler

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// A run that starts from the x_t of another, with the steps that are left, ends
// like the other, to the bit.
func TestStart(t *testing.T) {
	s := respaced(t, schedule.Cosine(1000), 10)
	short, err := s.Until(6)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range samplers {
		if strings.HasPrefix(c.name, "dpmpp") || c.name == "unipc" {
			continue // they remember steps
		}
		o := c.o
		o.Schedule, o.Predictor, o.Size, o.Seed, o.Classes, o.Guidance = s, dummy, 9, 4, []int{2, Null}, 1
		whole, err := c.begin(o)
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			whole.Next()
		}
		o.Schedule, o.Start = short, slices.Clone(whole.Step().X)
		got := last(t, c.begin, o)
		for whole.Next() {
		}
		if !slices.Equal(got, whole.Step().X) {
			t.Errorf("%s: started at t=600, a run ends elsewhere", c.name)
		}
	}
}

// Until they part the images are one; without noise after that, only their class
// can make a difference.
func TestBranch(t *testing.T) {
	const size, at = 9, 600
	for _, c := range samplers {
		classes := []int{2, 2, 2, 2}
		if c.name == "ddim 0" || c.name == "dpmpp 0" || c.name == "unipc" {
			classes = []int{2, 3, Null, 4}
		}
		o := c.o
		o.Schedule, o.Predictor, o.Size, o.Seed, o.Guidance = respaced(t, schedule.Cosine(1000), 10), dummy, size, 4, 2
		o.Classes = classes
		plain := last(t, c.begin, o)
		o.Branch = &Branch{T: at, Class: 2}
		r, err := c.begin(o)
		if err != nil {
			t.Fatal(err)
		}
		for step := range r.Steps() {
			first := step.X[:size]
			for i := 1; i < 4; i++ {
				if same := slices.Equal(step.X[i*size:(i+1)*size], first); same != (step.T > at) {
					t.Errorf("%s: after the step from t=%d, image %d is the first: %v", c.name, step.T, i, same)
				}
			}
		}
		whole := slices.Clone(r.Step().X)
		if !slices.Equal(whole[:size], plain[:size]) {
			t.Errorf("%s: image 0 is not what it is without branches", c.name)
		}
		part := o
		part.First, part.Classes = 2, classes[2:]
		if got := last(t, c.begin, part); !slices.Equal(got, whole[2*size:]) {
			t.Errorf("%s: two of the branches alone are others than in the whole", c.name)
		}
	}
}

func TestSameNoise(t *testing.T) {
	o := Options{Schedule: respaced(t, schedule.Linear(1000), 10), Predictor: dummy, Size: 5, Seed: 1, Classes: []int{3, 3, 1}, Guidance: 1}
	alone := last(t, DDPM, o)
	o.SameNoise, o.First = true, 7
	got := last(t, DDPM, o)
	if !slices.Equal(got[:5], alone[:5]) || !slices.Equal(got[5:10], alone[:5]) || slices.Equal(got[10:], alone[:5]) {
		t.Error("images of one class with the same noise differ, or those of another do not")
	}
}

// The way that RePaint walks, by its code's get_schedule_jump.
func TestInpaintingPath(t *testing.T) {
	for _, c := range []struct {
		p    *Inpainting
		T    int
		want []int
	}{
		{nil, 3, []int{3, 2, 1}},
		{&Inpainting{Resample: 1, Jump: 2}, 3, []int{3, 2, 1}},
		{&Inpainting{Resample: 2, Jump: 1}, 3, []int{3, 3, 2, 2, 1}},
		{&Inpainting{Resample: 3, Jump: 2}, 5, []int{5, 4, 5, 4, 5, 4, 3, 2, 3, 2, 3, 2, 1}},
		{&Inpainting{Resample: 2, Jump: 4}, 5, []int{5, 4, 3, 2, 5, 4, 3, 2, 1}},
	} {
		if got := c.p.path(c.T); !slices.Equal(got, c.want) {
			t.Errorf("%+v from %d: %v, want %v", c.p, c.T, got, c.want)
		}
	}
}

// TestInpaint checks that the known values are the picture's to the bit, that
// the rest is drawn, and that the split of a batch does not show.
func TestInpaint(t *testing.T) {
	const size = 12
	picture := make([]float32, size)
	noise.Normal(picture, 3, noise.Initial, 0, 0)
	known := make([]bool, size)
	for i := range known {
		known[i] = i%3 != 0
	}
	for _, c := range samplers {
		o := c.o
		o.Schedule, o.Predictor, o.Size, o.Seed, o.Guidance, o.Clip = respaced(t, schedule.Cosine(1000), 20), dummy, size, 4, 1, true
		o.Classes = []int{1, 1, 0}
		o.Inpaint = &Inpainting{Picture: picture, Known: known, Jump: 4, Resample: 3}
		r, err := c.begin(o)
		if strings.HasPrefix(c.name, "dpmpp") || c.name == "unipc" {
			if err == nil {
				t.Errorf("%s inpaints", c.name)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		r.Next()
		if n := testing.AllocsPerRun(20, func() { r.Next() }); n != 0 {
			t.Errorf("%s: inpainting allocates %v times a step", c.name, n)
		}
		for r.Next() {
		}
		if s := r.Step(); s.Index != s.Of || s.Of != 20+2*4*4 {
			t.Errorf("%s: %d steps of %d, want %d", c.name, s.Index, s.Of, 20+2*4*4)
		}
		x := slices.Clone(r.Step().X)
		for i, v := range x {
			if got := v == picture[i%size]; got != known[i%size] {
				t.Errorf("%s: value %d is %v, the picture's is %v, known %v", c.name, i, v, picture[i%size], known[i%size])
			}
		}
		part := o
		part.First, part.Classes = 1, o.Classes[1:]
		if got := last(t, c.begin, part); !slices.Equal(got, x[size:]) {
			t.Errorf("%s: two images alone are others than in the whole", c.name)
		}
	}
}

// Along the way the known values are draws from q(x_t|x_0): their noise is
// standard normal at every step, and new each time.
func TestInpaintKnownNoise(t *testing.T) {
	const size = 4000
	s := respaced(t, schedule.Cosine(1000), 6)
	picture, known := make([]float32, size), make([]bool, size)
	for i := range known {
		picture[i], known[i] = 0.5, true
	}
	r, err := DDPM(Options{Schedule: s, Predictor: still{}, Size: size, Seed: 4, Classes: []int{Null},
		Inpaint: &Inpainting{Picture: picture, Known: known, Jump: 2, Resample: 3}})
	if err != nil {
		t.Fatal(err)
	}
	var before []float32
	for step := range r.Steps() {
		at := r.at
		if at == 0 {
			continue
		}
		eps := slices.Clone(step.X)
		diffusion.EpsFromX0(eps, step.X, picture, s, at)
		mean, variance := moments(eps)
		if math.Abs(mean) > 5/math.Sqrt(size) || math.Abs(variance-1) > 5*math.Sqrt(2./size) {
			t.Errorf("step %d: the known values' noise has mean %v and variance %v", step.Index, mean, variance)
		}
		if before != nil {
			var product float64
			for i := range eps {
				product += float64(eps[i]) * float64(before[i])
			}
			if math.Abs(product) > 5*math.Sqrt(size) {
				t.Errorf("step %d: the known values' noise is that of the step before, %v", step.Index, product/size)
			}
		}
		before = eps
	}
}

// Resampling is what makes the drawn part fit the known one: of data at two
// points the known half says which, and the other half has to follow.
func TestInpaintingFits(t *testing.T) {
	const pairs = 300
	original := schedule.Cosine(1000)
	points := diffusion.Mixture[float32]{Means: [][]float32{{0.7, 0.7, 0.7, 0.7}, {-0.7, -0.7, -0.7, -0.7}}, Spread: 0.1}
	fits := func(resample int) (share float64) {
		r, err := DDPM(Options{Schedule: respaced(t, original, 10), Predictor: mixture{&points, original}, Size: 4, Seed: 4,
			Classes: make([]int, pairs), Variance: diffusion.BetaTilde,
			Inpaint: &Inpainting{Picture: []float32{0.7, 0, 0, 0}, Known: []bool{true, false, false, false}, Jump: 3, Resample: resample}})
		if err != nil {
			t.Fatal(err)
		}
		for r.Next() {
		}
		x := r.Step().X
		for i := range pairs {
			if math.Abs(float64(x[4*i+1])-0.7) < 0.5 {
				share += 1. / pairs
			}
		}
		return share
	}
	once, often := fits(1), fits(10)
	t.Logf("%.3f of the drawn halves fit after one walk, %.3f after ten", once, often)
	if often < 0.88 || once > 0.8 {
		t.Errorf("%.3f of the drawn halves fit after one walk, %.3f after ten", once, often)
	}
}

// mixture is the best predictor there is for data of a mixture of images.
type mixture struct {
	*diffusion.Mixture[float32]
	original *schedule.Schedule
}

func (m mixture) PredictEps(eps, xt []float32, t int, classes []int) {
	size := len(xt) / len(classes)
	for i := 0; i < len(xt); i += size {
		m.Eps(eps[i:i+size], xt[i:i+size], m.original, t)
	}
}

func TestSlerp(t *testing.T) {
	const n = 5000
	a, b, got := make([]float32, n), make([]float32, n), make([]float32, n)
	noise.Normal(a, 1, noise.Initial, 0, 0)
	noise.Normal(b, 1, noise.Initial, 1, 0)
	length := func(x []float32) (sum float64) {
		for _, v := range x {
			sum += float64(v) * float64(v)
		}
		return math.Sqrt(sum)
	}
	for _, w := range []float64{0.1, 0.5, 0.75} {
		Slerp(got, a, b, w)
		if want := (1-w)*length(a) + w*length(b); math.Abs(length(got)-want) > 0.01*want {
			t.Errorf("at %v the length is %v, want about %v", w, length(got), want)
		}
		Lerp(got, a, b, w)
		if want := math.Sqrt(w*w + (1-w)*(1-w)); math.Abs(length(got)/length(a)-want) > 0.03 {
			t.Errorf("at %v of a straight line the length is %v of the ends', want about %v", w, length(got)/length(a), want)
		}
	}
	for w, want := range map[float64][]float32{0: a, 1: b} {
		if Slerp(got, a, b, w); !slices.Equal(got, want) {
			t.Errorf("the end at %v is not exact", w)
		}
		if Lerp(got, a, b, w); !slices.Equal(got, want) {
			t.Errorf("the straight line's end at %v is not exact", w)
		}
	}
	for _, c := range []struct{ a, b, want []float32 }{
		{[]float32{1, 0}, []float32{0, 1}, []float32{math.Sqrt2 / 2, math.Sqrt2 / 2}},
		{[]float32{2, 0}, []float32{4, 0}, []float32{3, 0}},
		{[]float32{1, 0}, []float32{-1, 0}, []float32{0, 0}},
		{[]float32{0, 0}, []float32{2, 2}, []float32{1, 1}},
	} {
		got := make([]float32, 2)
		Slerp(got, c.a, c.b, 0.5)
		for i := range got {
			if math.Abs(float64(got[i]-c.want[i])) > 1e-6 {
				t.Errorf("between %v and %v is %v, want %v", c.a, c.b, got, c.want)
			}
		}
	}
}
