package evaluate

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
)

// The comparison, with both ends known: just after t = 1 there is no doubt which
// image x_t is of, at T it could be any.
func TestPosterior(t *testing.T) {
	const images = 6
	m, d := boundModel(t, images)
	s := m.Chain
	o := PosteriorOptions{Count: 5, Times: []int{2, 20, s.T}, Variance: diffusion.BetaTilde, Seed: 4, Workers: 2}
	r, err := Posterior(context.Background(), m, d, o, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if r.Images != images || len(r.Rows) != 3 {
		t.Fatalf("%+v", r)
	}
	if first, last := r.Rows[0].Candidates.Value, r.Rows[2].Candidates.Value; first > 1.01 || last < images-0.5 || last > images+1e-9 {
		t.Errorf("x_2 may be of %v images, x_T of %v, want 1 and %d", first, last, images)
	}
	for _, row := range r.Rows {
		// For the same σ² two p_θ differ by the distance of their means, eq. 12.
		at := row.T
		weight := s.Beta[at] * s.Beta[at] / (2 * s.PosteriorVariance[at] * s.Alpha[at] * (1 - s.AlphaBar[at]))
		want := weight * row.Off.Value / math.Ln2
		if got := row.Network.Value - row.Best.Value; math.Abs(got-want) > 1e-4*want {
			t.Errorf("t=%d: the network loses %v bits/dim more than the best does, want %v", at, got, want)
		}
		if !(row.Off.Value > 0) || row.Best.Value < -4.5*row.Best.Error-1e-6 {
			t.Errorf("t=%d: %+v", at, row)
		}
		// What is left is the mutual information of x_{t−1} and x_0: not negative,
		// and nothing where x_t already tells x_0.
		rest, error := row.Term.Value-row.Network.Value, math.Hypot(row.Term.Error, row.Network.Error)
		if rest < -4.5*error || at == 2 && math.Abs(rest) > 1e-3*row.Term.Value {
			t.Errorf("t=%d: the term is %v, the network's part %v", at, row.Term, row.Network)
		}
	}
	if text := r.Text(); strings.Count(text, "\n") != 6 || !strings.Contains(text, "of 6 images") {
		t.Errorf("the text is\n%s", text)
	}
	o.Workers = 1
	alone, err := Posterior(context.Background(), m, d, o, func(int) {})
	if err != nil || alone.Rows[1] != r.Rows[1] {
		t.Errorf("one worker gives %+v, two %+v; %v", alone, r, err)
	}
}

func TestPosteriorRefuses(t *testing.T) {
	m, d := boundModel(t, 4)
	wide := *d
	wide.Width = 5
	for _, c := range []struct {
		o    PosteriorOptions
		want string
	}{
		{PosteriorOptions{Count: 1}, "1 images to draw x_t from, want 2 to 4"},
		{PosteriorOptions{Count: 5}, "5 images to draw x_t from, want 2 to 4"},
		{PosteriorOptions{Count: 2, Times: []int{1}}, "t = 1, want 2 to 40"},
		{PosteriorOptions{Count: 2, Times: []int{41}}, "t = 41, want 2 to 40"},
	} {
		if _, err := Posterior(context.Background(), m, d, c.o, func(int) {}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v, want %q", err, c.want)
		}
	}
	if _, err := Posterior(context.Background(), m, &wide, PosteriorOptions{Count: 2}, func(int) {}); err == nil {
		t.Error("images of another size")
	}
}
