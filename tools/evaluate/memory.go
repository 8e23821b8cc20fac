package evaluate

import (
	"context"
	"math"
	"slices"

	"github.com/ddpm-go/ddpm/core/tensor"
)

// Memory says whether samples are copies: how far each is from the training image
// nearest to it, as the root of the mean square over pixels on the scale of
// bytes, beside the same for test images, which cannot be copies.
type Memory struct {
	Samples Quantiles `json:"samples"`
	Test    Quantiles `json:"test"`
	// Closer is the share of samples nearer to a training image than all but one
	// in a hundred test images are: 0.01 if nothing is copied.
	Closer float64 `json:"closer_than_1_percent_of_test"`
	// Nearest is each sample's nearest training image.
	Nearest []Nearest `json:"-"`
}

// Quantiles are of distances.
type Quantiles struct {
	Least  float64 `json:"least"`
	First  float64 `json:"percent_1"`
	Median float64 `json:"median"`
	Of     int     `json:"of"`
}

// Nearest is a sample's nearest training image.
type Nearest struct {
	Index    int     // of the training image
	Distance float64 // as in Memory
}

// FindNearest finds, for each of the images [n][size], the nearest of the others,
// in the mean square of their pixels. observe, if it is not nil, is told of
// images as they are done.
func FindNearest(ctx context.Context, images, others []byte, size, workers int, observe func(n int)) ([]Nearest, error) {
	points := newVectors(floats(others), size)
	nearest := make([]Nearest, len(images)/size)
	best := make([]float32, len(nearest))
	for i := range best {
		best[i] = math.MaxFloat32
	}
	err := eachDistance(ctx, newVectors(floats(images), size), points, workers, func(query, first int, row []float32) {
		for j, d := range row {
			if d < best[query] {
				best[query] = d
				nearest[query].Index = first + j
			}
		}
	}, observe)
	for i := range nearest {
		nearest[i].Distance = exactDistance(images[i*size:][:size], others[nearest[i].Index*size:][:size])
	}
	return nearest, err
}

// exactDistance is the root of the mean square of the differences of bytes.
func exactDistance(a, b []byte) float64 {
	sum := 0
	for i, v := range a {
		d := int(v) - int(b[i])
		sum += d * d
	}
	return math.Sqrt(float64(sum) / float64(len(a)))
}

func floats(images []byte) []float32 {
	x := make([]float32, len(images))
	tensor.FromBytes(x, images)
	return x
}

// newMemory compares what was found for samples and for test images.
func newMemory(samples, test []Nearest) *Memory {
	m := &Memory{Samples: quantiles(samples), Test: quantiles(test), Nearest: samples}
	for _, n := range samples {
		if n.Distance < m.Test.First {
			m.Closer += 1 / float64(len(samples))
		}
	}
	return m
}

func quantiles(all []Nearest) Quantiles {
	d := make([]float64, len(all))
	for i, n := range all {
		d[i] = n.Distance
	}
	slices.Sort(d)
	return Quantiles{Least: d[0], First: d[len(d)/100], Median: d[len(d)/2], Of: len(d)}
}
