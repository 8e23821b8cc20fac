package evaluate

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestBuiltIn(t *testing.T) {
	for name, want := range map[string]struct{ file, size string }{
		"mnist":         {"digits", "28×28×1 as one of 10"},
		"avatars":       {"avatars", "16×16×3 as one of 8"},
		"fashion-mnist": {"fashion", "28×28×1 as one of 10"},
	} {
		j, ok := BuiltIn(name)
		if !ok {
			t.Errorf("%s has no classifier", name)
			continue
		}
		file, err := files.ReadFile("classifiers/" + want.file + ".safetensors")
		if err != nil {
			t.Fatal(err)
		}
		if len(file) > 300<<10 || j.Config().Features() < 64 {
			t.Errorf("%s: %d bytes and %d features", name, len(file), j.Config().Features())
		}
		card, err := os.ReadFile("classifiers/" + want.file + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{j.Card.SHA256, j.Card.Training, fmt.Sprint(len(file), " bytes"), want.size, "trained on | " + name + ","} {
			if !strings.Contains(string(card), part) {
				t.Errorf("the card of %s does not have %q", want.file, part)
			}
		}
	}
	if _, ok := BuiltIn("letters"); ok {
		t.Error("a set that nobody knows has a classifier")
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
