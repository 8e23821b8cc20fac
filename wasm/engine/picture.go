//go:build wasip1

package main

import (
	"errors"
	"strconv"
	"strings"
	"unsafe"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// maxPixels bounds a picture: it takes 40 bytes a pixel.
const maxPixels = 2048 * 2048

// picture is what the forward process works on, [height][width][3].
var picture struct {
	x0, eps, xt []float32
	rgba        []byte
	seed        uint64
	drawn       bool // eps is of seed
	schedule    *schedule.Schedule
	t           int // of rgba, as schedule is; xt is computed when it is asked for
}

// schedules are those that pictures have been noised by, one of each kind, as it
// was asked for last: a page that shows several asks in turns.
var schedules = map[string]namedSchedule{}

type namedSchedule struct {
	name string
	*schedule.Schedule
}

// scheduleAt is the schedule of that name with T steps, which has a t.
func scheduleAt(name string, T, t uint32) (*schedule.Schedule, error) {
	kind, _, _ := strings.Cut(name, ":")
	s := schedules[kind]
	if s.Schedule == nil || s.name != name || s.T != int(T) {
		made, err := schedule.New(name, int(T))
		if err != nil {
			return nil, err
		}
		s = namedSchedule{strings.Clone(name), made} // its bytes are the caller's
		schedules[strings.Clone(kind)] = s
	}
	if t > T {
		return nil, errors.New("engine: t = " + strconv.Itoa(int(t)) + ", want 0 to " + strconv.Itoa(int(T)))
	}
	return s.Schedule, nil
}

// pixelsOf is how many pixels a picture of length bytes, RGBA, has.
func pixelsOf(length, width, height uint32) (int, error) {
	if width == 0 || height == 0 || uint64(width)*uint64(height) > maxPixels {
		return 0, errors.New("engine: a picture of " + strconv.Itoa(int(width)) + "×" + strconv.Itoa(int(height)) +
			" pixels, want 1 to " + strconv.Itoa(maxPixels) + " in all")
	}
	n := int(width * height)
	if int(length) != 4*n {
		return 0, errors.New("engine: a picture of " + strconv.Itoa(int(length)) + " bytes, want 4 for each of " + strconv.Itoa(n) + " pixels")
	}
	return n, nil
}

// fromRGBA maps a picture's colours to [−1, 1].
func fromRGBA(x0 []float32, rgba []byte) {
	for i := range len(x0) / 3 {
		tensor.FromBytes(x0[3*i:3*i+3], rgba[4*i:])
	}
}

// SetPicture takes a picture of n bytes, RGBA, as x_0; its alpha is ignored.
//
//go:wasmexport SetPicture
func SetPicture(rgba unsafe.Pointer, length, width, height uint32) int32 {
	n, err := pixelsOf(length, width, height)
	if err != nil {
		return fail(err)
	}
	p := &picture
	if p.x0 != nil {
		Collect() // of the picture before at least its bytes are over
	}
	if len(p.x0) != 3*n {
		p.x0, p.eps, p.xt = make([]float32, 3*n), make([]float32, 3*n), nil
		p.rgba = make([]byte, 4*n)
		p.drawn = false
	}
	fromRGBA(p.x0, bytesAt(rgba, length))
	return ok
}

// Noise replies with q(x_t|x_0) of the picture as opaque RGBA, for the schedule
// of that name with T steps. ε is a function of the seed alone and is kept
// while the seed stays.
//
//go:wasmexport Noise
func Noise(name string, T, t uint32, seed uint64) int32 {
	p := &picture
	if p.x0 == nil {
		return fail(errNoPicture)
	}
	s, err := scheduleAt(name, T, t)
	if err != nil {
		return fail(err)
	}
	if !p.drawn || p.seed != seed {
		recipe.PictureNoise(p.eps, seed)
		p.drawn, p.seed = true, seed
	}
	p.schedule, p.t = s, int(t)
	diffusion.QSampleRGBA(p.rgba, p.x0, p.eps, p.schedule, p.t)
	return answer(p.rgba)
}

// PictureValues replies with float32 values [height][width][3]: 0 the picture's
// x_0, 1 the latest ε, 2 the latest x_t.
//
//go:wasmexport PictureValues
func PictureValues(which uint32) int32 {
	p := &picture
	switch {
	case p.x0 == nil:
		return fail(errNoPicture)
	case which > 0 && !p.drawn:
		return fail(errors.New("engine: the picture has not been noised yet"))
	case which == 0:
		return answer(p.x0)
	case which == 1:
		return answer(p.eps)
	case which == 2:
		if p.xt == nil {
			p.xt = make([]float32, len(p.x0))
		}
		diffusion.QSample(p.xt, p.x0, p.eps, p.schedule, p.t)
		return answer(p.xt)
	}
	panic("engine: unknown picture values")
}

var errNoPicture = errors.New("engine: there is no picture yet, set one first")
