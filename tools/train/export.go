package train

import (
	"fmt"
	"strconv"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
)

// recent is how many steps a loss is averaged over where one number is told.
const recent = 1000

// Export returns the averaged weights as a checkpoint for sampling, in float32,
// with what it takes to use them and where they are from in its metadata.
func (t *Trainer) Export() ([]byte, error) {
	c := t.config
	more := map[string]string{
		"data":        t.data.Name,
		"seed":        strconv.FormatUint(c.Seed, 10),
		"steps":       strconv.Itoa(t.step),
		"images_seen": strconv.Itoa(t.step * c.Batch),
		"hours":       strconv.FormatFloat(t.seconds/3600, 'f', 2, 64),
		"loss":        strconv.FormatFloat(t.Loss(), 'f', 5, 64),
	}
	if c.Command != "" {
		more["command"] = c.Command
	}
	if c.Init != "" {
		more["init"] = c.Init
	}
	return recipe.Save(t.net, t.ema, t.card(more), checkpoint.F32)
}

// card is what the model says of itself.
func (t *Trainer) card(more map[string]string) recipe.Card {
	return modelCard(t.config, t.objective.prediction, more)
}

func modelCard(c Config, prediction diffusion.Prediction, more map[string]string) recipe.Card {
	return recipe.Card{
		Name: c.Name, Prediction: prediction, Schedule: c.Schedule, Timesteps: c.Timesteps, Classes: c.Classes, More: more,
	}
}

// Raw returns the weights in a run's state as they are, and not their average, as a
// checkpoint for sampling in float32: what the average is held against.
func Raw(state []byte) ([]byte, error) {
	f, err := checkpoint.Parse(state)
	if err != nil {
		return nil, err
	}
	c, err := stateConfig(f.Metadata())
	if err != nil {
		return nil, err
	}
	prediction, err := diffusion.ParsePrediction(c.Prediction)
	if err != nil {
		return nil, fmt.Errorf("train: the state's config: %w", err)
	}
	net, err := unet.New(c.Net)
	if err != nil {
		return nil, fmt.Errorf("train: the state's config: %w", err)
	}
	if err := load(f, "weights.", net, net.Weights()); err != nil {
		return nil, err
	}
	more := map[string]string{"data": c.Data, "steps": f.Metadata()["step"], "weights": "not averaged"}
	return recipe.Save(net, nil, modelCard(c, prediction, more), checkpoint.F32)
}

// Loss returns L_simple, averaged over the last steps.
func (t *Trainer) Loss() float64 {
	last := t.history[max(0, len(t.history)-recent):]
	var sum float64
	for _, r := range last {
		sum += float64(r.Simple)
	}
	return sum / float64(max(1, len(last)))
}
