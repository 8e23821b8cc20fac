package evaluate

import (
	"context"
	"fmt"
)

// Reference is what samples are measured against again and again: the training
// images' Gaussian, and the floor of as many test images as there are samples.
type Reference struct {
	judge    Judge
	training Gaussian
	labels   []uint8 // of the training images
	Floor    float64
	Count    int
}

// NewReference reads the data once, for sets of count samples.
func (j Judge) NewReference(ctx context.Context, data *Data, count, workers int, observe func(n int)) (*Reference, error) {
	if err := j.checkData(data); err != nil {
		return nil, err
	}
	length := j.config.Features()
	train, err := j.Read(ctx, data.Train.Pixels, workers, observe)
	if err != nil {
		return nil, err
	}
	test, err := j.Read(ctx, data.Test.Pixels, workers, observe)
	if err != nil {
		return nil, err
	}
	r := &Reference{judge: j, labels: data.Train.Labels, Count: count}
	if r.training, err = Fit(train.Features, length, nil); err != nil {
		return nil, err
	}
	r.Floor, err = distanceTo(r.training, some(test.Features, length, count), length, nil)
	return r, err
}

// Measure returns the Fréchet distance of samples from the training images, each
// class counting as often as among those, and the share that is read as the class
// asked for, NaN where none was.
func (r *Reference) Measure(ctx context.Context, s *Samples, workers int) (distance, accuracy float64, err error) {
	if err := s.Check(r.judge.Classifier); err != nil {
		return 0, 0, err
	}
	if len(s.Classes) != r.Count {
		return 0, 0, fmt.Errorf("%d samples cannot be held against a floor of %d", len(s.Classes), r.Count)
	}
	reading, err := r.judge.Read(ctx, s.Images, workers, nil)
	if err != nil {
		return 0, 0, err
	}
	if distance, err = distanceTo(r.training, reading.Features, r.judge.config.Features(), classWeights(s.Classes, r.labels)); err != nil {
		return 0, 0, err
	}
	c := NewConditional(reading, s.Classes, r.judge.Card.Classes)
	return distance, float64(c.Correct) / float64(c.Of), nil
}
