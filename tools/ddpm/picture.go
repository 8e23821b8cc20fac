package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // decoders for image.Decode
	_ "image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

const (
	maxSide   = 1024        // of a picture to be noised, as on the page
	maxPixels = 100_000_000 // of a file, so that a small one cannot take all memory
)

// readPicture decodes a picture file (of an animation, the first frame), turns
// it upright, and scales it down to at most maxSide. Transparent parts become
// white.
func readPicture(path string) (*image.RGBA, error) {
	file, err := readFile(path, "picture")
	if err != nil {
		return nil, err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%s is not a picture this program reads (JPEG, PNG, GIF or WebP): %w", path, err)
	}
	if config.Width < 1 || config.Height < 1 || int64(config.Width)*int64(config.Height) > maxPixels {
		return nil, fmt.Errorf("%s is %d×%d pixels, want 1 to %d million", path, config.Width, config.Height, maxPixels/1_000_000)
	}
	decoded, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", path, err)
	}
	if whole := image.Rect(0, 0, config.Width, config.Height); decoded.Bounds() != whole {
		// A GIF's first frame may be a part of its screen.
		screen := image.NewNRGBA(whole)
		draw.Draw(screen, decoded.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
		decoded = screen
	}
	return upright(flatten(decoded), orientation(file)), nil
}

// flatten scales down and puts the picture on white.
func flatten(src image.Image) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > maxSide {
		w = max(1, (w*maxSide+long/2)/long)
		h = max(1, (h*maxSide+long/2)/long)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(dst, dst.Bounds(), src, b.Min, draw.Over)
	} else {
		draw.CatmullRom.Scale(dst, dst.Bounds(), src, b, draw.Over, nil)
	}
	return dst
}

// upright undoes an EXIF orientation: 2 to 4 mirror or turn by 180°, 5 to 8
// exchange rows and columns besides.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	if orientation == 1 {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			dst.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return dst
}

// rgb returns the bytes of a picture without alpha, [H][W][3].
func rgb(m *image.RGBA) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	b := make([]byte, 0, w*h*3)
	for y := range h {
		for x := range w {
			c := m.RGBAAt(x, y)
			b = append(b, c.R, c.G, c.B)
		}
	}
	return b
}

// fromBytes makes a picture of [H][W][C] bytes, C = 1 or 3.
func fromBytes(b []byte, w, h, c int) image.Image {
	if c == 1 {
		return &image.Gray{Pix: b, Stride: w, Rect: image.Rect(0, 0, w, h)}
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.Pix[4*i], m.Pix[4*i+1], m.Pix[4*i+2], m.Pix[4*i+3] = b[3*i], b[3*i+1], b[3*i+2], 255
	}
	return m
}

func writePNG(path string, m image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return err
	}
	return writeFile(path, b.Bytes())
}
