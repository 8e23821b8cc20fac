package recipe

import (
	"errors"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/sampler"
)

// keys in canonical order, for messages.
const keys = "model, sampler, steps, spacing, eta, variance, clip, seed, classes, guidance, interval, count, start, branch, resample, jump"

// maxText bounds what is read. No canonical text is longer, with maxClasses
// entries of six characters.
const maxText = 8192

// Parse reads a recipe's text: key=value pairs joined by &, in any order. A key
// that is not given keeps the value it has in base; but eta is part of what the
// sampler is, and the interval of what guidance is, so that a text with sampler and
// without eta adds no noise, and one with guidance and without interval guides at
// every t. %XX escapes, which links collect on their way, are undone. Refused are
// unknown, repeated and empty keys, values out of range, and eta or variance given
// to the sampler that does not have it; what the sampler does not have is set to
// its default, as is the interval where there is no guidance, so that recipes for
// the same picture are equal.
func Parse(text string, base Recipe, maxCount int) (Recipe, error) {
	r := base
	if len(text) > maxText {
		return r, errors.New("recipe: " + strconv.Itoa(len(text)) + " characters, at most " + strconv.Itoa(maxText))
	}
	given := map[string]bool{}
	for pair := range strings.SplitSeq(text, "&") {
		if text == "" {
			break
		}
		pair, err := unescape(pair)
		if err != nil {
			return r, err
		}
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return r, errors.New("recipe: " + quote(pair) + " is not key=value; pairs are joined by &")
		}
		if given[key] {
			return r, invalid(quote(key), "is given twice")
		}
		given[key] = true
		if err := r.set(key, value); err != nil {
			return r, err
		}
	}
	noisy := r.Sampler == "ddim" || r.Sampler == "dpmpp"
	if given["eta"] && !noisy {
		return r, invalid("eta", "belongs to sampler=ddim and sampler=dpmpp; leave it out with sampler="+quote(r.Sampler))
	}
	if !noisy || given["sampler"] && !given["eta"] {
		r.Eta = Default.Eta
	}
	if r.Sampler != "ddpm" {
		if given["variance"] {
			return r, invalid("variance", "belongs to sampler=ddpm; leave it out with sampler="+quote(r.Sampler))
		}
		r.Variance = Default.Variance
	}
	plain := r.Guidance == 0 || r.Guidance == 1
	if plain || given["guidance"] && !given["interval"] {
		r.Interval = Default.Interval
	}
	if given["jump"] && !given["resample"] {
		return r, invalid("jump", "belongs to resample, which says how often to go back; give that too")
	}
	if !given["resample"] && r.Resample == 0 {
		r.Resample = Default.Resample // a text without it is whole
	}
	if r.Resample == 1 {
		r.Jump = Default.Jump
	}
	return r, r.Validate(maxCount)
}

func (r *Recipe) set(key, value string) (err error) {
	switch key {
	case "model":
		r.Model = value
	case "sampler":
		r.Sampler = value
	case "steps":
		r.Steps, err = parseInt(key, value, maxSteps)
	case "spacing":
		r.Spacing = value
	case "eta":
		r.Eta, err = parseNumber(key, value)
	case "variance":
		r.Variance = value // and if it is none, Validate says so
		if v, wrong := diffusion.ParseVariance(value); wrong == nil {
			r.Variance = v.String()
		}
	case "clip":
		if value != "0" && value != "1" {
			return oneOf(key, value, "1 or 0")
		}
		r.Clip = value == "1"
	case "seed":
		if r.Seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			return outside(key, value, "0", "18446744073709551615")
		}
	case "classes":
		if r.Classes, err = ParseClasses(value); err != nil {
			return errors.New("recipe: " + err.Error())
		}
	case "guidance":
		r.Guidance, err = parseNumber(key, value)
	case "interval":
		r.Interval, err = parseInterval(value)
	case "count":
		r.Count, err = parseInt(key, value, CountOnTerminal)
	case "start":
		r.Start, err = parseStep(key, value)
	case "branch":
		r.Branch, err = parseStep(key, value)
	case "resample":
		r.Resample, err = parseInt(key, value, maxResample)
	case "jump":
		r.Jump, err = parseInt(key, value, maxSteps)
	default:
		return errors.New("recipe: there is no key " + quote(key) + "; there are " + keys)
	}
	return err
}

func parseInt(key, value string, limit int) (int, error) {
	n, err := strconv.ParseUint(value, 10, 31)
	if err != nil {
		return 0, outside(key, value, "1", strconv.Itoa(limit))
	}
	return int(n), nil
}

// parseStep is parseInt of a t, which is not 0: leaving the key out is.
func parseStep(key, value string) (int, error) {
	t, err := parseInt(key, value, maxSteps)
	if err == nil && t == 0 {
		err = outside(key, value, "1", strconv.Itoa(maxSteps))
	}
	return t, err
}

// parseInterval reads two t, the first not after the last.
func parseInterval(value string) (i sampler.Interval, err error) {
	from, to, _ := strings.Cut(value, "-")
	i.From, err = parseStep("interval", from)
	if err == nil {
		i.To, err = parseStep("interval", to)
	}
	if err != nil || !isInterval(i) {
		return i, notInterval(value)
	}
	return i, nil
}

func isInterval(i sampler.Interval) bool { return 1 <= i.From && i.From <= i.To && i.To <= maxSteps }

func notInterval(value string) error {
	return invalid("interval", "is "+quote(value)+", want the first and the last t at which guidance acts, like 1-600")
}

// parseNumber reads decimal digits with at most one point: no exponent, no
// sign, no infinity, so that a number has little room to be written oddly.
func parseNumber(key, value string) (float64, error) {
	if len(value) <= 24 && strings.Trim(value, "0123456789.") == "" {
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			return v, nil
		}
	}
	return 0, invalid(key, "is "+quote(value)+", want a number like 0, 1.5 or 7")
}

// unescape undoes %XX.
func unescape(s string) (string, error) {
	if !strings.Contains(s, "%") {
		return s, nil
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", errors.New("recipe: " + quote(s[i:]) + " is no escape, want % and two hex digits")
		}
		v, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", errors.New("recipe: " + quote(s[i:i+3]) + " is no escape, want % and two hex digits")
		}
		b = append(b, byte(v))
		i += 2
	}
	return string(b), nil
}
