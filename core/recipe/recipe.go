// Package recipe is the one value that says how pictures were made, its one
// textual form, and what runs it: the page, the command line and whatever else
// draws pictures all go through here, so that a recipe means the same picture
// everywhere.
package recipe

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// Recipe is everything that decides a picture. Its text, by which it travels in
// links and command lines, is
//
//	model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=7&classes=0-9&guidance=1&count=16
//
// in this order, with every key written; in place of eta a ddpm recipe has
// variance=beta_tilde, a unipc recipe nothing. Behind guidance there may be
// interval=1-600, and recipes of edits go on with start=400, branch=600 or
// resample=10&jump=10. Parse says what each may be.
type Recipe struct {
	Model    string           // model: first 12 hex digits of the SHA-256 of the checkpoint
	Sampler  string           // sampler: "ddpm" (Ho et al., 2020), "ddim" (Song et al., 2021), "dpmpp" (Lu et al., 2022) or "unipc" (Zhao et al., 2023)
	Steps    int              // steps: evaluations of the network along the chain, 1…T
	Spacing  string           // spacing: "uniform", "quadratic" or "logsnr", which t of T are visited; "uniform:100" is down to t = 100 (schedule.Spacing.To)
	Eta      float64          // eta: η of ddim and dpmpp, 0 (no noise) to 1
	Variance string           // variance: DDPM's σ², "beta" or "beta_tilde" (§3.2), or a weight between
	Clip     bool             // clip: x̂_0 is clipped to [−1, 1], 1 or 0
	Seed     uint64           // seed of all noise
	Classes  []int            // classes: image i is of class Classes[i % len]; unet.Null for none
	Guidance float64          // guidance: ε = ε_null + w·(ε_class − ε_null); 1 is plain
	Interval sampler.Interval // interval: the t at which guidance acts, as 1-600; zero for all, and then not in the text
	Count    int              // count: number of images

	// What edits need. Each is in the text only if it says something.
	Start    int // start: the t from which pictures that are given are denoised; 0 is from pure noise
	Branch   int // branch: the t down to which all images are image 0; 0 is for none
	Resample int // resample: how often inpainting walks each part of the way (RePaint's r); 1 is once
	Jump     int // jump: the steps that it goes back up for that (RePaint's j)
}

// Default is a recipe of one model-independent kind: what a key means that is
// not given. A model's Defaults fill in the rest.
var Default = Recipe{
	Sampler:  "ddim",
	Steps:    50,
	Spacing:  "uniform",
	Variance: "beta_tilde",
	Clip:     true,
	Guidance: 1,
	Count:    16,
	Resample: 1,
	Jump:     10,
}

// How many images a recipe may ask for. The page holds all of them in memory,
// at every step, and shows all at once; the command line makes them in turn,
// and its limit only guards against a slip of the hand.
const (
	CountOnPage     = 64
	CountOnTerminal = 100_000
)

var (
	samplers = []string{"ddim", "ddpm", "dpmpp", "unipc"}
)

const (
	hashDigits  = 12
	maxSteps    = 100_000 // schedule.MaxT; a model allows its own T
	maxGuidance = 20
	maxResample = 1000 // as the sampler has it
)

// String returns the canonical text.
func (r Recipe) String() string {
	var b []byte
	put := func(key, value string) {
		if len(b) > 0 {
			b = append(b, '&')
		}
		b = append(append(append(b, key...), '='), value...)
	}
	put("model", r.Model)
	put("sampler", r.Sampler)
	put("steps", strconv.Itoa(r.Steps))
	put("spacing", r.Spacing)
	switch r.Sampler {
	case "ddpm":
		put("variance", r.Variance)
	case "ddim", "dpmpp":
		put("eta", formatNumber(r.Eta))
	}
	clip := "0"
	if r.Clip {
		clip = "1"
	}
	put("clip", clip)
	put("seed", strconv.FormatUint(r.Seed, 10))
	put("classes", FormatClasses(r.Classes))
	put("guidance", formatNumber(r.Guidance))
	if r.Interval != (sampler.Interval{}) {
		put("interval", r.Interval.String())
	}
	put("count", strconv.Itoa(r.Count))
	if r.Start > 0 {
		put("start", strconv.Itoa(r.Start))
	}
	if r.Branch > 0 {
		put("branch", strconv.Itoa(r.Branch))
	}
	if r.Resample > 1 {
		put("resample", strconv.Itoa(r.Resample))
		put("jump", strconv.Itoa(r.Jump))
	}
	return string(b)
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Validate says which field is out of its range, and what the range is. A
// model's Check knows more.
func (r Recipe) Validate(maxCount int) error {
	switch {
	case !isHash(r.Model):
		return invalid("model", strconv.Quote(r.Model)+" is not the first 12 hex digits of a checkpoint's SHA-256")
	case !slices.Contains(samplers, r.Sampler):
		return oneOf("sampler", r.Sampler, alternatives(samplers))
	case r.Steps < 1 || r.Steps > maxSteps:
		return outside("steps", strconv.Itoa(r.Steps), "1", strconv.Itoa(maxSteps))
	case !isSpacing(r.Spacing):
		return oneOf("spacing", r.Spacing, "uniform, quadratic or logsnr, or one of them down to some t, like uniform:100")
	case !(r.Eta >= 0 && r.Eta <= 1):
		return outside("eta", formatNumber(r.Eta), "0", "1")
	case !isVariance(r.Variance):
		return oneOf("variance", r.Variance, "beta, beta_tilde, or a number from 0 (beta_tilde) to 1 (beta)")
	case !(r.Guidance >= 0 && r.Guidance <= maxGuidance):
		return outside("guidance", formatNumber(r.Guidance), "0", strconv.Itoa(maxGuidance))
	case r.Interval != sampler.Interval{} && !isInterval(r.Interval):
		return notInterval(r.Interval.String())
	case r.Count < 1 || r.Count > maxCount:
		return outside("count", strconv.Itoa(r.Count), "1", strconv.Itoa(maxCount))
	case r.Start < 0 || r.Start > maxSteps:
		return outside("start", strconv.Itoa(r.Start), "1", strconv.Itoa(maxSteps))
	case r.Branch < 0 || r.Branch > maxSteps:
		return outside("branch", strconv.Itoa(r.Branch), "1", strconv.Itoa(maxSteps))
	case r.Resample < 1 || r.Resample > maxResample:
		return outside("resample", strconv.Itoa(r.Resample), "1", strconv.Itoa(maxResample))
	case r.Jump < 1 || r.Jump > maxSteps:
		return outside("jump", strconv.Itoa(r.Jump), "1", strconv.Itoa(maxSteps))
	case len(r.Classes) == 0:
		return invalid("classes", "is empty, want a list like 0-9 or 1,4,7, or none")
	}
	if r.Branch > 0 {
		if err := r.validateBranch(); err != nil {
			return err
		}
	}
	if len(r.Classes) > maxClasses {
		return invalid("classes", "has more than "+strconv.Itoa(maxClasses)+" entries")
	}
	for _, c := range r.Classes {
		if c < -1 || c > maxClass {
			return outside("classes", strconv.Itoa(c), "0", strconv.Itoa(maxClass))
		}
	}
	return nil
}

// validateBranch says whether images that were one can part again.
func (r Recipe) validateBranch() error {
	noiseless := r.Sampler != "ddpm" && r.Eta == 0
	different := slices.ContainsFunc(r.Classes, func(c int) bool { return c != r.Classes[0] })
	switch {
	case r.Start > 0:
		return invalid("branch", "starts from noise, so start cannot be given with it")
	case noiseless && !different:
		return invalid("branch", "needs noise or classes by which the images part: want sampler=ddpm, eta above 0, or several classes")
	}
	return nil
}

// isVariance says whether text is a variance as diffusion.Variance writes it.
func isVariance(text string) bool {
	v, err := diffusion.ParseVariance(text)
	return err == nil && v.String() == text
}

// isSpacing says whether text is a spacing of a chain that a model may have.
func isSpacing(text string) bool {
	p, err := schedule.ParseSpacing(text)
	return err == nil && p.End() <= maxSteps
}

func isHash(s string) bool {
	if len(s) != hashDigits {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

func invalid(key, text string) error { return errors.New("recipe: " + key + " " + text) }

func oneOf(key, value, want string) error {
	return invalid(key, "is "+quote(value)+", want "+want)
}

// alternatives joins words to "a, b or c".
func alternatives(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func outside(key, value, low, high string) error {
	return invalid(key, "is "+quote(value)+", want "+low+" to "+high)
}

// quote shortens what a stranger may have made long.
func quote(s string) string {
	const longest = 60
	if len(s) > longest {
		return strconv.Quote(s[:longest]) + "…"
	}
	return strconv.Quote(s)
}
