package evaluate

import (
	"context"
	"fmt"
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
	Frechet     *Frechet    `json:"frechet,omitempty"` // only with data
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
// alike.
type Frechet struct {
	Distance  float64 `json:"distance"`
	Floor     float64 `json:"floor"`
	OfSamples int     `json:"of_samples"`
	OfTest    int     `json:"of_test"`
	Training  int     `json:"training"`
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
	asMany := spread(test.Features, length, len(s.Classes))
	r.Frechet = &Frechet{OfSamples: r.Samples, OfTest: len(asMany) / length, Training: data.Train.Len()}
	reference, err := Fit(train.Features, length)
	if err != nil {
		return nil, err
	}
	for _, d := range []struct {
		to       *float64
		features []float32
	}{{&r.Frechet.Distance, samples.Features}, {&r.Frechet.Floor, asMany}} {
		g, err := Fit(d.features, length)
		if err != nil {
			return nil, err
		}
		if *d.to, err = FrechetDistance(g, reference); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Reads is how many images Evaluate reads.
func Reads(s *Samples, data *Data) int {
	n := len(s.Classes)
	if data != nil {
		n += data.Train.Len() + data.Test.Len()
	}
	return n
}

// spread is n of the vectors, evenly spread: a set's order may have a meaning
// (the first half of MNIST's test images is cleaner than the second).
func spread(features []float32, length, n int) []float32 {
	of := len(features) / length
	if n >= of {
		return features
	}
	some := make([]float32, 0, n*length)
	for i := range n {
		at := i * of / n * length
		some = append(some, features[at:at+length]...)
	}
	return some
}

func (j Judge) checkData(data *Data) error {
	for _, d := range []*dataset.Dataset{data.Train, data.Test} {
		if d.Height != j.config.ImageSize || d.Width != j.config.ImageSize || d.Channels != j.config.Channels {
			return fmt.Errorf("the images of %s are %d×%d×%d; the classifier reads %d×%d×%d", d.Name,
				d.Height, d.Width, d.Channels, j.config.ImageSize, j.config.ImageSize, j.config.Channels)
		}
		if d.Len() < 2 {
			return fmt.Errorf("%s has %d images; a distance needs at least 2", d.Name, d.Len())
		}
	}
	return nil
}
