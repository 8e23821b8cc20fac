// Package fit brings pictures from outside to what a model was trained on: its
// size, its channels and, for handwritten digits, the place and size that MNIST's
// have.
//
// Pictures come in as RGBA bytes, [h][w][4], whose alpha is ignored, and leave as
// float32 in [−1, 1], [side][side][channels]. Only sums, products and quotients
// occur, and every product is rounded before it is added, so the values are the
// same bits on every platform.
package fit

import (
	"errors"
	"strconv"
)

// luma are the weights of R, G and B in a grey (ITU-R BT.601).
var luma = [3]float64{0.299, 0.587, 0.114}

// Square scales the middle square of a picture to side pixels a side: each is the mean
// of the area that it covers. One channel is grey by BT.601's luma.
func Square(dst []float32, side, channels int, rgba []byte, w, h int) {
	check(len(dst) == side*side*channels, rgba, w, h)
	square := min(w, h)
	at := area{
		left: float64(w-square) / 2, top: float64(h-square) / 2,
		pixel: float64(square) / float64(side),
	}
	plane := make([]float64, w*h)
	if channels == 1 {
		grey(plane, rgba)
		at.mean(plane, w, h, side, func(i int, v float64) { dst[i] = level(v) })
		return
	}
	for c := range channels {
		for i := range plane {
			plane[i] = float64(rgba[4*i+c])
		}
		at.mean(plane, w, h, side, func(i int, v float64) { dst[i*channels+c] = level(v) })
	}
}

// level maps 0…255 to [−1, 1].
func level(v float64) float32 { return float32(v/127.5 - 1) }

// box is the share of a side that the longer side of a digit's bounding box has in
// MNIST: 20 pixels of 28.
const box = 20.0 / 28

// ErrEmpty is Digit's error for a picture in which nothing stands out.
var ErrEmpty = errors.New("fit: nothing is drawn in the picture")

// Digit makes of a drawn or photographed digit what MNIST would have made of it
// (LeCun et al., 1998, §III.A): ink is white on black, whichever it was; its bounding
// box is scaled to 20/28 of the side, keeping its aspect ratio; and its centre of
// mass comes to the middle. Strokes scale along: MNIST's are 2 to 3 pixels wide in
// 20. dst has one channel. The ground is the mean of the picture's border.
func Digit(dst []float32, side int, rgba []byte, w, h int) error {
	check(len(dst) == side*side, rgba, w, h)
	ink := make([]float64, w*h)
	grey(ink, rgba)
	if !stretch(ink, w, h) {
		return ErrEmpty
	}
	left, right, top, bottom := w, 0, h, 0
	var mass, massX, massY float64
	for y := range h {
		for x := range w {
			v := ink[y*w+x]
			if v >= 0.5 {
				left, right = min(left, x), max(right, x+1)
				top, bottom = min(top, y), max(bottom, y+1)
			}
			mass += v
			massX += float64(v * (float64(x) + 0.5))
			massY += float64(v * (float64(y) + 0.5))
		}
	}
	pixel := float64(max(right-left, bottom-top)) / (box * float64(side))
	half := float64(pixel * float64(side) / 2)
	at := area{left: massX/mass - half, top: massY/mass - half, pixel: pixel}
	at.mean(ink, w, h, side, func(i int, v float64) { dst[i] = level(float64(255 * v)) })
	return nil
}

// stretch maps the ground, by the border, to 0 and what differs from it most to 1,
// and says whether anything does.
func stretch(plane []float64, w, h int) bool {
	var ground float64
	for x := range w {
		ground += plane[x] + plane[(h-1)*w+x]
	}
	for y := range h {
		ground += plane[y*w] + plane[y*w+w-1]
	}
	ground /= float64(2 * (w + h))
	low, high := ground, ground
	for _, v := range plane {
		low, high = min(low, v), max(high, v)
	}
	reach := high - ground
	if ground-low > reach {
		reach = low - ground // dark ink on a light ground
	}
	const faintest = 16 // of 255: less is paper, not ink
	if reach < faintest && reach > -faintest {
		return false
	}
	// A ground that is not even is no ink.
	const paper = 0.15
	for i, v := range plane {
		plane[i] = max(0, (v-ground)/reach-paper) / (1 - paper)
	}
	return true
}

// area is where the pixels of a scaled picture lie in the one that it is made of: a
// square grid from a corner on, each pixel so many pixels wide.
type area struct{ left, top, pixel float64 }

// mean gives each pixel of the grid the mean of what it covers; outside of the
// picture there is 0.
func (a area) mean(plane []float64, w, h, side int, give func(i int, v float64)) {
	columns, rows := a.spans(a.left, side, w), a.spans(a.top, side, h)
	whole := float64(a.pixel * a.pixel)
	for y, row := range rows {
		for x, column := range columns {
			var sum float64
			for j, wy := range row.weights {
				line := plane[(row.first+j)*w+column.first:]
				var part float64
				for i, wx := range column.weights {
					part += float64(wx * line[i])
				}
				sum += float64(wy * part)
			}
			give(y*side+x, min(255, sum/whole))
		}
	}
}

// span is which pixels of a line a pixel covers, and how much of each.
type span struct {
	first   int
	weights []float64
}

func (a area) spans(corner float64, side, n int) []span {
	spans := make([]span, side)
	for i := range spans {
		from := max(0, corner+float64(float64(i)*a.pixel))
		to := min(float64(n), corner+float64(float64(i+1)*a.pixel))
		if from >= to {
			continue
		}
		s := span{first: int(from)}
		for p := s.first; p < n && float64(p) < to; p++ {
			s.weights = append(s.weights, min(to, float64(p+1))-max(from, float64(p)))
		}
		spans[i] = s
	}
	return spans
}

func grey(plane []float64, rgba []byte) {
	for i := range plane {
		var v float64
		for c, weight := range luma {
			v += float64(weight * float64(rgba[4*i+c]))
		}
		plane[i] = v
	}
}

func check(fits bool, rgba []byte, w, h int) {
	if !fits || w < 1 || h < 1 || len(rgba) != 4*w*h {
		panic("fit: slices of another size, " + strconv.Itoa(len(rgba)) + " bytes")
	}
}
