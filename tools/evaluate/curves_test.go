package evaluate

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"
)

func TestCurvePoints(t *testing.T) {
	count := map[string]int{}
	for _, p := range CurvePoints(CurveParts, 2, 3) {
		count[p.Part] += p.Seeds
	}
	// Five samplers at four numbers of steps, two chains, five weights at two numbers of steps, three files.
	if count["steps"] != 60 || count["ddpm"] != 2 || count["guidance"] != 42 || count["beside"] != 9 {
		t.Errorf("%v", count)
	}
	if len(CurvePoints([]string{"ddpm"}, 0, 3)) != 2 {
		t.Error("a part is not alone")
	}
}

func TestCurves(t *testing.T) {
	c := Curves{
		{Part: "steps", Series: "ddim", X: 20, Recipe: "model=a&steps=20&seed=1", Classifier: "abc", Floor: 0.1, Distance: 0.5, Accuracy: 1},
		{Part: "ddpm", Series: "ddpm", X: 250, Recipe: "model=a&steps=250&seed=1", Classifier: "abc", Floor: 0.1, Distance: 0.25, Accuracy: 0.99},
		{Part: "steps", Series: "ddim", X: 20, Recipe: "model=a&steps=20&seed=2", Classifier: "abc", Floor: 0.1, Distance: 0.7, Accuracy: 0.98},
		{Part: "steps", Series: "ddim", X: 5, Recipe: "model=a&steps=5&seed=1", Classifier: "abc", Floor: 0.1, Distance: 0.9, Accuracy: 0.5},
	}
	if !c.Has("steps", c[2].Recipe, "abc") || c.Has("steps", c[2].Recipe, "abd") || c.Has("guidance", c[2].Recipe, "abc") {
		t.Error("what was measured is not known")
	}
	lines := strings.Split(strings.TrimSpace(c.Text()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "5 steps") || !strings.Contains(lines[1], "0.6000 (0.5000 to 0.7000)") ||
		!strings.Contains(lines[1], "99.00%") || !strings.Contains(lines[2], "250 steps") {
		t.Errorf("the table is\n%s", c.Text())
	}
	other := c[0]
	other.Recipe = "model=b&steps=20&seed=3" // a checkpoint that came later
	if text := append(slices.Clone(c), other).Text(); strings.Count(text, "\n") != 4 || !strings.Contains(text, "0.6000 (0.5000 to 0.7000)") {
		t.Errorf("with another checkpoint's point the table is\n%s", text)
	}
	text, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadCurves(text)
	if err != nil || len(back) != 4 || back[2] != c[2] {
		t.Errorf("read back: %+v, %v", back, err)
	}
	plots, err := c.Plots()
	if err != nil || len(plots) != 1 {
		t.Fatalf("%d plots, %v", len(plots), err)
	}
	if _, err := png.Decode(bytes.NewReader(plots["steps.png"])); err != nil {
		t.Error(err)
	}
	card, err := c.ReplaceCurves("# Model\n", "ddpm curves")
	if err != nil || !strings.Contains(card, "| ddim | 20 steps | 0.6000 (0.5000 to 0.7000) | 99.00% | 2 |") {
		t.Errorf("the card is\n%s\n%v", card, err)
	}
	again, err := c[:1].ReplaceCurves(card, "ddpm curves")
	if err != nil || strings.Contains(again, "250 steps") || strings.Count(again, curvesBegin) != 1 {
		t.Errorf("replaced, the card is\n%s\n%v", again, err)
	}
	if csv := strings.Count(string(c.CSV()), "\n"); csv != 5 {
		t.Errorf("%d lines of CSV", csv)
	}
}
