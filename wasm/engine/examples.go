//go:build wasip1

package main

import (
	"errors"
	"strconv"
	"unsafe"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// examples are a few pictures of the model's size that stand for all there are: with
// so few, q(x_{t−1}|x_t) can be computed, and the network's p_θ held against it.
var examples diffusion.Mixture[float32]

// maxExamples bounds how many pictures there may be.
const maxExamples = 64

// SetExamples takes count pictures of the model's size, RGBA one after the other in n
// bytes; their alpha is ignored, and a grey model sees their luminance (Rec. 601).
//
//go:wasmexport SetExamples
func SetExamples(rgba unsafe.Pointer, n, count uint32) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	c := model.Net.Config()
	pixels := c.ImageSize * c.ImageSize
	if count < 1 || count > maxExamples || int(n) != 4*pixels*int(count) {
		return fail(errors.New("engine: " + strconv.Itoa(int(count)) + " examples in " + strconv.Itoa(int(n)) +
			" bytes, want 1 to " + strconv.Itoa(maxExamples) + " of " + strconv.Itoa(4*pixels) + " bytes each"))
	}
	forgetExamples()
	all := bytesAt(rgba, n)
	levels := make([]byte, pixels*c.InChannels)
	examples.Means = make([][]float32, count)
	for k := range examples.Means {
		for i := range pixels {
			p := all[4*(k*pixels+i):][:4]
			if c.InChannels == 1 {
				levels[i] = luminance(p)
			} else {
				copy(levels[c.InChannels*i:][:c.InChannels], p)
			}
		}
		examples.Means[k] = make([]float32, len(levels))
		tensor.FromBytes(examples.Means[k], levels)
	}
	return ok
}

// forgetExamples drops the examples and all that was found out about them.
func forgetExamples() {
	examples.Means, subject.index, estimate.Estimate = nil, -1, nil
}

// luminance is Rec. 601's, rounded.
func luminance(rgb []byte) byte {
	return byte((299*int(rgb[0]) + 587*int(rgb[1]) + 114*int(rgb[2]) + 500) / 1000)
}

var errNoExamples = errors.New("engine: there are no examples yet, set them first")

// example finds one, and checks what is asked about it.
func example(index uint32, class int32, variance string) (x0 []float32, v diffusion.Variance, err error) {
	if model.Model == nil {
		return nil, v, errNoModel
	}
	if len(examples.Means) == 0 {
		return nil, v, errNoExamples
	}
	if int(index) >= len(examples.Means) {
		return nil, v, errors.New("engine: example " + strconv.Itoa(int(index)) + ", want 0 to " + strconv.Itoa(len(examples.Means)-1))
	}
	if err := checkClass(class); err != nil {
		return nil, v, err
	}
	v, err = diffusion.ParseVariance(variance)
	return examples.Means[index], v, err
}

func checkClass(class int32) error {
	if n := model.Net.Config().NumClasses; class < -1 || int(class) >= n {
		return errors.New("engine: class " + strconv.Itoa(int(class)) + ", want -1 (none) to " + strconv.Itoa(n-1))
	}
	return nil
}
