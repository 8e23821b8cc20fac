package recipe

import (
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/sampler"
)

const hash = "0123456789ab"

func base() Recipe {
	r := Default
	r.Model = hash
	r.Classes = []int{0, 1, 2, 3}
	return r
}

func TestCanonicalText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"sampler=ddpm", "model=0123456789ab&sampler=ddpm&steps=50&spacing=uniform&variance=beta_tilde&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"sampler=ddpm&variance=0.50", "model=0123456789ab&sampler=ddpm&steps=50&spacing=uniform&variance=0.5&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"sampler=ddpm&variance=1", "model=0123456789ab&sampler=ddpm&steps=50&spacing=uniform&variance=beta&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"sampler=dpmpp&spacing=logsnr&steps=20", "model=0123456789ab&sampler=dpmpp&steps=20&spacing=logsnr&eta=0&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"sampler=unipc", "model=0123456789ab&sampler=unipc&steps=50&spacing=uniform&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"start=400&sampler=ddpm", "model=0123456789ab&sampler=ddpm&steps=50&spacing=uniform&variance=beta_tilde&clip=1&seed=0&classes=0-3&guidance=1&count=16&start=400"},
		{"guidance=2&interval=01-600", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=0&classes=0-3&guidance=2&interval=1-600&count=16"},
		{"guidance=1&interval=1-600", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"branch=0600", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=0&classes=0-3&guidance=1&count=16&branch=600"},
		{"resample=10&start=900", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=0&classes=0-3&guidance=1&count=16&start=900&resample=10&jump=10"},
		{"jump=5&resample=1", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=0&classes=0-3&guidance=1&count=16"},
		{"count=7&classes=none&clip=0&eta=0.50&guidance=2.0&seed=007&steps=1000&spacing=quadratic&model=ffffffffffff",
			"model=ffffffffffff&sampler=ddim&steps=1000&spacing=quadratic&eta=0.5&clip=0&seed=7&classes=none&guidance=2&count=7"},
		{"variance=beta&sampler=ddpm&classes=1,4,7", "model=0123456789ab&sampler=ddpm&steps=50&spacing=uniform&variance=beta&clip=1&seed=0&classes=1,4,7&guidance=1&count=16"},
		{"seed=18446744073709551615", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=18446744073709551615&classes=0-3&guidance=1&count=16"},
		{"classes=1%2C4%2c7&%73eed=1", "model=0123456789ab&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=1&classes=1,4,7&guidance=1&count=16"},
	} {
		r, err := Parse(c.text, base(), CountOnPage)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := r.String(); got != c.want {
			t.Errorf("%s\nis   %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"step=5", `there is no key "step"; there are model, sampler, steps`},
		{"steps", `"steps" is not key=value`},
		{"steps=5&", `"" is not key=value`},
		{"&", `"" is not key=value`},
		{"=5", `there is no key ""`},
		{"steps=5&steps=5", `"steps" is given twice`},
		{"steps=5&step%73=5", `"steps" is given twice`},
		{"model=", `model "" is not the first 12 hex digits`},
		{"model=0123456789AB", `model "0123456789AB" is not the first 12`},
		{"model=0123456789a", "is not the first 12"},
		{"sampler=plms", `sampler is "plms", want ddim, ddpm, dpmpp or unipc`},
		{"steps=0", `steps is "0", want 1 to 100000`},
		{"steps=100001", `steps is "100001", want 1 to 100000`},
		{"steps=-1", `steps is "-1", want 1 to`},
		{"steps=1e3", `steps is "1e3", want 1 to`},
		{"steps=99999999999999999999", "want 1 to"},
		{"spacing=cubic", `spacing is "cubic", want uniform, quadratic or logsnr`},
		{"eta=1.01", `eta is "1.01", want 0 to 1`},
		{"eta=-0.5", `eta is "-0.5", want a number like`},
		{"eta=NaN", `eta is "NaN", want a number`},
		{"eta=1.0.0", "want a number"},
		{"eta=" + strings.Repeat("0", 25), "want a number"},
		{"sampler=ddpm&eta=0", "eta belongs to sampler=ddim"},
		{"variance=beta", "variance belongs to sampler=ddpm"},
		{"sampler=ddpm&variance=small", `variance is "small", want beta, beta_tilde, or a number from 0`},
		{"sampler=ddpm&variance=1.01", `variance is "1.01", want beta`},
		{"sampler=unipc&eta=0", `eta belongs to sampler=ddim and sampler=dpmpp; leave it out with sampler="unipc"`},
		{"sampler=unipc&variance=beta", `variance belongs to sampler=ddpm; leave it out with sampler="unipc"`},
		{"clip=yes", `clip is "yes", want 1 or 0`},
		{"seed=-1", `seed is "-1", want 0 to 18446744073709551615`},
		{"seed=18446744073709551616", "want 0 to 18446744073709551615"},
		{"classes=", `classes has "", want numbers from 0`},
		{"classes=1,,2", `classes has ""`},
		{"classes=9-0", `the range "9-0", which runs backwards`},
		{"classes=1-", `classes has "1-"`},
		{"classes=-1", `classes has "-1"`},
		{"classes=0-65536", `classes has "0-65536", want numbers from 0 to 65535`},
		{"classes=0-1023,0", "more than 1024 entries"},
		{"classes=0-65535", "more than 1024 entries"},
		{"classes=None", `classes has "None"`},
		{"guidance=20.1", `guidance is "20.1", want 0 to 20`},
		{"guidance=Inf", "want a number"},
		{"interval=600", `interval is "600", want the first and the last t`},
		{"interval=0-600", `interval is "0-600", want the first`},
		{"interval=600-1", `interval is "600-1", want the first`},
		{"interval=1-100001", `interval is "1-100001", want the first`},
		{"interval=1-2-3", `interval is "1-2-3", want the first`},
		{"count=0", `count is "0", want 1 to 64`},
		{"count=65", `count is "65", want 1 to 64`},
		{"start=0", `start is "0", want 1 to 100000`},
		{"start=-5", `start is "-5", want 1 to`},
		{"start=100001", `start is "100001", want 1 to 100000`},
		{"branch=0", `branch is "0", want 1 to 100000`},
		{"branch=5&classes=3", "branch needs noise or classes"},
		{"branch=5&classes=3&sampler=unipc", "branch needs noise or classes"},
		{"branch=5&start=10", "branch starts from noise, so start cannot be given"},
		{"resample=0", `resample is "0", want 1 to 1000`},
		{"resample=1001", `resample is "1001", want 1 to 1000`},
		{"jump=3", "jump belongs to resample"},
		{"resample=2&jump=0", `jump is "0", want 1 to`},
		{"seed=%4", `"%4" is no escape`},
		{"seed=%zz", `"%zz" is no escape`},
		{"seed=" + strings.Repeat("1", 9000), "9005 characters, at most 8192"},
		{strings.Repeat("x", 1000), `…`},
	} {
		_, err := Parse(c.text, base(), CountOnPage)
		if err == nil || !strings.HasPrefix(err.Error(), "recipe: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s: error %v\nwant one that begins with recipe: and has %s", c.text, err, c.want)
		}
	}
}

func TestCountLimitIsTheCallers(t *testing.T) {
	if _, err := Parse("count=65", base(), CountOnTerminal); err != nil {
		t.Error(err)
	}
}

// A model's interval goes with its own guidance, and not with another.
func TestIntervalBelongsToGuidance(t *testing.T) {
	b := base()
	b.Guidance, b.Interval = 2, sampler.Interval{From: 1, To: 600}
	for text, want := range map[string]sampler.Interval{
		"steps=5":                     b.Interval,
		"guidance=3":                  {},
		"guidance=3&interval=200-500": {From: 200, To: 500},
		"interval=200-500":            {From: 200, To: 500},
	} {
		if r, err := Parse(text, b, CountOnPage); err != nil || r.Interval != want {
			t.Errorf("%s: guidance acts in %v, error %v; want %v", text, r.Interval, err, want)
		}
	}
}

// A model's η goes with its own sampler, and not with another, nor with that sampler
// in a link from before it had one.
func TestEtaBelongsToSampler(t *testing.T) {
	b := base()
	b.Sampler, b.Eta = "dpmpp", 1
	for text, want := range map[string]float64{
		"steps=5":                 1,
		"sampler=dpmpp":           0,
		"sampler=ddim":            0,
		"sampler=unipc":           0,
		"sampler=dpmpp&eta=0.5":   0.5,
		"eta=0.25":                0.25,
		"sampler=ddim&eta=1":      1,
		"sampler=dpmpp&steps=100": 0,
	} {
		if r, err := Parse(text, b, CountOnPage); err != nil || r.Eta != want {
			t.Errorf("%s: eta %v, error %v; want %v", text, r.Eta, err, want)
		}
	}
}

// Recipes for the same picture are equal whatever a text says on the way.
func TestOtherSamplersOptionIsReset(t *testing.T) {
	b := base()
	b.Eta = 0.7
	r, err := Parse("sampler=ddpm", b, CountOnPage)
	if err != nil || r.Eta != 0 {
		t.Errorf("eta %v, error %v", r.Eta, err)
	}
}

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		text string
		list []int
		want string
	}{
		{"3", []int{3}, "3"},
		{"none", []int{-1}, "none"},
		{"0-9", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, "0-9"},
		{"1,4,7", []int{1, 4, 7}, "1,4,7"},
		{"5-5", []int{5}, "5"},
		{"5-6", []int{5, 6}, "5,6"},
		{"0,1,2,5,none,0-2,2,1", []int{0, 1, 2, 5, -1, 0, 1, 2, 2, 1}, "0-2,5,none,0-2,2,1"},
		{"none,0,1", []int{-1, 0, 1}, "none,0,1"},
	} {
		got, err := ParseClasses(c.text)
		if err != nil || !slices.Equal(got, c.list) {
			t.Errorf("%s is %v, %v; want %v", c.text, got, err, c.list)
		}
		if text := FormatClasses(got); text != c.want {
			t.Errorf("%v is written %s, want %s", got, text, c.want)
		}
	}
}

// FuzzParse: what is accepted has one canonical text, URL-safe, that means the
// same recipe.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", base().String(), "sampler=ddpm&variance=beta", "classes=none,1-3&guidance=0.1", "seed=%31", "sampler=unipc&spacing=logsnr", "sampler=ddpm&variance=0.30", "start=5&resample=2&jump=3", "branch=7&eta=1&classes=2", "guidance=2&interval=1-600", "eta=0.333333333333333333333",
		"model=ffffffffffff&count=1", "classes=0-9,0-9", "clip=0", "a=b", "%", "guidance=.5", "guidance=5.",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text, base(), CountOnTerminal)
		if err != nil {
			return
		}
		canonical := r.String()
		if rest := strings.Trim(canonical, "abcdefghijklmnopqrstuvwxyz0123456789=&,._-"); rest != "" {
			t.Fatalf("%q has characters that a link escapes: %q", canonical, rest)
		}
		again, err := Parse(canonical, Recipe{}, CountOnTerminal)
		if err != nil {
			t.Fatalf("%q is refused: %v", canonical, err)
		}
		if again.String() != canonical || !slices.Equal(again.Classes, r.Classes) || again.Seed != r.Seed ||
			again.Eta != r.Eta || again.Guidance != r.Guidance || again.Start != r.Start || again.Branch != r.Branch ||
			again.Resample != r.Resample || again.Jump != r.Jump {
			t.Fatalf("%q becomes %q", canonical, again.String())
		}
	})
}
