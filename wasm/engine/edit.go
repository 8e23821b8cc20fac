//go:build wasip1

package main

import (
	"errors"
	"strconv"
	"unsafe"

	"github.com/ddpm-go/ddpm/core/fit"
	"github.com/ddpm-go/ddpm/core/recipe"
)

// given is what edits start from.
var given struct {
	pictures []float32 // one after the other, each as the model has them
	known    []bool    // of a picture
	fitted   []float32
}

// Edits of BeginEdit.
const (
	vary   = iota // the picture, noised to start: image to image
	fill          // the picture's known part is kept: inpainting
	blend         // from the first picture to the second, by their x_t
	circle        // from one x_T to another, on the great circle
)

// FitPicture makes of a picture of n bytes, RGBA, what the model was trained on,
// [size][size][channels], and replies with its float32 values. With digit 1 it is
// placed and scaled as MNIST's digits are: see core/fit.
//
//go:wasmexport FitPicture
func FitPicture(rgba unsafe.Pointer, n, width, height, digit uint32) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	if _, err := pixelsOf(n, width, height); err != nil {
		return fail(err)
	}
	c := model.Net.Config()
	if digit == 1 && c.InChannels != 1 {
		return fail(errors.New("engine: digits are grey, but this model's pictures have " + strconv.Itoa(c.InChannels) + " channels"))
	}
	given.fitted = make([]float32, c.ImageSize*c.ImageSize*c.InChannels)
	pixels := bytesAt(rgba, n)
	if digit == 1 {
		if err := fit.Digit(given.fitted, c.ImageSize, pixels, int(width), int(height)); err != nil {
			return fail(err)
		}
	} else {
		fit.Square(given.fitted, c.ImageSize, c.InChannels, pixels, int(width), int(height))
	}
	return answer(given.fitted)
}

// SetPictures takes the pictures that edits begin from, of n bytes: float32,
// [n][size][size][channels]. A run that has begun keeps those of before.
//
//go:wasmexport SetPictures
func SetPictures(values unsafe.Pointer, n uint32) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	if each := 4 * pictureSize(); n == 0 || int(n)%each != 0 {
		return fail(errors.New("engine: pictures of " + strconv.Itoa(int(n)) + " bytes, want a multiple of " + strconv.Itoa(each)))
	}
	given.pictures = append([]float32(nil), floatsAt(values, n/4)...)
	return ok
}

// SetKnown takes what of a picture inpainting keeps, a byte a pixel: 1 where it is
// kept, 0 where it is drawn.
//
//go:wasmexport SetKnown
func SetKnown(mask unsafe.Pointer, n uint32) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	c := model.Net.Config()
	if want := c.ImageSize * c.ImageSize; int(n) != want {
		return fail(errors.New("engine: a mask of " + strconv.Itoa(int(n)) + " bytes, want " + strconv.Itoa(want)))
	}
	given.known = make([]bool, 0, pictureSize())
	for _, b := range bytesAt(mask, n) {
		for range c.InChannels {
			given.known = append(given.known, b != 0)
		}
	}
	return ok
}

// BeginEdit is BeginRun from pictures: those of SetPictures, and, to fill, the mask
// of SetKnown. Which edit it is: 0 vary, 1 fill, 2 blend, 3 circle.
//
//go:wasmexport BeginEdit
func BeginEdit(text string, first, count, edit uint32) int32 {
	return begin(text, first, count, func(r recipe.Recipe, part recipe.Part) (stepper, error) {
		pictures := 1
		if edit == blend || edit == circle {
			pictures = 2
		}
		p, err := givenPictures(pictures)
		if err != nil {
			return nil, err
		}
		switch edit {
		case vary:
			return model.ImageToImage(r, p, part)
		case fill:
			if given.known == nil {
				return nil, errors.New("engine: there is no mask yet, set one first")
			}
			return model.Inpaint(r, p, given.known, part)
		case blend:
			return model.Interpolate(r, p[:len(p)/2], p[len(p)/2:], part)
		case circle:
			return model.InterpolateNoise(r, p[:len(p)/2], p[len(p)/2:], part)
		}
		panic("engine: unknown edit")
	})
}

// BeginEncoding begins to find the x_T from which the recipe draws the pictures of
// SetPictures, of which it has count: its steps go up. Each is iterated refine times
// further than once.
//
//go:wasmexport BeginEncoding
func BeginEncoding(text string, first, count, refine uint32) int32 {
	return begin(text, first, count, func(r recipe.Recipe, part recipe.Part) (stepper, error) {
		p, err := givenPictures(r.Count)
		if err != nil {
			return nil, err
		}
		size := len(p) / r.Count
		return model.Encode(r, p[part.First*size:(part.First+part.N)*size], int(refine), part)
	})
}

func pictureSize() int {
	c := model.Net.Config()
	return c.ImageSize * c.ImageSize * c.InChannels
}

func givenPictures(n int) ([]float32, error) {
	if want := n * pictureSize(); len(given.pictures) != want {
		return nil, errors.New("engine: " + strconv.Itoa(len(given.pictures)/pictureSize()) + " pictures were set, want " + strconv.Itoa(n))
	}
	return given.pictures, nil
}
