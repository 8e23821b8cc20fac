package evaluate

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
)

// CurveParts are the questions that curves answer, in the order in which they are
// asked: the distance against steps for each fast sampler, of ancestral sampling,
// against guidance, and of other checkpoints of the same network.
var CurveParts = []string{"steps", "ddpm", "guidance", "beside"}

// CurvePoint is one thing to measure: a recipe, of the model or of another beside
// it (Model 1…), for every seed.
type CurvePoint struct {
	Part, Series string
	X            float64
	Recipe       string // what differs from the model's defaults
	Model        int
	Seeds        int
}

// CurvePoints lists the points of some parts. Where a point costs minutes it gets
// all the seeds, else one.
func CurvePoints(parts []string, beside, seeds int) []CurvePoint {
	var points []CurvePoint
	add := func(part, series string, x float64, recipe string, model, seeds int) {
		if slices.Contains(parts, part) {
			points = append(points, CurvePoint{part, series, x, recipe, model, seeds})
		}
	}
	for _, steps := range []int{20, 10, 5, 50} { // the most telling first
		for _, s := range []struct{ name, recipe string }{
			{"dpmpp", "sampler=dpmpp"}, {"dpmpp, η = 1", "sampler=dpmpp&eta=1"}, {"unipc", "sampler=unipc"},
			{"ddim", "sampler=ddim&eta=0"}, {"ddim, η = 1", "sampler=ddim&eta=1"},
		} {
			add("steps", s.name, float64(steps), s.recipe+"&steps="+strconv.Itoa(steps), 0, seeds)
		}
	}
	for _, steps := range []int{250, 1000} {
		add("ddpm", "ddpm", float64(steps), "sampler=ddpm&steps="+strconv.Itoa(steps), 0, 1)
	}
	for _, s := range []struct{ name, recipe string }{
		{"unipc, 20 steps", "sampler=unipc&steps=20"}, {"unipc, 20 steps, t to 600", "sampler=unipc&steps=20&interval=1-600"},
		{"ddim, 50 steps", "sampler=ddim&steps=50"},
	} {
		for _, guidance := range []float64{1, 1.25, 1.5, 2, 3} {
			if guidance == 1 && strings.Contains(s.recipe, "interval") {
				continue // nothing to place: the series without it has the point
			}
			g := strconv.FormatFloat(guidance, 'g', -1, 64)
			add("guidance", s.name, guidance, s.recipe+"&guidance="+g, 0, seeds)
		}
	}
	for model := range beside + 1 {
		add("beside", "unipc, 20 steps", float64(model), "sampler=unipc&steps=20", model, seeds)
	}
	return points
}

// Measured is a point that has been measured, with one seed. Recipe is the whole
// text, the model's hash and the seed included: with the classifier and the count
// in it, it says what was measured.
type Measured struct {
	Part       string  `json:"part"`
	Series     string  `json:"series"`
	X          float64 `json:"x"`
	Model      string  `json:"model"` // file
	Recipe     string  `json:"recipe"`
	Classifier string  `json:"classifier"` // the start of its hash
	Floor      float64 `json:"floor"`
	Distance   float64 `json:"distance"`
	Accuracy   float64 `json:"accuracy"`
	Seconds    float64 `json:"seconds"` // to draw
}

// Curves is all that has been measured.
type Curves []Measured

// ReadCurves reads what Curves.JSON wrote.
func ReadCurves(text []byte) (Curves, error) {
	var c Curves
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("curves: the points that were measured before: %w", err)
	}
	return c, nil
}

// JSON is every point.
func (c Curves) JSON() ([]byte, error) { return json.MarshalIndent(c, "", "  ") }

// Has says whether a recipe has been measured with a classifier, for a part.
func (c Curves) Has(part, recipe, classifier string) bool {
	return slices.ContainsFunc(c, func(m Measured) bool {
		return m.Part == part && m.Recipe == recipe && m.Classifier == classifier
	})
}

// row is the points that differ in their seed alone.
type row struct {
	Measured
	distances, accuracies []float64
}

// rows are in the order of parts, series and x.
func (c Curves) rows() []row {
	var rows []row
	for _, m := range c {
		i := slices.IndexFunc(rows, func(r row) bool {
			return r.Part == m.Part && r.Series == m.Series && r.X == m.X && r.Model == m.Model && r.Classifier == m.Classifier &&
				seedless(r.Recipe) == seedless(m.Recipe) // of another checkpoint or count it is another point
		})
		if i < 0 {
			i, rows = len(rows), append(rows, row{Measured: m})
		}
		rows[i].distances = append(rows[i].distances, m.Distance)
		rows[i].accuracies = append(rows[i].accuracies, m.Accuracy)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(slices.Index(CurveParts, a.Part), slices.Index(CurveParts, b.Part)),
			cmp.Compare(a.Series, b.Series), cmp.Compare(a.X, b.X))
	})
	return rows
}

// seedless is a recipe's text without its seed.
func seedless(recipe string) string {
	pairs := strings.Split(recipe, "&")
	return strings.Join(slices.DeleteFunc(pairs, func(pair string) bool { return strings.HasPrefix(pair, "seed=") }), "&")
}

func (r row) distance() string {
	mean := 0.0
	for _, d := range r.distances {
		mean += d / float64(len(r.distances))
	}
	if len(r.distances) == 1 {
		return fmt.Sprintf("%.4f", mean)
	}
	return fmt.Sprintf("%.4f (%.4f to %.4f)", mean, slices.Min(r.distances), slices.Max(r.distances))
}

func (r row) accuracy() string {
	mean := 0.0
	for _, a := range r.accuracies {
		mean += a / float64(len(r.accuracies))
	}
	return fmt.Sprintf("%.2f%%", 100*mean)
}

// what is the point's place on its curve.
func (r row) what() string {
	switch r.Part {
	case "guidance":
		return fmt.Sprintf("guidance %g", r.X)
	case "beside":
		return r.Model
	}
	return fmt.Sprintf("%g steps", r.X)
}

// Text is a table for a terminal, a line for each point with the mean and the
// range over seeds.
func (c Curves) Text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range c.rows() {
		fmt.Fprintf(w, "%s\t%s\tFréchet distance %s\tread as asked %s\t%d seeds\n", r.Series, r.what(), r.distance(), r.accuracy(), len(r.distances))
	}
	w.Flush() // to memory: it cannot fail
	return b.String()
}

// CSV is every point as a table.
func (c Curves) CSV() []byte {
	var b bytes.Buffer
	b.WriteString("part,series,x,model,distance,floor,accuracy,seconds,recipe\n")
	for _, m := range c {
		fmt.Fprintf(&b, "%s,%q,%g,%q,%g,%g,%g,%.1f,%q\n", m.Part, m.Series, m.X, m.Model, m.Distance, m.Floor, m.Accuracy, m.Seconds, m.Recipe)
	}
	return b.Bytes()
}

// The lines between which a model's card has its curves.
const (
	curvesBegin = "<!-- curves: written by ddpm curves --card -->"
	curvesEnd   = "<!-- end of curves -->"
)

// ReplaceCurves is a card with its curves replaced, or with some at the end.
func (c Curves) ReplaceCurves(card, command string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "## Curves\n\nFréchet distance and share read as asked; of several seeds the mean and the range. The floor is %.4f.\n\n", c[len(c)-1].Floor)
	b.WriteString("| sampler | | Fréchet distance | read as asked | seeds |\n|---|---|---|---|---|\n")
	for _, r := range c.rows() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", r.Series, r.what(), r.distance(), r.accuracy(), len(r.distances))
	}
	fmt.Fprintf(&b, "\n`%s`\n", command)
	return replaceBetween(card, curvesBegin, b.String(), curvesEnd)
}

// Plots are the curves, PNG, by the name of a file: distance against steps and
// against guidance, of what there is.
func (c Curves) Plots() (map[string][]byte, error) {
	plots := map[string][]byte{}
	for _, p := range []struct {
		file, x string
		parts   []string
	}{{"steps.png", "steps", []string{"steps", "ddpm"}}, {"guidance.png", "guidance", []string{"guidance"}}} {
		picture, err := c.plot(p.x, p.parts)
		if err != nil {
			return nil, err
		}
		if picture != nil {
			plots[p.file] = picture
		}
	}
	return plots, nil
}

func (c Curves) plot(x string, parts []string) ([]byte, error) {
	series := map[string]plotter.XYs{}
	var names []string
	floor := 0.0
	for _, r := range c.rows() {
		if !slices.Contains(parts, r.Part) {
			continue
		}
		if series[r.Series] == nil {
			names = append(names, r.Series)
		}
		for _, d := range r.distances {
			series[r.Series] = append(series[r.Series], plotter.XY{X: r.X, Y: d})
		}
		floor = r.Floor
	}
	if len(names) == 0 {
		return nil, nil
	}
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, "Fréchet distance"
	p.Legend.Top = true
	if x == "steps" {
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	p.Add(plotter.NewGrid())
	for i, name := range names {
		line, dots, err := plotter.NewLinePoints(series[name])
		if err != nil {
			return nil, err
		}
		line.Color, dots.Color, dots.Shape = plotutil.Color(i), plotutil.Color(i), plotutil.Shape(i)
		p.Add(line, dots)
		p.Legend.Add(name, line, dots)
	}
	bottom := plotter.NewFunction(func(float64) float64 { return floor })
	bottom.Color, bottom.Dashes = color.Gray{Y: 128}, []vg.Length{vg.Points(4), vg.Points(3)}
	p.Add(bottom)
	p.Legend.Add("floor: test images", bottom)
	p.Y.Min = 0
	w, err := p.WriterTo(6*vg.Inch, 4*vg.Inch, "png")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = w.WriteTo(&b)
	return b.Bytes(), err
}
