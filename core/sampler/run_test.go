package sampler

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

func TestSplit(t *testing.T) {
	classes := []int{4, Null, 0, 9, 9, Null, Null, 2}
	for _, c := range samplers {
		for _, w := range []float64{0, 1, 2.5} {
			o := c.o
			o.Schedule = respaced(t, schedule.Linear(1000), 10)
			o.Predictor, o.Size, o.Seed, o.First, o.Classes, o.Guidance, o.Clip = dummy, 7, 1<<40, 100, classes, w, true
			whole := last(t, c.begin, o)
			for _, cut := range []int{1, 3, 7} {
				left, right := o, o
				left.Classes = classes[:cut]
				right.Classes, right.First = classes[cut:], o.First+cut
				if got := append(last(t, c.begin, left), last(t, c.begin, right)...); !slices.Equal(got, whole) {
					t.Errorf("%s, w=%v: a batch of 8 differs from %d and %d", c.name, w, cut, 8-cut)
				}
			}
		}
	}
}

// last returns the images at a run's end.
func last(tb testing.TB, begin func(Options) (*Run, error), o Options) []float32 {
	tb.Helper()
	r, err := begin(o)
	if err != nil {
		tb.Fatal(err)
	}
	for r.Next() {
	}
	return slices.Clone(r.Step().X)
}

// recorder notes what a Predictor is asked.
type recorder struct {
	t       []int
	classes [][]int
}

func (r *recorder) PredictEps(eps, xt []float32, t int, classes []int) {
	r.t = append(r.t, t)
	r.classes = append(r.classes, slices.Clone(classes))
	dummy.PredictEps(eps, xt, t, classes)
}

func TestEvaluations(t *testing.T) {
	for _, c := range []struct {
		w       float64
		classes []int
		want    [][]int // a step
	}{
		{0, []int{3, Null}, [][]int{{Null, Null}}},
		{1, []int{3, Null}, [][]int{{3, Null}}},
		{2, []int{Null, Null}, [][]int{{Null, Null}}},
		{2, []int{3, Null}, [][]int{{3, Null}, {Null, Null}}},
		{-1, []int{3}, [][]int{{3}, {Null}}},
	} {
		rec := &recorder{}
		r, err := DDIM(Options{Schedule: respaced(t, schedule.Linear(1000), 4), Predictor: rec, Size: 2,
			Classes: c.classes, Guidance: c.w})
		if err != nil {
			t.Fatal(err)
		}
		c.classes[0] = 77 // the run has its own copy
		for step := range r.Steps() {
			if got := rec.classes; !slices.EqualFunc(got, c.want, slices.Equal) {
				t.Errorf("w=%v, step %d: the network was asked for %v, want %v", c.w, step.Index, got, c.want)
			}
			for _, asked := range rec.t {
				if want := []int{1000, 750, 500, 250}[step.Index-1]; asked != want || step.T != want {
					t.Errorf("step %d is t=%d and asks for t=%d, want %d", step.Index, step.T, asked, want)
				}
			}
			rec.t, rec.classes = nil, nil
		}
	}
}

// counter counts the images that a Predictor is asked for.
type counter struct{ images int }

func (c *counter) PredictEps(eps, xt []float32, t int, classes []int) {
	c.images += len(classes)
	dummy.PredictEps(eps, xt, t, classes)
}

// TestWork: a step evaluates the network once for each image, twice with guidance,
// at every t: its cost is linear in the batch and flat in t.
func TestWork(t *testing.T) {
	for _, c := range samplers {
		for _, guidance := range []float64{1, 3} {
			for _, batch := range []int{1, 2, 7} {
				for _, steps := range []int{1, 50} {
					asked := &counter{}
					o := c.o
					o.Schedule, o.Predictor, o.Size = respaced(t, schedule.Linear(1000), steps), asked, 2
					o.Classes, o.Guidance = make([]int, batch), guidance
					r, err := c.begin(o)
					if err != nil {
						t.Fatal(err)
					}
					want := batch
					if guidance != 1 {
						want = 2 * batch
					}
					for s := range r.Steps() {
						if asked.images != want {
							t.Fatalf("%s, guidance %v, %d images: t=%d evaluates the network %d times, want %d",
								c.name, guidance, batch, s.T, asked.images, want)
						}
						asked.images = 0
					}
				}
			}
		}
	}
}

// Guidance that acts at some t costs a second evaluation there alone, and the rest
// of the way is that of plain sampling.
func TestInterval(t *testing.T) {
	for _, c := range samplers {
		asked := &counter{}
		o := c.o
		o.Schedule, o.Predictor, o.Size = respaced(t, schedule.Linear(1000), 10), asked, 4
		o.Classes, o.Guidance, o.Interval = []int{1, 2}, 3, Interval{300, 600}
		guided, err := c.begin(o)
		if err != nil {
			t.Fatal(err)
		}
		o.Guidance, o.Predictor = 1, &counter{}
		plain, err := c.begin(o)
		if err != nil {
			t.Fatal(err)
		}
		for s := range guided.Steps() {
			plain.Next()
			want := 2
			if s.T >= 300 && s.T <= 600 {
				want = 4
			}
			if asked.images != want {
				t.Errorf("%s: t=%d evaluates the network %d times, want %d", c.name, s.T, asked.images, want)
			}
			asked.images = 0
			if s.T > 600 && !slices.Equal(s.X, plain.Step().X) {
				t.Errorf("%s: at t=%d guidance acts, and should from 600 on", c.name, s.T)
			}
		}
		if slices.Equal(guided.Step().X, plain.Step().X) {
			t.Errorf("%s: guidance has no effect", c.name)
		}
	}
}

func TestSteps(t *testing.T) {
	o := Options{Schedule: respaced(t, schedule.Linear(1000), 4), Predictor: dummy, Size: 6, Seed: 8, First: 2,
		Classes: []int{1}, Guidance: 1, Clip: true}
	r, err := DDPM(o)
	if err != nil {
		t.Fatal(err)
	}
	xT := make([]float32, 6)
	noise.Normal(xT, 8, noise.Initial, 2, 0)
	if s := r.Step(); s.Index != 0 || s.Of != 4 || s.T != 0 || !slices.Equal(s.X, xT) {
		t.Errorf("before the first step there is %+v, want x_T", s)
	}
	for s := range r.Steps() {
		if s.Index == 2 {
			break
		}
	}
	if s := r.Step(); s.Index != 2 || s.T != 750 {
		t.Errorf("after leaving at step 2, the run stands at step %d, t=%d", s.Index, s.T)
	}
	var rest []int
	for s := range r.Steps() {
		rest = append(rest, s.Index)
		for i, v := range s.X0 {
			if v < -1 || v > 1 {
				t.Errorf("x̂_0 is %v in step %d, want it clipped", v, s.Index)
			}
			if s.Index == s.Of && s.X[i] != v {
				t.Errorf("the last x is %v, want x̂_0, %v", s.X[i], v)
			}
		}
	}
	if !slices.Equal(rest, []int{3, 4}) || r.Next() {
		t.Errorf("going on took steps %v, want 3 and 4 and no more", rest)
	}
	if got := last(t, DDPM, o); !slices.Equal(got, r.Step().X) {
		t.Error("a run that was left and taken up again ends elsewhere")
	}
}

func TestAllocates(t *testing.T) {
	for _, c := range samplers {
		o := c.o
		o.Schedule, o.Predictor, o.Size, o.Classes, o.Guidance = schedule.Linear(1000), dummy, 30, []int{1, 2}, 2
		r, err := c.begin(o)
		if err != nil {
			t.Fatal(err)
		}
		var sum float32
		if n := testing.AllocsPerRun(50, func() {
			r.Next()
			sum += r.Step().X[0]
		}); n != 0 {
			t.Errorf("%s allocates %v times a step", c.name, n)
		}
		if n := testing.AllocsPerRun(1, func() {
			for s := range r.Steps() {
				sum += s.X[0]
			}
		}); n != 0 {
			t.Errorf("%s: Steps allocates %v times", c.name, n)
		}
	}
}

func TestErrors(t *testing.T) {
	good := Options{Schedule: schedule.Cosine(10), Predictor: dummy, Size: 1, Classes: []int{0}, Guidance: 1}
	for _, c := range []struct {
		name string
		set  func(*Options)
		want string // "" for none
	}{
		{"good", func(*Options) {}, ""},
		{"last index", func(o *Options) { o.First = math.MaxUint32 }, ""},
		{"schedule", func(o *Options) { o.Schedule = nil }, "no schedule"},
		{"predictor", func(o *Options) { o.Predictor = nil }, "no predictor"},
		{"size", func(o *Options) { o.Size = 0 }, "0 values"},
		{"no images", func(o *Options) { o.Classes = nil }, "no images"},
		{"too large", func(o *Options) { o.Size = math.MaxInt; o.Classes = []int{0, 0} }, "too many"},
		{"first", func(o *Options) { o.First = -1 }, "index is -1"},
		{"index", func(o *Options) { o.First = math.MaxUint32 + 1 }, "below 2^32"},
		{"far index", func(o *Options) { o.First = math.MaxInt }, "below 2^32"},
		{"class", func(o *Options) { o.Classes = []int{0, -2} }, "image 1 has class -2"},
		{"guidance", func(o *Options) { o.Guidance = math.NaN() }, "not a finite"},
		{"infinite guidance", func(o *Options) { o.Guidance = math.Inf(-1) }, "not a finite"},
		{"interval", func(o *Options) { o.Interval = Interval{5, 4} }, "begins after its end"},
		{"interval from 0", func(o *Options) { o.Interval = Interval{0, 4} }, "before t = 1"},
		{"eta", func(o *Options) { o.Eta = 1.5 }, "eta is 1.5"},
		{"eta NaN", func(o *Options) { o.Eta = math.NaN() }, "eta is NaN"},
		{"start", func(o *Options) { o.Start = []float32{1, 2} }, "a start of 2 values, want 1"},
		{"branch", func(o *Options) { o.Branch = &Branch{T: 5} }, ""},
		{"early branch", func(o *Options) { o.Branch = &Branch{T: 11} }, "branches at t=11, want 2 to 10"},
		{"late branch", func(o *Options) { o.Branch = &Branch{T: 1} }, "branches at t=1, want 2 to 10"},
		{"branch of one step", func(o *Options) { o.Schedule = schedule.Cosine(1); o.Branch = &Branch{T: 1} }, "two steps at least"},
		{"branch's class", func(o *Options) { o.Branch = &Branch{T: 5, Class: -2} }, "branches' class is -2"},
		{"branch of a start", func(o *Options) { o.Branch = &Branch{T: 5}; o.Start = []float32{1} }, "starts from noise"},
		{"picture", func(o *Options) { o.Inpaint = &Inpainting{Resample: 1} }, "a picture of 0 values and a mask of 0, want 1"},
		{"resample", func(o *Options) { o.Inpaint = &Inpainting{Picture: []float32{0}, Known: []bool{true}} }, "resample is 0, want 1 to 1000"},
		{"jump", func(o *Options) { o.Inpaint = &Inpainting{[]float32{0}, []bool{true}, 10, 2} }, "a jump of 10 steps, want 1 to 9"},
		{"variance", func(o *Options) { o.Variance = 7 }, "the variance is 7, want 0"},
	} {
		o := good
		c.set(&o)
		_, err := DDPM(o)
		_, other := DDIM(o)
		if err == nil {
			err = other
		}
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: unexpected error %q", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got error %v, want one with %q", c.name, err, c.want)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	o := Options{Schedule: schedule.Linear(1000), Predictor: still{}, Size: 784, Classes: make([]int, 16), Guidance: 1, Clip: true}
	for b.Loop() {
		r, err := DDPM(o)
		if err != nil {
			b.Fatal(err)
		}
		for range 100 {
			r.Next()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(100*784*16), "ns/value")
}

// still is a Predictor that costs nothing.
type still struct{}

func (still) PredictEps([]float32, []float32, int, []int) {}
