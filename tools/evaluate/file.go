package evaluate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ddpm-go/ddpm/core/checkpoint"
)

// fileFormat tells a classifier's file from a diffusion model's.
const fileFormat = "ddpm-classifier"

// Card is what a classifier's file says about itself.
type Card struct {
	Name     string
	Data     string   // the set it was trained on
	Classes  []string // their names
	Training string   // how, as JSON
	SHA256   string   // of the file, in hex; of no influence on Save
}

// Save is the bytes of a classifier's file: safetensors, weights in float16.
func (c *Classifier) Save(card Card) ([]byte, error) {
	for _, class := range card.Classes {
		if strings.Contains(class, ",") {
			return nil, fmt.Errorf("classifier: the class %q has a comma, which joins classes in the file", class)
		}
	}
	config, err := json.Marshal(c.config)
	if err != nil {
		return nil, err
	}
	var b checkpoint.Builder
	for key, value := range map[string]string{
		"format": fileFormat, "config": string(config),
		"name": card.Name, "data": card.Data, "classes": strings.Join(card.Classes, ","), "training": card.Training,
	} {
		b.Metadata(key, value)
	}
	for _, p := range c.weights.Params() {
		values := make([]float32, p.Len())
		p.Export(values, c.weights.Flat)
		b.Weights(p.Name, p.Shape, values, checkpoint.F16)
	}
	return b.Bytes()
}

// OpenClassifier reads what Save has written.
func OpenClassifier(file []byte) (*Classifier, Card, error) {
	f, err := checkpoint.Parse(file)
	if err != nil {
		return nil, Card{}, fmt.Errorf("classifier: %w", err)
	}
	meta := f.Metadata()
	if meta["format"] != fileFormat {
		return nil, Card{}, fmt.Errorf("classifier: the file's metadata says format %q; a classifier's says %q", meta["format"], fileFormat)
	}
	var config Config
	if err := json.Unmarshal([]byte(meta["config"]), &config); err != nil {
		return nil, Card{}, fmt.Errorf("classifier: the config in the file's metadata: %w", err)
	}
	c, err := NewClassifier(config)
	if err != nil {
		return nil, Card{}, err
	}
	for _, p := range c.weights.Params() {
		values, shape, err := f.Float32(p.Name)
		if err != nil {
			return nil, Card{}, fmt.Errorf("classifier: %w", err)
		}
		if fmt.Sprint(shape) != fmt.Sprint(p.Shape) {
			return nil, Card{}, fmt.Errorf("classifier: tensor %q has shape %v; the config asks for %v", p.Name, shape, p.Shape)
		}
		p.Import(c.weights.Flat, values)
	}
	c.weights.Pack()
	card := Card{Name: meta["name"], Data: meta["data"], Classes: strings.Split(meta["classes"], ","), Training: meta["training"]}
	if len(card.Classes) != config.Classes {
		return nil, Card{}, fmt.Errorf("classifier: the file names %d classes; its config has %d", len(card.Classes), config.Classes)
	}
	sum := sha256.Sum256(file)
	card.SHA256 = hex.EncodeToString(sum[:])
	return c, card, nil
}
