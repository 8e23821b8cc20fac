package train

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// The state of a run is a safetensors file of its own kind: each parameter NAME
// four times over, as weights.NAME, ema.NAME, adam.m.NAME and adam.v.NAME in
// PyTorch's layout, the history as history.loss, history.simple, history.norm
// and history.rate, one value a step, and in the metadata the config, how many
// steps were done, how long they took, and a checksum of the data.
const (
	stateFormat  = "ddpm-training"
	stateVersion = "1"
)

// State returns everything that Resume needs to go on to the bit.
func (t *Trainer) State() ([]byte, error) {
	config, err := json.Marshal(t.config)
	if err != nil {
		return nil, err
	}
	var b checkpoint.Builder
	for key, value := range map[string]string{
		"format": stateFormat, "version": stateVersion, "config": string(config),
		"step": strconv.Itoa(t.step), "seconds": strconv.FormatFloat(t.seconds, 'g', -1, 64),
		"data_crc32": fingerprint(t.data),
	} {
		b.Metadata(key, value)
	}
	for prefix, flat := range t.flats() {
		for _, p := range t.net.Params() {
			values := make([]float32, p.Len())
			p.Export(values, flat)
			b.Float32(prefix+p.Name, p.Shape, values)
		}
	}
	for name, field := range historyFields {
		values := make([]float32, len(t.history))
		for i := range t.history {
			values[i] = *field(&t.history[i])
		}
		b.Float32(name, []int{len(values)}, values)
	}
	return b.Bytes()
}

// Resume goes on from a State with the same data.
func Resume(state []byte, data *dataset.Dataset, workers int) (*Trainer, error) {
	f, err := checkpoint.Parse(state)
	if err != nil {
		return nil, err
	}
	meta := f.Metadata()
	c, err := stateConfig(meta)
	if err != nil {
		return nil, err
	}
	if got := fingerprint(data); got != meta["data_crc32"] {
		return nil, fmt.Errorf("train: the run began with other data: their checksum is %s, and that of %s is %s", meta["data_crc32"], data.Name, got)
	}
	t, err := New(c, data, workers)
	if err != nil {
		return nil, err
	}
	if t.step, err = strconv.Atoi(meta["step"]); err != nil || t.step < 0 || t.step > c.Steps {
		return nil, fmt.Errorf("train: the state says step %q; it can be 0 to %d", meta["step"], c.Steps)
	}
	if t.seconds, err = strconv.ParseFloat(meta["seconds"], 64); err != nil {
		return nil, fmt.Errorf("train: the state says %q for its seconds: %w", meta["seconds"], err)
	}
	for prefix, flat := range t.flats() {
		if err := load(f, prefix, t.net, flat); err != nil {
			return nil, err
		}
	}
	t.history = make([]Record, t.step)
	for name, field := range historyFields {
		values, _, err := f.Float32(name)
		if err != nil {
			return nil, err
		}
		if len(values) != t.step {
			return nil, fmt.Errorf("train: %s has %d values for %d steps", name, len(values), t.step)
		}
		for i, v := range values {
			*field(&t.history[i]) = v
		}
	}
	t.net.Pack()
	return t, nil
}

// StateConfig returns the config of a State: it says which data Resume wants.
func StateConfig(state []byte) (Config, error) {
	f, err := checkpoint.Parse(state)
	if err != nil {
		return Config{}, err
	}
	return stateConfig(f.Metadata())
}

func stateConfig(meta map[string]string) (c Config, err error) {
	if meta["format"] != stateFormat {
		return c, fmt.Errorf("train: this is not the state of a training run: its format is %q, and that of a state %q", meta["format"], stateFormat)
	}
	if meta["version"] != stateVersion {
		return c, fmt.Errorf("train: the state is of version %q, and this program goes on from version %s", meta["version"], stateVersion)
	}
	if err := json.Unmarshal([]byte(meta["config"]), &c); err != nil {
		return c, fmt.Errorf("train: the state's config: %w", err)
	}
	return c, nil
}

func (t *Trainer) flats() map[string][]float32 {
	return map[string][]float32{
		"weights.": t.net.Weights(), "ema.": t.ema, "adam.m.": t.adam.m, "adam.v.": t.adam.v,
	}
}

var historyFields = map[string]func(*Record) *float32{
	"history.loss":   func(r *Record) *float32 { return &r.Loss },
	"history.simple": func(r *Record) *float32 { return &r.Simple },
	"history.norm":   func(r *Record) *float32 { return &r.Norm },
	"history.rate":   func(r *Record) *float32 { return &r.Rate },
}

// load reads every parameter, as prefix+NAME, into a flat slice.
func load(f *checkpoint.File, prefix string, net *unet.Net, flat []float32) error {
	for _, p := range net.Params() {
		values := make([]float32, p.Len())
		if err := f.ReadFloat32(values, prefix+p.Name); err != nil {
			return err
		}
		p.Import(flat, values)
	}
	return nil
}

// fingerprint tells data apart.
func fingerprint(d *dataset.Dataset) string {
	sum := crc32.Update(crc32.ChecksumIEEE(d.Pixels), crc32.IEEETable, d.Labels)
	return fmt.Sprintf("%08x", sum)
}
