package sampler

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// TestWeakOrder measures the order in which the samplers that add noise reach the
// distribution of the data, of Gaussian data, without drawing anything: steps are
// linear and so is E[x_0|x_t], so that the variance of x_1 follows from the steps'
// coefficients. DDIM's error halves with twice the steps for any η, DPM-Solver++'s
// falls to a quarter.
func TestWeakOrder(t *testing.T) {
	original := schedule.Linear(20_000)
	for _, c := range []struct {
		name  string
		begin func(Options) (*Run, error)
		eta   float64
		order float64
	}{
		{"ddim", DDIM, 0, 1},
		{"ddim", DDIM, 0.5, 1},
		{"ddim", DDIM, 1, 1},
		{"dpmpp", DPMSolverPP, 0, 2},
		{"dpmpp", DPMSolverPP, 0.5, 2},
		{"dpmpp", DPMSolverPP, 1, 2},
	} {
		coarse, fine := varianceError(t, c.begin, c.eta, original, 80), varianceError(t, c.begin, c.eta, original, 320)
		order := math.Log2(math.Abs(coarse/fine)) / 2
		t.Logf("%s, η = %v: the variance is off by %.2g after 80 steps, by %.2g after 320: order %.2f", c.name, c.eta, coarse, fine, order)
		if math.Abs(order-c.order) > 0.15 {
			t.Errorf("%s, η = %v: four times the steps turn an error of %.2g into %.2g: order %.2f, want %v", c.name, c.eta, coarse, fine, order, c.order)
		}
	}
}

// varianceError is the relative error of the variance of x_1 after n steps equal in
// log-SNR, for x_0 ~ N(0, ½²) and its best predictor, from x_T ~ q(x_T).
func varianceError(t *testing.T, begin func(Options) (*Run, error), eta float64, original *schedule.Schedule, n int) float64 {
	t.Helper()
	const data = 0.5 * 0.5
	s, err := original.Spaced(schedule.LogSNR, n+1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := begin(Options{Schedule: s, Predictor: dummy, Size: 1, Classes: []int{Null}, Eta: eta})
	if err != nil {
		t.Fatal(err)
	}
	q := func(t int) float64 { return s.AlphaBar[t]*data + 1 - s.AlphaBar[t] } // variance of q(x_t)
	// Of x_t and the x̂_0 before: variances and covariance.
	x, both, before := q(s.T), 0.0, 0.0
	for at := s.T; at > 1; at-- {
		m := r.moves[at]
		expected := math.Sqrt(s.AlphaBar[at]) * data / q(at) // E[x_0|x_t] = expected·x_t
		ofX, ofBefore := float64(m.xt)+float64(m.x0)*expected, float64(m.past[0])
		next := ofX*ofX*x + 2*ofX*ofBefore*both + ofBefore*ofBefore*before + float64(m.sigma)*float64(m.sigma)
		x, both, before = next, expected*(ofX*x+ofBefore*both), expected*expected*x
	}
	return x/q(1) - 1
}
