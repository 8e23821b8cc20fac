package train

import (
	"maps"
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
		"command":     c.Command,
		"seed":        strconv.FormatUint(c.Seed, 10),
		"steps":       strconv.Itoa(t.step),
		"images_seen": strconv.Itoa(t.step * c.Batch),
		"hours":       strconv.FormatFloat(t.seconds/3600, 'f', 2, 64),
		"loss":        strconv.FormatFloat(t.Loss(), 'f', 5, 64),
	}
	maps.DeleteFunc(more, func(_, value string) bool { return value == "" })
	return recipe.Save(t.net, t.ema, recipe.Card{
		Name:       c.Name,
		Prediction: t.objective.prediction,
		Schedule:   c.Schedule,
		Timesteps:  c.Timesteps,
		Classes:    c.Classes,
		More:       more,
	}, checkpoint.F32)
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
