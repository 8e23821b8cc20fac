package schedule

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// Every spacing takes as many steps as it is asked for, rising to T.
func TestSpaced(t *testing.T) {
	for _, s := range []*Schedule{Linear(100), Cosine(100), Cosine(1)} {
		for _, p := range []Spacing{Uniform, Quadratic, LogSNR, Uniform.To(30), Quadratic.To(30), LogSNR.To(30)} {
			for n := 1; n <= s.T; n++ {
				r, err := s.Spaced(p, n)
				if err != nil {
					t.Fatal(err)
				}
				if r.T != n || r.Step[n] != s.T {
					t.Fatalf("%d %v steps of %d are %v", n, p, s.T, r.Step)
				}
			}
			for _, n := range []int{0, -1, s.T + 1} {
				if _, err := s.Spaced(p, n); err == nil || !strings.Contains(err.Error(), "steps of a chain of") {
					t.Errorf("%d %v steps of %d: error %v", n, p, s.T, err)
				}
			}
		}
	}
}

func TestSpacings(t *testing.T) {
	linear, cosine := Linear(1000), Cosine(1000)
	for _, c := range []struct {
		s    *Schedule
		p    Spacing
		want []int
	}{
		{linear, Uniform, []int{200, 400, 600, 800, 1000}},
		{linear, Quadratic, []int{40, 160, 360, 640, 1000}},
		{linear, LogSNR, []int{1, 31, 303, 723, 1000}},
		{cosine, LogSNR, []int{1, 162, 944, 999, 1000}},
		{linear, Uniform.To(100), []int{100, 325, 550, 775, 1000}},
		{linear, Quadratic.To(100), []int{100, 156, 325, 606, 1000}},
		{linear, LogSNR.To(31), []int{31, 303, 722, 1000}},
		{linear, Uniform.To(100), []int{1000}},
		{linear, Uniform.To(1000), []int{500, 1000}},
	} {
		r, err := c.s.Spaced(c.p, len(c.want))
		if err != nil || !slices.Equal(r.Step[1:], c.want) {
			t.Errorf("%v: steps %v, %v; want %v", c.p, r.Step[1:], err, c.want)
		}
	}
}

// Where no two steps fall together, none could be nearer to its place in
// log-SNR.
func TestLogSNRIsNearest(t *testing.T) {
	for _, s := range []*Schedule{Linear(1000), Cosine(1000)} {
		const n = 9
		r, err := s.Spaced(LogSNR, n)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < n; i++ {
			want := s.LogSNR(1) + (s.LogSNR(s.T)-s.LogSNR(1))*float64(i-1)/(n-1)
			if r.Step[i] == r.Step[i-1]+1 || r.Step[i] == r.Step[i+1]-1 { // one may have made way for the other
				continue
			}
			for at := 1; at <= s.T; at++ {
				if math.Abs(s.LogSNR(at)-want) < math.Abs(r.LogSNR(i)-want)-1e-5 {
					t.Fatalf("step %d of %d is t=%d, but t=%d is nearer", i, n, r.Step[i], at)
				}
			}
		}
	}
}

func TestUntil(t *testing.T) {
	s, err := Cosine(100).Respace(10)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Until(4)
	if err != nil || !slices.Equal(r.Step[1:], []int{10, 20, 30, 40}) || !slices.Equal(r.Beta, s.Beta[:5]) ||
		!slices.Equal(r.PosteriorVariance, s.PosteriorVariance[:5]) {
		t.Errorf("the first four steps are %+v, %v", r, err)
	}
	for _, n := range []int{0, 11} {
		if _, err := s.Until(n); err == nil || !strings.Contains(err.Error(), "want 1 to 10") {
			t.Errorf("until %d: error %v", n, err)
		}
	}
}

func TestSpacingNames(t *testing.T) {
	for _, p := range []Spacing{Uniform, Quadratic, LogSNR, Uniform.To(100), LogSNR.To(1)} {
		if got, err := ParseSpacing(p.String()); err != nil || got != p {
			t.Errorf("%v becomes %v, %v", p, got, err)
		}
	}
	if _, err := ParseSpacing("cubic"); err == nil || !strings.Contains(err.Error(), `"cubic", want uniform, quadratic, logsnr`) {
		t.Errorf("the error is %v", err)
	}
	for _, name := range []string{"uniform:", "uniform:0", "uniform:-1", "uniform:0100", "uniform:+1", "uniform:1.5", "uniform:100:2"} {
		if _, err := ParseSpacing(name); err == nil || !strings.Contains(err.Error(), "like uniform:100") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
