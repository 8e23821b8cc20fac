package study

import (
	"bytes"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/train"
)

func digits() *dataset.Dataset {
	return &dataset.Dataset{Name: "mnist", Height: 28, Width: 28, Channels: 1, Classes: make([]string, 10)}
}

// The plans in this folder can be run, every arm differs from the base, and all cost
// what the plan says that they do, up to a step.
func TestPlans(t *testing.T) {
	for file, d := range map[string]*dataset.Dataset{
		"digits.json":  digits(),
		"avatars.json": {Name: "avatars", Height: 16, Width: 16, Channels: 3, Classes: make([]string, 8)},
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		base, err := p.Config(p.Arms[0], 1, d)
		if err != nil {
			t.Fatal(err)
		}
		// Of one step.
		cost := func(c train.Config) float64 {
			if p.Equal == equalImages {
				return float64(c.Batch)
			}
			return float64(c.Net.MulAdds()) * float64(c.Batch)
		}
		all := cost(base) * float64(base.Steps)
		for _, a := range p.Arms[1:] {
			c, err := p.Config(a, 1, d)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			same := c
			same.Name = base.Name
			if SameTraining(same, base) {
				t.Errorf("%s: %s is the base", file, a.Name)
			}
			if is := cost(c) * float64(c.Steps); is < all-cost(c) || is > all+cost(c) {
				t.Errorf("%s: %s costs %g, the base %g", file, a.Name, is, all)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const plan = `{"data":"mnist","images":640,"equal":"images","seeds":[1],"samples":10,"recipe":"steps=2","arms":[{"name":"a"},{"name":"b","changes":{"rate":0.1}}]}`
	p, err := Parse([]byte(plan))
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Config(p.Arms[1], 7, digits())
	if err != nil || c.Rate != 0.1 || c.Seed != 7 || c.Steps != 10 || c.Net.NumClasses != 10 {
		t.Errorf("%+v, %v", c, err)
	}
	for _, f := range []struct{ from, to, want string }{
		{`"data"`, `"set"`, `unknown field "set"`},
		{`"images":640`, `"images":0`, "0 images, want at least 1"},
		{`"equal":"images"`, `"equal":"time"`, `equal in "time", want flops or images`},
		{`"seeds":[1]`, `"seeds":[]`, "no seeds"},
		{`"samples":10`, `"samples":1`, "1 samples, want at least 2"},
		{`"name":"b"`, `"name":"a"`, `two arms are called "a"`},
		{`"name":"b"`, `"name":"../b"`, `arm 2 is called "../b"`},
		{`"rate":0.1`, `"rat":0.1`, `arm b: train: changes to a config: json: unknown field "rat"`},
		{`"rate":0.1`, `"rate":-1`, "arm b: train: rate of -1"},
		{`"rate":0.1`, `"net":{"width":[8]}`, `the network has no "width"`},
		{`"rate":0.1`, `"net":{"widths":[32,60,96]}`, "a width is 60"},
	} {
		if strings.Count(plan, f.from) != 1 {
			t.Fatalf("%q", f.from)
		}
		p, err := Parse([]byte(strings.Replace(plan, f.from, f.to, 1)))
		if err == nil {
			_, err = p.Config(p.Arms[1], 1, digits())
		}
		if err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: %v, want %q", f.to, err, f.want)
		}
	}
}

func TestResults(t *testing.T) {
	r := Results{
		{Arm: "base", Part: "base", Seed: 1, Distance: 0.25, Floor: 0.1, Accuracy: 0.99, MulAdds: 50e6, Images: 1000, Seconds: 10, Peak: 100},
		{Arm: "eps", Part: "prediction", Seed: 1, Distance: 0.5, Floor: 0.1, Accuracy: 0.9, MulAdds: 50e6, Images: 1000, Seconds: 20, Peak: 100},
		{Arm: "base", Part: "base", Seed: 2, Distance: 0.75, Floor: 0.1, Accuracy: 0.97, MulAdds: 50e6, Images: 1000, Seconds: 10, Peak: 100},
	}
	// 3·2·50e6 operations a picture, 100 pictures a second: 30 of 100 GFLOP/s.
	if r[0].Rate() != 100 || r[0].Share() < 0.2999 || r[0].Share() > 0.3001 {
		t.Errorf("rate %g, share %g", r[0].Rate(), r[0].Share())
	}
	text := r.Text()
	for _, want := range []string{"0.5000 (0.2500–0.7500)", "98.00% (97.00%–99.00%)", "prediction  eps   1", "30%"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if rows := bytes.Count(r.CSV(), []byte("\n")); rows != 4 {
		t.Errorf("%d rows", rows)
	}
	picture, err := r.Plot()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
		t.Error(err)
	}
}
