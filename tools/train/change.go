package train

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Changed returns c with the changes in a JSON object, whose keys are the config's
// own; those of the network stand under "net", and its widths bring their base_ch and
// depth along. It does not say whether a run can be made of the result: Validate does.
func (c Config) Changed(changes []byte) (Config, error) {
	v := struct {
		plainConfig
		Net map[string]json.RawMessage `json:"net"`
	}{plainConfig: plainConfig(c)}
	v.plainConfig.Classes = slices.Clone(c.Classes)
	d := json.NewDecoder(bytes.NewReader(changes))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return c, fmt.Errorf("train: changes to a config: %w", err)
	}
	changed := Config(v.plainConfig)
	changed.Net = c.Net
	if len(v.Net) == 0 {
		return changed, nil
	}
	net := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(c.Net.JSON()), &net); err != nil {
		return c, fmt.Errorf("train: the network's config: %w", err)
	}
	for key, value := range v.Net {
		if _, known := net[key]; !known && key != "widths" && key != "blocks" && key != "scale_shift" {
			return c, fmt.Errorf("train: changes to a config: the network has no %q", key)
		}
		net[key] = value
	}
	if widths, ok := v.Net["widths"]; ok {
		var list []int
		if err := json.Unmarshal(widths, &list); err != nil || len(list) < 2 {
			return c, fmt.Errorf("train: changes to a config: widths is %s, want a list of two numbers or more", widths)
		}
		net["base_ch"], _ = json.Marshal(list[0])
		net["depth"], _ = json.Marshal(len(list) - 1)
	}
	text, err := json.Marshal(net)
	if err != nil {
		return c, fmt.Errorf("train: changes to a config: %w", err)
	}
	changed.Net, err = unet.ParseConfig(text)
	return changed, err
}
