package main

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ddpm-go/ddpm/core/recipe"
)

// ofTheModel are the flags whose values a checkpoint to begin with has already.
var ofTheModel = []string{
	"base", "depth", "embedding", "attention", "widths", "blocks", "scale-shift", "unconditional",
	"prediction", "schedule", "timesteps",
}

// initial opens the checkpoint to begin with, and has the run go on with its network
// and with what that predicts.
func (t *trainFlags) initial(flags *pflag.FlagSet) (*recipe.Model, error) {
	var refused []string
	flags.Visit(func(f *pflag.Flag) {
		if slices.Contains(ofTheModel, f.Name) {
			refused = append(refused, "--"+f.Name)
		}
	})
	if len(refused) > 0 {
		return nil, misuse("--init goes on with the network that is in %s; leave out %s", t.init, strings.Join(refused, ", "))
	}
	m, err := openModelAs(recipe.Options{Weights: true}, t.init, "")
	if err != nil {
		return nil, err
	}
	c := &t.config
	c.Init, c.Net = m.Hash, m.Net.Config()
	c.Prediction, c.Schedule, c.Timesteps = m.Prediction.String(), m.Schedule, m.Timesteps
	return m, nil
}
