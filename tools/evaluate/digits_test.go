package evaluate

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDigits(t *testing.T) {
	j := Digits()
	if c := j.Config(); c.ImageSize != 28 || c.Channels != 1 || c.Classes != 10 || c.Features() < 64 {
		t.Errorf("config %+v", c)
	}
	if len(digits) > 400<<10 {
		t.Errorf("%d bytes; some hundred thousand are enough", len(digits))
	}
	card, err := os.ReadFile("classifiers/digits.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{j.Card.SHA256, j.Card.Training, fmt.Sprint(len(digits), " bytes")} {
		if !strings.Contains(string(card), want) {
			t.Errorf("the card does not have %q", want)
		}
	}
}

// Drawings, not of the data set: straight strokes, about three pixels thick and
// soft at the edge.
func TestDigitsReadsADrawing(t *testing.T) {
	const size = 28
	stroke := func(image []byte, x0, y0, x1, y1 float64) {
		for i := range 200 {
			f := float64(i) / 199
			cx, cy := x0+f*(x1-x0), y0+f*(y1-y0)
			for y := range size {
				for x := range size {
					dx, dy := float64(x)-cx, float64(y)-cy
					v := min(max(2.5-(dx*dx+dy*dy), 0), 1) * 255
					image[y*size+x] = max(image[y*size+x], byte(v))
				}
			}
		}
	}
	one, seven := make([]byte, size*size), make([]byte, size*size)
	stroke(one, 15, 5, 13, 22)
	stroke(seven, 7, 6, 20, 6)
	stroke(seven, 20, 6, 12, 22)
	r := read(t, Digits().Classifier, append(one, seven...), 1, nil)
	if r.Class[0] != 1 || r.Class[1] != 7 {
		t.Errorf("a one and a seven are read as %d and %d", r.Class[0], r.Class[1])
	}
}
