package evaluate

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"text/tabwriter"
)

// Text is the report for a terminal.
func (r *Report) Text() string {
	var b strings.Builder
	c := r.Conditional
	fmt.Fprintf(&b, "%d samples, read by the classifier %s\n", r.Samples, r.Classifier)
	if c.Of > 0 {
		fmt.Fprintf(&b, "conditional accuracy  %s\n", c.Share)
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, class := range c.PerClass {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", class.Class, class.Share, class.mistakes())
		}
		for _, a := range c.PerAttribute {
			fmt.Fprintf(w, "  %s or not, as asked\t%s\t\n", a.Attribute, a.Share)
		}
		w.Flush() // to memory: it cannot fail
		fmt.Fprintf(&b, "confusion             %.2f%% of a class in the mean, %.2f%% at most\n", 100*c.MeanConfusion, 100*c.MaxConfusion)
	}
	fmt.Fprintf(&b, "class entropy         %.4f of at most %.4f nats; of one sample, in the mean, %.4f\n",
		c.ClassEntropy, math.Log(float64(len(c.Confusion))), c.SampleEntropy)
	if f := r.Frechet; f != nil {
		fmt.Fprintf(&b, "Fréchet distance      %.4f from %d training images%s; the floor, of %d test images, is %.4f\n",
			f.Distance, f.Training, f.weighting(), f.OfTest, f.Floor)
		s := f.Scale
		fmt.Fprintf(&b, "  scale               %.4f for all test images; %.4f for %d training images from the other %d, and of those with\n",
			s.Test, s.Held, s.HeldOf, s.Others)
		for _, d := range s.Damages {
			fmt.Fprintf(&b, "                      %s: %.4f, %.1f times that\n", d.Name, d.Distance, d.Times)
		}
	}
	if m := r.Manifold; m != nil {
		fmt.Fprintf(&b, "precision, recall     %.4f, %.4f of %d (of test images %.4f, %.4f)\n", m.Precision, m.Recall, m.Of, m.TestPrecision, m.TestRecall)
	}
	if m := r.Memory; m != nil {
		fmt.Fprintf(&b, "nearest training image  %.1f at least, %.1f in the median (of test images %.1f, %.1f; bytes, root mean square)\n",
			m.Samples.Least, m.Samples.Median, m.Test.Least, m.Test.Median)
		fmt.Fprintf(&b, "                      %.2f%% are nearer than the nearest 1%% of test images\n", 100*m.Closer)
	}
	return b.String()
}

func (f *Frechet) weighting() string {
	if f.Unweighted == nil {
		return ""
	}
	return fmt.Sprintf(", classes counting as often as there (%.4f counting every sample alike)", *f.Unweighted)
}

// String is a percentage with its interval.
func (s Share) String() string {
	return fmt.Sprintf("%.2f%%, 95%% interval %.2f to %.2f (%d of %d)", 100*s.Share, 100*s.Low, 100*s.High, s.Correct, s.Of)
}

func (c ClassReport) mistakes() string {
	if c.MistakenFor == "" {
		return ""
	}
	return fmt.Sprintf("most often mistaken for %s (%d)", c.MistakenFor, c.Mistakes)
}

// String names the classifier and how well it reads real images.
func (c ClassifierReport) String() string {
	short := c.SHA256[:min(12, len(c.SHA256))]
	if c.Test == nil {
		return fmt.Sprintf("%s (%s)", c.Name, short)
	}
	return fmt.Sprintf("%s (%s; %.2f%% of %d test images right)", c.Name, short, 100*c.Test.Share, c.Test.Of)
}

// The lines between which a model's card has the evaluation.
const (
	sectionBegin = "<!-- evaluation: written by ddpm evaluate --card -->"
	sectionEnd   = "<!-- end of evaluation -->"
)

// Markdown is the report for a model's card. recipe may be empty.
func (r *Report) Markdown(recipe, command string) string {
	var b strings.Builder
	c := r.Conditional
	b.WriteString("## Evaluation\n\n| | |\n|---|---|\n")
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, fmt.Sprintf(format, args...))
	}
	if c.Of > 0 {
		row("read as the class asked for", "%s", c.Share)
		worst := c.PerClass[0]
		for _, class := range c.PerClass {
			if class.Share.Share < worst.Share.Share {
				worst = class
			}
		}
		for _, a := range c.PerAttribute {
			row(a.Attribute+" or not, as asked", "%s", a.Share)
		}
		row("the class read worst", "%s: %.2f%% %s", worst.Class, 100*worst.Share.Share, worst.mistakes())
	}
	row("class entropy", "%.4f of at most %.4f nats", c.ClassEntropy, math.Log(float64(len(c.Confusion))))
	if f := r.Frechet; f != nil {
		row("Fréchet distance to the training images", "%.4f, %d samples%s", f.Distance, f.OfSamples, f.weighting())
		row("its floor", "%.4f, %d test images", f.Floor, f.OfTest)
		row("its scale", "%.4f for all test images; %.4f for %d training images from the other %d", f.Scale.Test, f.Scale.Held, f.Scale.HeldOf, f.Scale.Others)
		for _, d := range f.Scale.Damages {
			row("of those with "+d.Name, "%.4f, %.1f times that", d.Distance, d.Times)
		}
	}
	if m := r.Manifold; m != nil {
		row("precision and recall", "%.4f, %.4f of %d (test images: %.4f, %.4f)", m.Precision, m.Recall, m.Of, m.TestPrecision, m.TestRecall)
	}
	if m := r.Memory; m != nil {
		row("distance to the nearest training image", "%.1f at least, %.1f in the median (test images: %.1f, %.1f)", m.Samples.Least, m.Samples.Median, m.Test.Least, m.Test.Median)
		row("nearer than the nearest 1% of test images", "%.2f%%", 100*m.Closer)
	}
	row("classifier", "%s", r.Classifier)
	if recipe != "" {
		row("recipe", "`%s`", recipe)
	}
	row("command", "`%s`", command)
	return b.String()
}

// ReplaceSection is a card with its section of evaluation replaced, or with one
// at the end if it has none.
func ReplaceSection(card, section string) (string, error) {
	return replaceBetween(card, sectionBegin, section, sectionEnd)
}

// replaceBetween is a card with what is between two lines replaced, or with both
// and it at the end.
func replaceBetween(card, begin, section, end string) (string, error) {
	section = begin + "\n" + strings.TrimSpace(section) + "\n" + end
	before, rest, found := strings.Cut(card, begin)
	if !found {
		return strings.TrimRight(card, "\n") + "\n\n" + section + "\n", nil
	}
	_, after, found := strings.Cut(rest, end)
	if !found {
		return "", errors.New("a section of the card has no end; put a line " + end + " behind it")
	}
	return before + section + after, nil
}
