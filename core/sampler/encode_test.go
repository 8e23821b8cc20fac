package sampler

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// TestEncodeOrder encodes values of a mixture and draws from what comes out: each
// refinement raises the order of the error by one.
func TestEncodeOrder(t *testing.T) {
	original := schedule.Cosine(10_000)
	for refine, want := range []float64{1, 2, 3} {
		coarse, fine := roundTrip(t, original, 20, refine), roundTrip(t, original, 80, refine)
		order := math.Log2(coarse/fine) / 2
		t.Logf("refined %d times: %.2g after 20 steps, %.2g after 80: order %.2f", refine, coarse, fine, order)
		if order < want-0.3 || order > want+0.6 {
			t.Errorf("refined %d times, four times the steps turn an error of %.2g into %.2g: order %.2f, want %v",
				refine, coarse, fine, order, want)
		}
	}
	if got := roundTrip(t, original, 20, 30); got > 2e-5 {
		t.Errorf("iterated to the end, the error is %v, want that of float32", got)
	}
}

// roundTrip encodes up to 0.9·T and returns the largest error after sampling.
func roundTrip(t *testing.T, original *schedule.Schedule, n, refine int) float64 {
	t.Helper()
	s, err := original.Until(original.T * 9 / 10)
	if err != nil {
		t.Fatal(err)
	}
	s = respaced(t, s, n)
	x0 := []float32{-1, -0.9, -0.6, -0.2, 0, 0.1, 0.3, 0.5, 0.77, 1}
	o := Options{Schedule: s, Predictor: optimal(&hills, original), Size: len(x0), Classes: []int{Null}}
	e, err := Encode(o, x0, refine)
	if err != nil {
		t.Fatal(err)
	}
	for e.Next() {
	}
	o.Start = e.Step().X
	most := 0.0
	for i, x := range last(t, DDIM, o) {
		most = max(most, math.Abs(float64(x-x0[i])))
	}
	return most
}

// Data that is N(0, 1) turns by angles that add up: v is 0, and one iteration is
// exact.
func TestEncodeRotation(t *testing.T) {
	original := schedule.Cosine(1000)
	s := respaced(t, original, 10)
	x0 := make([]float32, 60)
	noise.Normal(x0, 1, noise.Initial, 0, 0)
	e, err := Encode(Options{Schedule: s, Predictor: gaussian(original, 0, 1), Size: 20, Classes: []int{Null, Null, Null}}, x0, 0)
	if err != nil {
		t.Fatal(err)
	}
	grown := 1.0
	if first := e.Step(); first.Index != 0 || first.T != 0 || !slices.Equal(first.X, x0) {
		t.Errorf("before the first step there is %+v, want x_0", first)
	}
	for step := range e.Steps() {
		i := step.Index
		grown /= math.Cos(math.Acos(math.Sqrt(s.AlphaBar[i])) - math.Acos(math.Sqrt(s.AlphaBar[i-1])))
		if step.T != s.Step[i] || step.Of != 10 {
			t.Fatalf("step %d of %d is at t=%d", i, step.Of, step.T)
		}
		for j, x := range step.X {
			if want := grown * float64(x0[j]); math.Abs(float64(x)-want) > 1e-3 {
				t.Fatalf("value %d after step %d is %v, want %v", j, i, x, want)
			}
		}
	}
}

func TestEncodeSplitsAndAllocates(t *testing.T) {
	classes := []int{4, Null, 0, 9}
	o := Options{Schedule: respaced(t, schedule.Linear(1000), 60), Predictor: dummy, Size: 7, Classes: classes, Guidance: 2.5}
	x0 := make([]float32, 28)
	noise.Normal(x0, 1, noise.Initial, 0, 0)
	whole, err := Encode(o, x0, 2)
	if err != nil {
		t.Fatal(err)
	}
	parts := [2]*Encoding{}
	for i := range parts {
		part := o
		part.Classes = classes[2*i : 2*i+2]
		if parts[i], err = Encode(part, x0[14*i:14*i+14], 2); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(20, func() { whole.Next(); parts[0].Next(); parts[1].Next() }); n != 0 {
		t.Errorf("encoding allocates %v times a step", n)
	}
	if got := append(slices.Clone(parts[0].Step().X), parts[1].Step().X...); !slices.Equal(got, whole.Step().X) {
		t.Error("two halves of a batch are encoded to something else than the whole")
	}
}

func TestEncodeErrors(t *testing.T) {
	good := Options{Schedule: schedule.Cosine(10), Predictor: dummy, Size: 2, Classes: []int{0}}
	bad := good
	bad.Size = 0
	for _, c := range []struct {
		o      Options
		n      int
		refine int
		want   string
	}{
		{bad, 2, 0, "0 values"},
		{good, 3, 0, "pictures of 3 values, want 2"},
		{good, 2, -1, "-1 refinements, want 0 to 100"},
		{good, 2, 101, "101 refinements"},
	} {
		if _, err := Encode(c.o, make([]float32, c.n), c.refine); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}
