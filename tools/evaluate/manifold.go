package evaluate

import (
	"context"
	"math"
	"slices"
)

// neighbours is the k of the manifolds: the value of Kynkäänniemi et al.
const neighbours = 3

// Manifold is improved precision and recall (Kynkäänniemi et al., 2019,
// arXiv:1904.06991): a set's manifold is the union of balls around its feature
// vectors, each as large as the distance to its third neighbour in the set.
type Manifold struct {
	Precision float64 `json:"precision"` // share of samples within the manifold of real images
	Recall    float64 `json:"recall"`    // share of real images within the manifold of samples
	Of        int     `json:"of"`        // as many of each
	// The same for test images in place of samples: what a perfect model has.
	TestPrecision float64 `json:"test_precision"`
	TestRecall    float64 `json:"test_recall"`
}

// measure compares features, and as many of test images, with as many real ones.
func (m *Manifold) measure(ctx context.Context, samples, test, real []float32, length, workers int) error {
	m.Of = min(len(samples), len(test), len(real)) / length
	truth := newVectors(some(real, length, m.Of), length)
	balls, err := radii(ctx, truth, workers)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		features          []float32
		precision, recall *float64
	}{{samples, &m.Precision, &m.Recall}, {test, &m.TestPrecision, &m.TestRecall}} {
		set := newVectors(some(c.features, length, m.Of), length)
		own, err := radii(ctx, set, workers)
		if err != nil {
			return err
		}
		if *c.precision, err = within(ctx, set, truth, balls, workers); err != nil {
			return err
		}
		if *c.recall, err = within(ctx, truth, set, own, workers); err != nil {
			return err
		}
	}
	return nil
}

// radii are the squared distances of each vector to its third neighbour in the
// set, itself not counted.
func radii(ctx context.Context, set vectors, workers int) ([]float32, error) {
	nearest := make([][neighbours]float32, set.len())
	for i := range nearest {
		for k := range nearest[i] {
			nearest[i][k] = math.MaxFloat32
		}
	}
	err := eachDistance(ctx, set, set, workers, func(query, first int, row []float32) {
		for j, d := range row {
			if d >= nearest[query][neighbours-1] || first+j == query {
				continue
			}
			nearest[query][neighbours-1] = d
			slices.Sort(nearest[query][:])
		}
	}, nil)
	r := make([]float32, set.len())
	for i := range r {
		r[i] = nearest[i][neighbours-1]
	}
	return r, err
}

// within is the share of the queries that lie in the ball around some point.
func within(ctx context.Context, queries, points vectors, radii []float32, workers int) (float64, error) {
	inside := make([]bool, queries.len())
	err := eachDistance(ctx, queries, points, workers, func(query, first int, row []float32) {
		for j, d := range row {
			if d <= radii[first+j] {
				inside[query] = true
				return
			}
		}
	}, nil)
	n := 0
	for _, in := range inside {
		if in {
			n++
		}
	}
	return float64(n) / float64(max(1, len(inside))), err
}
