package evaluate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// Judge is a classifier with what its file says of it.
type Judge struct {
	*Classifier
	Card Card
}

// Fits says whether the classifier can read what a model draws, and knows its
// classes by the same names.
func (j Judge) Fits(m *recipe.Model) error {
	config := m.Net.Config()
	if config.ImageSize != j.config.ImageSize || config.InChannels != j.config.Channels {
		return fmt.Errorf("the model draws %d×%d×%d; the classifier %s reads %d×%d×%d",
			config.ImageSize, config.ImageSize, config.InChannels, j.Card.Name, j.config.ImageSize, j.config.ImageSize, j.config.Channels)
	}
	if len(m.Classes) > 0 && !slices.Equal(m.Classes, j.Card.Classes) {
		return fmt.Errorf("the model's classes are %s; the classifier %s knows %s",
			strings.Join(m.Classes, ", "), j.Card.Name, strings.Join(j.Card.Classes, ", "))
	}
	return nil
}

// Report is everything that is measured of some samples.
type Report struct {
	Samples    int              `json:"samples"`
	Classifier ClassifierReport `json:"classifier"`
	// Conditional is about the classes that the samples were asked for.
	Conditional Conditional `json:"conditional"`
	// The rest is only there with data.
	Frechet  *Frechet  `json:"frechet,omitempty"`
	Manifold *Manifold `json:"manifold,omitempty"`
	Memory   *Memory   `json:"memory,omitempty"`
}

// ClassifierReport says by what the samples were judged.
type ClassifierReport struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Test   *Share `json:"test,omitempty"` // read right of the data's test images
}

// Frechet is the distance between the samples and the training images in the
// space of the classifier's features, and the same for as many test images: the
// floor, which would be 0 if sets were infinite and training and test images
// alike. Where classes are not as frequent among the samples as among the training
// images, samples count in Distance so that they are, and alike in Unweighted.
type Frechet struct {
	Distance   float64  `json:"distance"`
	Unweighted *float64 `json:"unweighted,omitempty"`
	Floor      float64  `json:"floor"`
	OfSamples  int      `json:"of_samples"`
	OfTest     int      `json:"of_test"`
	Training   int      `json:"training"`
	Scale      *Scale   `json:"scale"`
}

// Data is the set that samples are compared with.
type Data struct{ Train, Test *dataset.Dataset }

// Evaluate measures samples. data may be nil; then there is no distance. observe,
// if it is not nil, is told of images as they are read, Reads of them in all.
func (j Judge) Evaluate(ctx context.Context, s *Samples, data *Data, workers int, observe func(n int)) (*Report, error) {
	if err := s.Check(j.Classifier); err != nil {
		return nil, err
	}
	if data != nil {
		if err := j.checkData(data); err != nil {
			return nil, err
		}
	}
	samples, err := j.Read(ctx, s.Images, workers, observe)
	if err != nil {
		return nil, err
	}
	r := &Report{
		Samples:     len(s.Classes),
		Classifier:  ClassifierReport{Name: j.Card.Name, SHA256: j.Card.SHA256},
		Conditional: NewConditional(samples, s.Classes, j.Card.Classes),
	}
	if data == nil {
		return r, nil
	}
	train, err := j.Read(ctx, data.Train.Pixels, workers, observe)
	if err != nil {
		return nil, err
	}
	test, err := j.Read(ctx, data.Test.Pixels, workers, observe)
	if err != nil {
		return nil, err
	}
	right := NewShare(test.Correct(data.Test.Labels), data.Test.Len())
	r.Classifier.Test = &right
	length := j.config.Features()
	asMany := some(test.Features, length, len(s.Classes))
	r.Frechet = &Frechet{OfSamples: r.Samples, OfTest: len(asMany) / length, Training: data.Train.Len()}
	reference, err := Fit(train.Features, length, nil)
	if err != nil {
		return nil, err
	}
	weights := classWeights(s.Classes, data.Train.Labels)
	if r.Frechet.Distance, err = distanceTo(reference, samples.Features, length, weights); err != nil {
		return nil, err
	}
	if weights != nil {
		unweighted, err := distanceTo(reference, samples.Features, length, nil)
		if err != nil {
			return nil, err
		}
		r.Frechet.Unweighted = &unweighted
	}
	if r.Frechet.Floor, err = distanceTo(reference, asMany, length, nil); err != nil {
		return nil, err
	}
	if r.Frechet.Scale, err = j.scaleDistances(ctx, data.Train, train, test.Features, workers, observe); err != nil {
		return nil, err
	}
	r.Manifold = &Manifold{}
	if err := r.Manifold.measure(ctx, samples.Features, test.Features, train.Features, length, workers); err != nil {
		return nil, err
	}
	r.Memory, err = j.remember(ctx, s, data, workers, observe)
	return r, err
}

// remember looks for copies, among the samples and as many test images.
func (j Judge) remember(ctx context.Context, s *Samples, data *Data, workers int, observe func(n int)) (*Memory, error) {
	size := j.config.Pixels()
	near, err := FindNearest(ctx, s.Images, data.Train.Pixels, size, workers, observe)
	if err != nil {
		return nil, err
	}
	test, err := FindNearest(ctx, some(data.Test.Pixels, size, len(s.Classes)), data.Train.Pixels, size, workers, observe)
	if err != nil {
		return nil, err
	}
	return newMemory(near, test), nil
}

// Reads is how many images Evaluate tells observe of.
func Reads(s *Samples, data *Data) int {
	n := len(s.Classes)
	if data != nil {
		n += data.Train.Len() + data.Test.Len() + 2*heldOf(data.Train.Len()) + n + min(n, data.Test.Len())
	}
	return n
}

// some is n of the vectors, chosen at random and always the same: a set's order
// has a meaning. MNIST's training images are of two sources in turn, and of its
// test images the first half is cleaner than the second.
func some[T any](vectors []T, length, n int) []T {
	of := len(vectors) / length
	if n >= of {
		return vectors
	}
	chosen := make([]T, 0, n*length)
	for _, i := range shuffled(of)[:n] {
		chosen = append(chosen, vectors[i*length:(i+1)*length]...)
	}
	return chosen
}

// shuffled is 0…n−1 in an order at random, always the same.
func shuffled(n int) []int { return rand.New(rand.NewPCG(1, uint64(n))).Perm(n) }

func (j Judge) checkData(data *Data) error {
	const least = 24 // so that the sixth that is held out is some
	for _, d := range []*dataset.Dataset{data.Train, data.Test} {
		if d.Height != j.config.ImageSize || d.Width != j.config.ImageSize || d.Channels != j.config.Channels {
			return fmt.Errorf("the images of %s are %d×%d×%d; the classifier reads %d×%d×%d", d.Name,
				d.Height, d.Width, d.Channels, j.config.ImageSize, j.config.ImageSize, j.config.Channels)
		}
		if d.Len() < least {
			return fmt.Errorf("%s has %d images; a distance needs at least %d", d.Name, d.Len(), least)
		}
	}
	return nil
}
