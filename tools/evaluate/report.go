package evaluate

import (
	"math"
	"slices"
	"strings"
)

// Share is a number of successes out of a number of trials, with Wilson's 95%
// interval for the probability behind it (Wilson, 1927), which keeps its meaning
// where all succeed.
type Share struct {
	Correct int     `json:"correct"`
	Of      int     `json:"of"`
	Share   float64 `json:"share"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// NewShare is k of n.
func NewShare(k, n int) Share {
	if n == 0 {
		return Share{High: 1}
	}
	const z = 1.959964 // the normal distribution's 97.5% point
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Share{Correct: k, Of: n, Share: p, Low: max(0, middle-half), High: min(1, middle+half)}
}

// ClassReport is how the samples of one class were read.
type ClassReport struct {
	Class string `json:"class"`
	Share
	MistakenFor string `json:"mistaken_for,omitempty"` // most often
	Mistakes    int    `json:"mistakes,omitempty"`     // how often that
}

// AttributeReport is how many samples were read as having an attribute where it was
// asked for, and as lacking it where it was not.
type AttributeReport struct {
	Attribute string `json:"attribute"`
	Share
}

// Conditional says how well samples keep to the classes they were asked for.
type Conditional struct {
	Share
	PerClass []ClassReport `json:"per_class"`
	// PerAttribute is there where classes are combinations, as "long hair + hat".
	PerAttribute []AttributeReport `json:"per_attribute,omitempty"`
	// Confusion[a][r] is how many samples of class a were read as r.
	Confusion [][]int `json:"confusion"`
	// MeanConfusion and MaxConfusion are over the classes asked for: the share
	// of a class's samples that were read as another class.
	MeanConfusion float64 `json:"mean_confusion"`
	MaxConfusion  float64 `json:"max_confusion"`
	// ClassEntropy is that of the mean prediction, in nats: ln(classes) if every
	// class is drawn equally often.
	ClassEntropy float64 `json:"class_entropy"`
	// SampleEntropy is the mean entropy of the prediction for one sample: 0 if
	// the classifier has no doubts.
	SampleEntropy float64 `json:"sample_entropy"`
}

// NewConditional compares a reading of samples with the classes asked for.
// Samples without a class (−1) count in the entropies only.
func NewConditional(r *Reading, asked []int, names []string) Conditional {
	c := Conditional{Confusion: make([][]int, r.Classes)}
	for i := range c.Confusion {
		c.Confusion[i] = make([]int, r.Classes)
	}
	for i, class := range asked {
		if class >= 0 {
			c.Confusion[class][r.Class[i]]++
		}
	}
	correct, of, classes := 0, 0, 0
	for class, row := range c.Confusion {
		n, mistakenFor := 0, -1
		for read, k := range row {
			n += k
			if read != class && k > 0 && (mistakenFor < 0 || k > row[mistakenFor]) {
				mistakenFor = read
			}
		}
		if n == 0 {
			continue
		}
		report := ClassReport{Class: names[class], Share: NewShare(row[class], n)}
		if mistakenFor >= 0 {
			report.MistakenFor, report.Mistakes = names[mistakenFor], row[mistakenFor]
		}
		c.PerClass = append(c.PerClass, report)
		c.MeanConfusion += 1 - report.Share.Share
		c.MaxConfusion = max(c.MaxConfusion, 1-report.Share.Share)
		correct, of, classes = correct+row[class], of+n, classes+1
	}
	c.Share = NewShare(correct, of)
	c.PerAttribute = newAttributes(c.Confusion, names)
	c.MeanConfusion /= float64(max(classes, 1))
	c.ClassEntropy, c.SampleEntropy = r.entropies()
	return c
}

// newAttributes counts in a confusion of classes which are combinations of attributes.
// Of two that exclude each other and leave no third, as short and long hair, it
// reports the first: the other is read right as often.
func newAttributes(confusion [][]int, names []string) []AttributeReport {
	const and = " + "
	if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, and) }) {
		return nil
	}
	var reports []AttributeReport
	seen := map[string]bool{} // by which classes have the attribute
	for _, attribute := range strings.Split(strings.Join(names, and), and) {
		has, lacks := make([]byte, len(names)), make([]byte, len(names))
		for class, name := range names {
			if has[class], lacks[class] = 0, 1; slices.Contains(strings.Split(name, and), attribute) {
				has[class], lacks[class] = 1, 0
			}
		}
		if seen[string(has)] || seen[string(lacks)] {
			continue
		}
		seen[string(has)] = true
		correct, of := 0, 0
		for class, row := range confusion {
			for read, k := range row {
				of += k
				if has[class] == has[read] {
					correct += k
				}
			}
		}
		reports = append(reports, AttributeReport{attribute, NewShare(correct, of)})
	}
	return reports
}

// entropies are that of the mean prediction and the mean of the predictions',
// in nats.
func (r *Reading) entropies() (ofMean, meanOf float64) {
	n := float64(len(r.Class))
	average := make([]float64, r.Classes)
	for i, q := range r.Probabilities {
		average[i%r.Classes] += float64(q) / n
		meanOf += surprise(float64(q)) / n
	}
	for _, q := range average {
		ofMean += surprise(q)
	}
	return ofMean, meanOf
}

// surprise is −q·ln q, 0 at 0.
func surprise(q float64) float64 {
	if q <= 0 {
		return 0
	}
	return -q * math.Log(q)
}
