package sampler

import (
	"slices"
	"testing"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// Guidance inside of the predictor draws the same bits as guidance in the options, and
// leaves the options as they were.
func TestGuided(t *testing.T) {
	for _, weight := range []float64{0, 1, 2.5} {
		o := Options{
			Schedule: respaced(t, schedule.Cosine(1000), 10), Predictor: dummy, Size: 7, Seed: 3, Clip: true,
			Classes: []int{2, Null, 0}, Guidance: weight, Interval: Interval{1, 600},
		}
		finish := func(o Options) []float32 {
			r, err := DDPM(o)
			if err != nil {
				t.Fatal(err)
			}
			for r.Next() {
			}
			return r.Step().X
		}
		inside := o.Guided()
		if inside.Guidance != 1 || !slices.Equal(o.Classes, []int{2, Null, 0}) {
			t.Errorf("guidance %v: %v is left outside, and the classes are %v", weight, inside.Guidance, o.Classes)
		}
		if !slices.Equal(finish(o), finish(inside)) {
			t.Errorf("guidance %v draws something else inside of the predictor", weight)
		}
	}
}
