package train

import (
	"strconv"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/recipe"
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
	return recipe.Save(t.net, t.ema, t.card(more), checkpoint.F32)
}

// card is what the model says of itself.
func (t *Trainer) card(more map[string]string) recipe.Card {
	return recipe.Card{
		Name:       t.config.Name,
		Prediction: t.objective.prediction,
		Schedule:   t.config.Schedule,
		Timesteps:  t.config.Timesteps,
		Classes:    t.config.Classes,
		More:       more,
	}
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
