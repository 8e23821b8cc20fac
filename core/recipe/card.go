package recipe

import (
	"errors"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/unet"
)

// Card is what a checkpoint says of its network, besides the network's config.
// In the file it is the metadata:
//
//	format      ddpm
//	config      the network's config, JSON
//	name        a short name
//	schedule    as schedule.New takes it
//	timesteps   T
//	prediction  eps, v, x0, mu or residual: what the network gives
//	classes     labels joined by commas; absent in an unconditional network,
//	            or where classes are called by their numbers
//	recipe      what a recipe for this model means by a key that it leaves out,
//	            as guidance=2; absent where Default says it all
//
// and whatever More holds: data, command, images_seen, hours, loss, evaluation…
type Card struct {
	Name       string
	Prediction diffusion.Prediction
	Schedule   string
	Timesteps  int
	Classes    []string // one label a class
	Recipe     string
	More       map[string]string
}

const format = "ddpm"

var ownKeys = []string{"format", "config", "name", "schedule", "timesteps", "prediction", "classes", "recipe"}

// Save writes net with its weights, or with others of the same layout in their
// stead (an average, say) where flat is not nil, as a checkpoint that Open
// opens. The precision is F32, F16 or I8; see checkpoint.Builder.Weights.
func Save(net *unet.Net, flat []float32, card Card, precision checkpoint.DType) ([]byte, error) {
	return SaveMixed(net, flat, card, func(string) checkpoint.DType { return precision })
}

// SaveMixed is Save with a precision for each parameter, by its name.
func SaveMixed(net *unet.Net, flat []float32, card Card, precision func(name string) checkpoint.DType) ([]byte, error) {
	if flat == nil {
		flat = net.Weights()
	}
	if len(flat) != len(net.Weights()) {
		panic("recipe: Save with weights of another network")
	}
	c := net.Config()
	if card.Classes != nil && len(card.Classes) != c.NumClasses {
		return nil, errors.New("model: " + strconv.Itoa(len(card.Classes)) + " class labels for " + strconv.Itoa(c.NumClasses) + " classes")
	}
	var b checkpoint.Builder
	for key, value := range card.More {
		b.Metadata(key, value)
	}
	for _, key := range ownKeys {
		if _, ok := card.More[key]; ok {
			return nil, errors.New("model: the metadata " + strconv.Quote(key) + " is the format's own")
		}
	}
	b.Metadata("format", format)
	b.Metadata("config", c.JSON())
	b.Metadata("name", card.Name)
	b.Metadata("schedule", card.Schedule)
	b.Metadata("timesteps", strconv.Itoa(card.Timesteps))
	b.Metadata("prediction", card.Prediction.String())
	if len(card.Classes) > 0 {
		for _, label := range card.Classes {
			if label == "" || strings.Contains(label, ",") {
				return nil, errors.New("model: the class label " + strconv.Quote(label) + " is empty or has a comma, which joins labels")
			}
		}
		b.Metadata("classes", strings.Join(card.Classes, ","))
	}
	if card.Recipe != "" {
		b.Metadata("recipe", card.Recipe)
	}
	var values []float32
	for _, p := range net.Params() {
		values = sized(values, p.Len())
		p.Export(values, flat)
		b.Weights(p.Name, p.Shape, values, precision(p.Name))
	}
	return b.Bytes()
}

// readCard reads the metadata of a network with the given config.
func readCard(metadata map[string]string, c unet.Config) (card Card, err error) {
	for _, key := range []string{"schedule", "timesteps", "prediction"} {
		if metadata[key] == "" {
			return card, errors.New("model: the metadata has no " + strconv.Quote(key))
		}
	}
	card.Name, card.Schedule = metadata["name"], metadata["schedule"]
	if card.Timesteps, err = strconv.Atoi(metadata["timesteps"]); err != nil {
		return card, errors.New("model: the metadata's timesteps is " + quote(metadata["timesteps"]) + ", want a whole number like 1000")
	}
	if card.Prediction, err = diffusion.ParsePrediction(metadata["prediction"]); err != nil {
		return card, errors.New("model: in the metadata, " + err.Error())
	}
	card.Classes = numbered(c.NumClasses)
	if labels, ok := metadata["classes"]; ok {
		card.Classes = strings.Split(labels, ",")
		if len(card.Classes) != c.NumClasses {
			return card, errors.New("model: the metadata has " + strconv.Itoa(len(card.Classes)) +
				" class labels, the network " + strconv.Itoa(c.NumClasses) + " classes")
		}
	}
	card.Recipe = metadata["recipe"]
	card.More = metadata
	for _, key := range ownKeys {
		delete(card.More, key)
	}
	return card, nil
}

// numbered labels n classes by their numbers.
func numbered(n int) []string {
	var labels []string
	for i := range n {
		labels = append(labels, strconv.Itoa(i))
	}
	return labels
}

func sized(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
