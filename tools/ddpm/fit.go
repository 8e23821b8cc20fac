package main

import (
	"fmt"
	"image"

	"golang.org/x/image/draw"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// fitRule says what fit does, for the help.
const fitRule = `A picture may be JPEG, PNG, GIF (its first frame) or WebP of any size: its middle
square is scaled to the model's size, and its colours become grey (Rec. 601
luma) for a model of one channel.`

// readFitted reads a picture file as the model's x_0, [H][W][C] in [−1, 1].
func readFitted(path string, m *recipe.Model) ([]float32, error) {
	picture, err := readPicture(path)
	if err != nil {
		return nil, err
	}
	c := m.Net.Config()
	b, err := fit(picture, c.ImageSize, c.InChannels)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	x := make([]float32, len(b))
	tensor.FromBytes(x, b)
	return x, nil
}

// readMask reads a mask file as what is known of a picture of the model's size,
// [H][W][C]: where it is dark. What is white is drawn.
func readMask(path string, m *recipe.Model) ([]bool, error) {
	picture, err := readPicture(path)
	if err != nil {
		return nil, err
	}
	c := m.Net.Config()
	b, err := fit(picture, c.ImageSize, 1)
	if err != nil {
		return nil, err
	}
	known := make([]bool, 0, len(b)*c.InChannels)
	drawn := 0
	for _, grey := range b {
		for range c.InChannels {
			known = append(known, grey < 128)
		}
		if grey >= 128 {
			drawn++
		}
	}
	if drawn == 0 || drawn == len(b) {
		return nil, fmt.Errorf("%s is all of one side of grey: want white where to draw, and black where to keep the picture", path)
	}
	return known, nil
}

// fit scales the middle square of a picture to side pixels, [side][side][C].
func fit(m *image.RGBA, side, channels int) ([]byte, error) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	square := min(w, h)
	corner := image.Pt((w-square)/2, (h-square)/2)
	middle := image.Rectangle{Min: corner, Max: corner.Add(image.Pt(square, square))}
	scaled := image.NewRGBA(image.Rect(0, 0, side, side))
	if square == side {
		draw.Draw(scaled, scaled.Rect, m, corner, draw.Src)
	} else {
		draw.CatmullRom.Scale(scaled, scaled.Rect, m, middle, draw.Src, nil)
	}
	switch channels {
	case 1:
		grey := image.NewGray(scaled.Rect)
		draw.Draw(grey, grey.Rect, scaled, image.Point{}, draw.Src)
		return grey.Pix, nil
	case 3:
		return rgb(scaled), nil
	}
	return nil, fmt.Errorf("a picture has 1 or 3 channels, the model %d", channels)
}
