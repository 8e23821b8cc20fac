// Package train teaches an ε-network to denoise: Algorithm 1 of Ho et al.
// (2020) with Adam, over all cores, from checkpoint to checkpoint.
//
// Everything random is a function of the seed and of what it is for (which
// example of which epoch, which step), and gradients are summed in an order that
// does not depend on who computed them. So the weights after n steps are the
// same bits whatever the number of workers, and whether or not the run was
// interrupted on the way.
package train

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/unet"
)

// Config is everything that decides the weights, together with the data.
type Config struct {
	Name    string   `json:"name"`    // of the model
	Data    string   `json:"data"`    // name of the set
	Classes []string `json:"classes"` // the labels' names; none for an unconditional model

	Net        unet.Config `json:"-"` // "net" in JSON, with the keys of unet.Config.JSON
	Schedule   string      `json:"schedule"`
	Timesteps  int         `json:"timesteps"`
	Prediction string      `json:"prediction"` // what the network's output means: eps, v, x0, mu or residual

	Steps       int     `json:"steps"`
	Batch       int     `json:"batch"`
	Rate        float64 `json:"rate"`                // the highest learning rate
	Warmup      float64 `json:"warmup"`              // share of the steps over which it rises from 0
	Decay       string  `json:"decay"`               // how it falls to 0 after that: cosine, linear, or constant for not at all
	Beta1       float64 `json:"beta1"`               // Adam's
	Beta2       float64 `json:"beta2"`               // Adam's
	WeightDecay float64 `json:"weight_decay"`        // decoupled; 0 for plain Adam
	Clip        float64 `json:"clip"`                // longest gradient; 0 for any
	EMA         float64 `json:"ema"`                 // share of the average that outlives a step
	Dropout     float64 `json:"dropout"`             // share of labels withheld, for guidance
	MinSNR      float64 `json:"min_snr"`             // γ of min-SNR weighting; 0 for L_simple
	Weighting   string  `json:"weighting,omitempty"` // of the steps: vlb for L_VLB's, x0 or x0:γ for x_0's; none for equal
	Seed        uint64  `json:"seed"`

	Limit   int    `json:"limit,omitempty"`   // of pictures; 0 for the whole set
	Init    string `json:"init,omitempty"`    // hash of the model whose weights it begins with; none for random ones
	Command string `json:"command,omitempty"` // that began the run; decides nothing
}

// Default is a good start for small pictures. Name, Data, Classes, Net and Steps
// depend on the data.
var Default = Config{
	Schedule:   "cosine",
	Timesteps:  1000,
	Prediction: "v",
	Batch:      64,
	Rate:       1e-3,
	Warmup:     0.05,
	Decay:      "cosine",
	Beta1:      0.9,
	Beta2:      0.99,
	Clip:       1,
	EMA:        0.9995,
	Dropout:    0.1,
	Seed:       1,
}

// Validate says whether a run can be made of c, and if not what stands in its
// way and what it would have to be.
func (c Config) Validate() error {
	if err := c.Net.Validate(); err != nil {
		return err
	}
	if c.Net.InChannels != c.Net.OutChannels {
		return fmt.Errorf("train: the network has %d input and %d output channels; they must be as many", c.Net.InChannels, c.Net.OutChannels)
	}
	if n := len(c.Classes); n != c.Net.NumClasses {
		return fmt.Errorf("train: the network has %d classes, and %d are named", c.Net.NumClasses, n)
	}
	if _, err := schedule.New(c.Schedule, c.Timesteps); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if _, err := diffusion.ParsePrediction(c.Prediction); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if _, ok := decays[c.Decay]; !ok {
		return fmt.Errorf("train: decay %q; it can be cosine, linear or constant", c.Decay)
	}
	switch {
	case c.Weighting != "" && c.Weighting != weightedVLB && mostOfX0(c.Weighting) == 0:
		return fmt.Errorf("train: weighting %q; it can be %s, %s, %[3]s:4 with a number above 1, or nothing for equal weights", c.Weighting, weightedVLB, weightedX0)
	case c.Weighting != "" && c.MinSNR > 0:
		return errors.New("train: both min-SNR and a weighting are given; one decides the weights of the steps")
	}
	for _, f := range []struct {
		name           string
		value, lo, max float64
	}{
		{"steps", float64(c.Steps), 1, 1 << 31},
		{"batch", float64(c.Batch), 1, 1 << 20},
		{"rate", c.Rate, 1e-12, 1},
		{"warmup", c.Warmup, 0, 1},
		{"beta1", c.Beta1, 0, 0.999999},
		{"beta2", c.Beta2, 0, 0.999999},
		{"weight decay", c.WeightDecay, 0, 1},
		{"clip", c.Clip, 0, 1e9},
		{"ema", c.EMA, 0, 0.9999999},
		{"dropout", c.Dropout, 0, 1},
		{"min-SNR's gamma", c.MinSNR, 0, 1e9},
	} {
		// Written so that NaN, too, is refused.
		if !(f.value >= f.lo && f.value <= f.max) {
			return fmt.Errorf("train: %s of %g; it can be %g to %g", f.name, f.value, f.lo, f.max)
		}
	}
	return nil
}

type plainConfig Config

// MarshalJSON writes the config with the network's under "net".
func (c Config) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		plainConfig
		Net json.RawMessage `json:"net"`
	}{plainConfig(c), json.RawMessage(c.Net.JSON())})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Config) UnmarshalJSON(text []byte) error {
	var v struct {
		plainConfig
		Net json.RawMessage `json:"net"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	if v.Net == nil {
		return errors.New(`train: the config has no "net"`)
	}
	net, err := unet.ParseConfig(v.Net)
	if err != nil {
		return err
	}
	*c = Config(v.plainConfig)
	c.Net = net
	return nil
}
