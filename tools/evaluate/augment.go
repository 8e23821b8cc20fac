package evaluate

import (
	"math"
	"math/rand/v2"

	"github.com/ddpm-go/ddpm/core/tensor"
)

// Augment is how far training images are moved at random, each bound symmetric
// about no change at all. The zero value leaves images as they are.
type Augment struct {
	Shift  float64 `json:"shift"`  // pixels, along each axis
	Rotate float64 `json:"rotate"` // degrees
	Scale  float64 `json:"scale"`  // 0.1 is from 0.9 to 1.1
	// Mirror turns every other image, at random, left to right: for what may face
	// either way, as clothes and animals do, and digits do not.
	Mirror bool `json:"mirror,omitempty"`
}

// draw writes image, moved at random, to dst, in [−1, 1]. Pixels are
// interpolated bilinearly; outside, the border goes on.
func (a Augment) draw(dst []float32, image []byte, size, channels int, r *rand.Rand) {
	symmetric := func(bound float64) float64 { return bound * (2*r.Float64() - 1) }
	if a == (Augment{}) {
		tensor.FromBytes(dst, image)
		return
	}
	dx, dy := symmetric(a.Shift), symmetric(a.Shift)
	sin, cos := math.Sincos(symmetric(a.Rotate) * math.Pi / 180)
	zoom := 1 / (1 + symmetric(a.Scale))
	centre := float64(size-1) / 2
	facing := 1.0
	if a.Mirror && r.IntN(2) == 1 {
		facing = -1
	}
	for y := range size {
		for x := range size {
			u, v := zoom*(facing*(float64(x)-centre)-dx), zoom*(float64(y)-centre-dy)
			x0, fx := cell(cos*u-sin*v+centre, size)
			y0, fy := cell(sin*u+cos*v+centre, size)
			x1, y1 := min(x0+1, size-1), min(y0+1, size-1)
			for c := range channels {
				at := func(y, x int) float64 { return float64(image[(y*size+x)*channels+c]) }
				top := at(y0, x0)*(1-fx) + at(y0, x1)*fx
				bottom := at(y1, x0)*(1-fx) + at(y1, x1)*fx
				dst[(y*size+x)*channels+c] = float32((top*(1-fy)+bottom*fy)/127.5 - 1)
			}
		}
	}
}

// cell splits a coordinate, held within the image, into a pixel and a fraction.
func cell(at float64, size int) (pixel int, fraction float64) {
	at = min(max(at, 0), float64(size-1))
	whole := math.Floor(at)
	return int(whole), at - whole
}
