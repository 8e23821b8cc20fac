package evaluate

import (
	"strings"
	"testing"
)

func TestReplaceSection(t *testing.T) {
	first, err := ReplaceSection("# Model\n\nText.\n", "one\n")
	if err != nil || first != "# Model\n\nText.\n\n"+sectionBegin+"\none\n"+sectionEnd+"\n" {
		t.Errorf("added: %q, %v", first, err)
	}
	second, err := ReplaceSection(first+"More.\n", "two")
	if err != nil || second != "# Model\n\nText.\n\n"+sectionBegin+"\ntwo\n"+sectionEnd+"\nMore.\n" {
		t.Errorf("replaced: %q, %v", second, err)
	}
	if _, err := ReplaceSection("x\n"+sectionBegin+"\nold", "new"); err == nil {
		t.Error("a section without an end is replaced")
	}
}

func TestTextAndMarkdown(t *testing.T) {
	right := NewShare(995, 1000)
	unweighted := 2.5
	r := &Report{
		Samples:     7,
		Classifier:  ClassifierReport{Name: "abc", SHA256: strings.Repeat("0123", 16), Test: &right},
		Conditional: NewConditional(reading(1, 0, 0, 2, 2, 2, 1, 0), []int{0, 0, 0, 2, 2, 2, -1}, []string{"a", "b", "a + b"}),
		Frechet: &Frechet{Distance: 1.25, Unweighted: &unweighted, Floor: 0.5, OfSamples: 7, OfTest: 7, Training: 60, Scale: &Scale{
			Test: 0.25, Held: 0.125, HeldOf: 10, Others: 50, Damages: []Damage{{"a blur", 0.75, 6}},
		}},
		Manifold: &Manifold{Precision: 0.875, Recall: 0.625, Of: 7, TestPrecision: 0.9375, TestRecall: 0.9},
		Memory:   &Memory{Samples: Quantiles{Least: 3, Median: 30, Of: 7}, Test: Quantiles{Least: 4, Median: 31, Of: 7}, Closer: 0.02},
	}
	text, markdown := r.Text(), r.Markdown("model=x", "ddpm evaluate")
	for _, want := range []string{
		"abc (012301230123; 99.50% of 1000 test images right)", "66.67%, 95% interval", "(4 of 6)",
		"most often mistaken for a + b (1)", "b or not, as asked", "1.2500 from 60 training images, classes counting as often as there (2.5000 counting every sample alike); the floor, of 7 test images, is 0.5000",
		"0.1250 for 10 training images from the other 50", "a blur: 0.7500, 6.0 times that", "0.8750, 0.6250 of 7", "2.00% are nearer",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	for _, want := range []string{"| 66.67%, 95% interval", "a: 66.67% most often mistaken for a + b (1)", "| b or not, as asked | 83.33%", "`model=x`", "0.5000, 7 test images",
		"a blur | 0.7500, 6.0 times that |", "0.8750, 0.6250 of 7 (test images: 0.9375, 0.9000)", "| 2.00% |"} {
		if !strings.Contains(markdown, want) {
			t.Errorf("the card lacks %q:\n%s", want, markdown)
		}
	}
}
