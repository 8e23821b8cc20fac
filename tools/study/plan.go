// Package study holds experiments in which a recipe for training is changed in one
// place at a time: what there is to train, what came out, and how that is shown.
package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/train"
)

// Plan is an experiment: arms, each trained with every seed and measured alike.
type Plan struct {
	Data string `json:"data"` // name of the set
	// Images is how many pictures a run of the base sees. With Equal "flops", an arm
	// whose network takes more for a picture sees fewer, so that all cost the same;
	// with "images" all see as many.
	Images  int             `json:"images"`
	Equal   string          `json:"equal"`
	Seeds   []uint64        `json:"seeds"`
	Samples int             `json:"samples"` // that each run is measured by
	Recipe  string          `json:"recipe"`  // by which they are drawn
	Base    json.RawMessage `json:"base"`    // what every run has in place of train.Default
	Arms    []Arm           `json:"arms"`
}

// Arm is one way to train.
type Arm struct {
	Name    string          `json:"name"`
	Part    string          `json:"part"` // what it is an answer to: "schedule"
	Changes json.RawMessage `json:"changes,omitempty"`
}

// The two ways to be fair.
const (
	equalFLOPs  = "flops"
	equalImages = "images"
)

// Parse reads a plan.
func Parse(text []byte) (*Plan, error) {
	p := &Plan{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("study: the plan: %w", err)
	}
	switch {
	case p.Data == "":
		return nil, errors.New(`study: the plan has no "data", the name of a set`)
	case p.Images < 1:
		return nil, fmt.Errorf("study: the plan has %d images, want at least 1", p.Images)
	case p.Samples < 2:
		return nil, fmt.Errorf("study: the plan has %d samples, want at least 2", p.Samples)
	case p.Equal != equalFLOPs && p.Equal != equalImages:
		return nil, fmt.Errorf("study: runs are to be equal in %q, want flops or images", p.Equal)
	case len(p.Seeds) == 0:
		return nil, errors.New("study: the plan has no seeds")
	case len(p.Arms) == 0:
		return nil, errors.New("study: the plan has no arms")
	case p.Recipe == "":
		return nil, errors.New(`study: the plan has no "recipe" by which samples are drawn`)
	}
	seen := map[string]bool{}
	for i, a := range p.Arms {
		// It is the name of a folder, too.
		if a.Name == "" || strings.ContainsAny(a.Name, `/\ ,`) || strings.HasPrefix(a.Name, ".") {
			return nil, fmt.Errorf("study: arm %d is called %q, want a name without spaces, commas and slashes", i+1, a.Name)
		}
		if seen[a.Name] {
			return nil, fmt.Errorf("study: two arms are called %q", a.Name)
		}
		seen[a.Name] = true
	}
	return p, nil
}

// Config is the training of an arm with a seed on the plan's data.
func (p *Plan) Config(a Arm, seed uint64, data *dataset.Dataset) (train.Config, error) {
	base, err := p.base(data)
	if err != nil {
		return base, err
	}
	c := base
	if len(a.Changes) > 0 {
		if c, err = base.Changed(a.Changes); err != nil {
			return c, fmt.Errorf("study: arm %s: %w", a.Name, err)
		}
	}
	images := float64(p.Images)
	if p.Equal == equalFLOPs {
		images *= float64(base.Net.MulAdds()) / float64(c.Net.MulAdds())
	}
	c.Name, c.Data, c.Classes, c.Seed = a.Name, p.Data, data.Classes, seed
	c.Steps = max(int(images/float64(max(c.Batch, 1))+0.5), 1)
	if err := c.Validate(); err != nil {
		return c, fmt.Errorf("study: arm %s: %w", a.Name, err)
	}
	return c, nil
}

func (p *Plan) base(data *dataset.Dataset) (train.Config, error) {
	c := train.Default
	c.Net = unet.Config{
		ImageSize: data.Height, InChannels: data.Channels, OutChannels: data.Channels,
		BaseCh: 32, EmbCh: 128, Depth: 2, NumClasses: len(data.Classes),
	}
	if len(p.Base) == 0 {
		return c, nil
	}
	c, err := c.Changed(p.Base)
	if err != nil {
		return c, fmt.Errorf("study: the base: %w", err)
	}
	return c, nil
}
