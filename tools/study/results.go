package study

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/ddpm-go/ddpm/tools/train"
)

// Result is what one run came to.
type Result struct {
	Arm        string          `json:"arm"`
	Part       string          `json:"part"`
	Seed       uint64          `json:"seed"`
	Config     json.RawMessage `json:"config"` // of the run
	Recipe     string          `json:"recipe"`
	Classifier string          `json:"classifier"`

	Distance float64 `json:"distance"` // Fréchet's, to the training images
	Floor    float64 `json:"floor"`    // that of as many test images
	Accuracy float64 `json:"accuracy"` // share of samples read as asked
	Loss     float64 `json:"l_simple"`

	Parameters int64   `json:"parameters"`
	MulAdds    int64   `json:"mul_adds"` // for one picture, forward
	Images     int     `json:"images"`   // seen
	Seconds    float64 `json:"training_seconds"`
	Peak       float64 `json:"peak_gflops"` // of the machine, measured at that time
}

// PFLOPs is the arithmetic of the training, backward being twice forward, in 10¹⁵.
func (r Result) PFLOPs() float64 { return 3 * 2e-15 * float64(r.MulAdds) * float64(r.Images) }

// Rate is how many pictures were learned from in a second.
func (r Result) Rate() float64 { return float64(r.Images) / r.Seconds }

// Share is that of the machine's measured peak, 1 for all of it.
func (r Result) Share() float64 { return 1e6 * r.PFLOPs() / r.Seconds / r.Peak }

// Results are all that there are so far.
type Results []Result

// ReadResults reads what JSON wrote.
func ReadResults(text []byte) (Results, error) {
	var r Results
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("study: the results: %w", err)
	}
	return r, nil
}

// JSON is the results in full.
func (r Results) JSON() ([]byte, error) { return json.MarshalIndent(r, "", "  ") }

// Find returns the result of an arm with a seed, if there is one. One of another
// config, recipe or classifier is an error: it does not belong beside the others.
func (r Results) Find(arm string, c train.Config, recipe, classifier string) (bool, error) {
	for _, result := range r {
		if result.Arm != arm || result.Seed != c.Seed {
			continue
		}
		var before train.Config
		if err := json.Unmarshal(result.Config, &before); err != nil {
			return false, fmt.Errorf("study: the result of %s: %w", arm, err)
		}
		if !SameTraining(before, c) || result.Recipe != recipe || result.Classifier != classifier {
			return false, fmt.Errorf("study: %s with seed %d was measured when the plan was another; use another folder", arm, c.Seed)
		}
		return true, nil
	}
	return false, nil
}

// SameTraining reports whether two configs lead to the same weights.
func SameTraining(a, b train.Config) bool {
	a.Command, b.Command = "", ""
	one, failed := json.Marshal(a)
	two, err := json.Marshal(b)
	return failed == nil && err == nil && string(one) == string(two)
}

// CSV is the results as a table, one row a run.
func (r Results) CSV() []byte {
	var b strings.Builder
	b.WriteString("part,arm,seed,distance,floor,accuracy,l_simple,parameters,mul_adds,images,pflops,seconds,images_per_s,share_of_peak\n")
	for _, x := range r {
		fmt.Fprintf(&b, "%s,%s,%d,%g,%g,%g,%g,%d,%d,%d,%g,%.1f,%.1f,%.4f\n", x.Part, x.Arm, x.Seed, x.Distance, x.Floor, x.Accuracy, x.Loss,
			x.Parameters, x.MulAdds, x.Images, x.PFLOPs(), x.Seconds, x.Rate(), x.Share())
	}
	return []byte(b.String())
}

// arm is the results of one arm, with all of its seeds.
type arm struct {
	part, name string
	runs       Results
}

// arms groups the results, in the order in which arms first occur.
func (r Results) arms() []arm {
	var list []arm
	for _, x := range r {
		i := slices.IndexFunc(list, func(a arm) bool { return a.name == x.Arm })
		if i < 0 {
			list = append(list, arm{part: x.Part, name: x.Arm})
			i = len(list) - 1
		}
		list[i].runs = append(list[i].runs, x)
	}
	return list
}

// spread is the mean of a figure over the seeds, and its least and largest.
func (a arm) spread(of func(Result) float64) (mean, least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for _, r := range a.runs {
		v := of(r)
		mean += v / float64(len(a.runs))
		least, most = min(least, v), max(most, v)
	}
	return mean, least, most
}

// Text is the table for a person: means, and in brackets the range over seeds.
func (r Results) Text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "part\tarm\tseeds\tFréchet distance\tread as asked\tL_simple\tPFLOP\timages/s\tof the peak")
	for _, a := range r.arms() {
		figure := func(format string, scale float64, of func(Result) float64) string {
			mean, least, most := a.spread(of)
			text := fmt.Sprintf(format, scale*mean)
			if len(a.runs) > 1 {
				text += " (" + fmt.Sprintf(format, scale*least) + "–" + fmt.Sprintf(format, scale*most) + ")"
			}
			return text
		}
		fmt.Fprintln(w, strings.Join([]string{
			a.part, a.name, strconv.Itoa(len(a.runs)),
			figure("%.4f", 1, func(x Result) float64 { return x.Distance }),
			figure("%.2f%%", 100, func(x Result) float64 { return x.Accuracy }),
			figure("%.4f", 1, func(x Result) float64 { return x.Loss }),
			figure("%.2f", 1, Result.PFLOPs),
			figure("%.0f", 1, Result.Rate),
			figure("%.0f%%", 100, Result.Share),
		}, "\t"))
	}
	w.Flush() // to a string: it cannot fail
	return b.String()
}
