package site

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// longestRecipe bounds a recipe's text: hundreds of classes fit.
const longestRecipe = 2000

// Zoom is how many pixels a picture shows for each of the model's.
const Zoom = 4

// picture serves GET /r/<recipe>.png.
func (s *Site) picture(w http.ResponseWriter, r *http.Request, escaped string) {
	m, recipe, ok := s.recipe(w, escaped)
	if !ok {
		return
	}
	if cost, most := Cost(m, recipe), s.options.Budget; cost > most {
		refuse(w, http.StatusUnprocessableEntity, "This recipe takes "+billions(cost)+" billion multiply-adds, and a picture of this site may take "+
			billions(most)+": with fewer steps or pictures, or without guidance, it would fit. The page itself draws it at /#room=generate&"+recipe.String())
		return
	}
	text := recipe.String()
	content, err := s.draw(r.Context(), m, recipe)
	switch {
	case errors.Is(err, errBusy):
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, "Too many pictures are being drawn; try again in some seconds.")
		return
	case err != nil:
		return // whoever asked has gone
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	// A recipe that names its network gives the same picture for ever; else the site's
	// network may become another.
	if strings.Contains(escaped, "model="+m.Hash) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "public, max-age=300")
	}
	f := fileOf(content)
	h.Set("ETag", f.tag)
	h.Set("X-Recipe", text)
	serveBytes(w, r, f)
}

// recipe reads the recipe of a path, or refuses it.
func (s *Site) recipe(w http.ResponseWriter, escaped string) (*recipe.Model, recipe.Recipe, bool) {
	text, err := url.PathUnescape(escaped)
	if err != nil || len(escaped) > longestRecipe {
		refuse(w, http.StatusBadRequest, "That is not the text of a recipe: it is longer than "+strconv.Itoa(longestRecipe)+
			" characters, or has a % that is not followed by two hexadecimal digits.")
		return nil, recipe.Recipe{}, false
	}
	m, r, err := s.models.parse(text)
	var unknown errUnknownModel
	switch {
	case errors.As(err, &unknown):
		refuse(w, http.StatusNotFound, unknown.Error()+".")
	case err != nil:
		refuse(w, http.StatusBadRequest, err.Error()+".")
	}
	return m, r, err == nil
}

// Cost is the number of multiply-adds that a recipe takes.
func Cost(m *recipe.Model, r recipe.Recipe) int64 {
	evaluations := int64(r.Steps) * int64(r.Count)
	if r.Guidance != 1 {
		evaluations *= 2
	}
	return evaluations * m.Net.Config().MulAdds()
}

func billions(n int64) string { return strconv.FormatFloat(float64(n)/1e9, 'f', 1, 64) }

// draw draws a recipe, or finds it drawn.
func (s *Site) draw(ctx context.Context, m *recipe.Model, r recipe.Recipe) ([]byte, error) {
	text := r.String()
	if s.options.Pictures != nil {
		if content, ok := s.options.Pictures.Get(text); ok {
			return content, nil
		}
	}
	if err := s.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer s.gate.leave()
	if s.options.Pictures != nil { // somebody may have drawn it meanwhile
		if content, ok := s.options.Pictures.Get(text); ok {
			return content, nil
		}
	}
	content, err := Draw(ctx, m, r, max(s.options.Workers, 1))
	if err == nil && s.options.Pictures != nil {
		s.options.Pictures.Put(text, content)
	}
	return content, err
}

// Draw draws a recipe as a PNG, the picture that `ddpm sample --zoom 4` writes.
func Draw(ctx context.Context, m *recipe.Model, r recipe.Recipe, workers int) ([]byte, error) {
	run, err := m.Run(r, recipe.Part{Workers: workers})
	if err != nil {
		return nil, err
	}
	for run.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	x := run.Step().X
	images := make([]byte, len(x))
	tensor.Bytes(images, x)
	c := m.Net.Config()
	pixels, w, h := Grid(images, c.ImageSize, c.OutChannels, Columns(r), Zoom)
	var b bytes.Buffer
	if err := png.Encode(&b, picture(pixels, w, h, c.OutChannels)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Columns puts each class in a column of its own where that makes a decent grid, and
// is square otherwise.
func Columns(r recipe.Recipe) int {
	if n := len(r.Classes); n >= 5 && n <= 32 && r.Count > n {
		return n
	}
	n := 1
	for n*n < r.Count {
		n++
	}
	return n
}

// Grid lays images out in rows, dark lines between them.
func Grid(images []byte, side, channels, columns, zoom int) (pixels []byte, w, h int) {
	const gap = 2
	n := len(images) / (side * side * channels)
	rows := (n + columns - 1) / columns
	cell := side*zoom + gap
	w, h = columns*cell+gap, rows*cell+gap
	pixels = make([]byte, w*h*channels)
	for i := range pixels {
		pixels[i] = 48
	}
	for i := range n {
		left, top := gap+i%columns*cell, gap+i/columns*cell
		for y := range side * zoom {
			for x := range side * zoom {
				from := ((i*side+y/zoom)*side + x/zoom) * channels
				to := ((top+y)*w + left + x) * channels
				copy(pixels[to:to+channels], images[from:from+channels])
			}
		}
	}
	return pixels, w, h
}

func picture(pixels []byte, w, h, channels int) image.Image {
	if channels == 1 {
		return &image.Gray{Pix: pixels, Stride: w, Rect: image.Rect(0, 0, w, h)}
	}
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(m.Pix[4*i:], pixels[3*i:3*i+3])
		m.Pix[4*i+3] = 255
	}
	return m
}
