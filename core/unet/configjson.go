package unet

import (
	"errors"
	"io"
	"slices"
	"strconv"

	"github.com/ddpm-go/ddpm/core/json"
)

// ParseConfig reads the JSON form of a config: an object with image_size,
// in_channels, out_channels, base_ch, emb_ch and depth, and optionally
// num_classes (a number, or null for an unconditional network),
// attention_levels and widths (a list, or null), blocks (a number) and scale_shift
// (true or false). Other keys are left to others. The config returned is valid.
func ParseConfig(text []byte) (Config, error) {
	c, err := parseConfig(text)
	if err != nil {
		return Config{}, err
	}
	return c, c.Validate()
}

func parseConfig(text []byte) (c Config, err error) {
	required := map[string]*int{
		"image_size": &c.ImageSize, "in_channels": &c.InChannels, "out_channels": &c.OutChannels,
		"base_ch": &c.BaseCh, "emb_ch": &c.EmbCh, "depth": &c.Depth,
	}
	order := []string{"image_size", "in_channels", "out_channels", "base_ch", "emb_ch", "depth"}
	d := json.NewDecoder(text)
	if d.Peek() != '{' {
		if _, err := d.Read(); err != nil {
			return c, jsonError(err)
		}
		return c, configError("is not a JSON object")
	}
	if _, err := d.Read(); err != nil {
		return c, jsonError(err)
	}
	seen := map[string]bool{}
	for d.Peek() == '"' {
		token, err := d.Read()
		if err != nil {
			return c, jsonError(err)
		}
		key := token.String()
		if seen[key] {
			return c, configError("has " + strconv.Quote(key) + " twice")
		}
		seen[key] = true
		switch target := required[key]; {
		case target != nil:
			*target, err = readInt(d, key)
			delete(required, key)
		case key == "num_classes" && d.Peek() != 'n':
			c.NumClasses, err = readInt(d, key)
		case key == "attention_levels" && d.Peek() != 'n':
			c.AttentionLevels, err = readInts(d, key)
		case key == "widths" && d.Peek() != 'n':
			c.Widths, err = readInts(d, key)
		case key == "blocks":
			c.Blocks, err = readInt(d, key)
		case key == "scale_shift":
			c.ScaleShift, err = readBool(d, key)
		default:
			if err = d.Skip(); err != nil {
				err = jsonError(err)
			}
		}
		if err != nil {
			return c, err
		}
	}
	if _, err := d.Read(); err != nil { // the closing brace
		return c, jsonError(err)
	}
	if _, err := d.Read(); err != io.EOF {
		return c, configError("something follows the JSON object")
	}
	for _, key := range order {
		if required[key] != nil {
			return c, configError(key + " is missing")
		}
	}
	slices.Sort(c.AttentionLevels)
	return c, nil
}

func readInt(d *json.Decoder, key string) (int, error) {
	token, err := d.Read()
	if err != nil {
		return 0, jsonError(err)
	}
	if token.Kind() != '0' {
		return 0, configError(key + " is not a number")
	}
	n, ok := token.Int()
	if !ok || int64(int32(n)) != n {
		return 0, configError(key + " is " + token.String() + ", must be a whole number of ordinary size")
	}
	return int(n), nil
}

func readBool(d *json.Decoder, key string) (bool, error) {
	token, err := d.Read()
	if err != nil {
		return false, jsonError(err)
	}
	if kind := token.Kind(); kind != 't' && kind != 'f' {
		return false, configError(key + " is neither true nor false")
	}
	return token.Kind() == 't', nil
}

func readInts(d *json.Decoder, key string) ([]int, error) {
	token, err := d.Read()
	if err != nil {
		return nil, jsonError(err)
	}
	if token.Kind() != '[' {
		return nil, configError(key + " is not a list")
	}
	var list []int
	for d.Peek() != ']' {
		n, err := readInt(d, key)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	_, err = d.Read()
	return list, err
}

func jsonError(err error) error {
	if err == io.EOF {
		return configError("is empty")
	}
	return errors.New("network config: not JSON: " + err.Error())
}

// JSON returns the canonical text of c: ParseConfig's keys, in its order,
// without spaces; widths, blocks and scale_shift only where they are not the
// ancestor's.
func (c Config) JSON() string {
	b := []byte{'{'}
	for _, f := range []struct {
		name  string
		value int
	}{
		{"image_size", c.ImageSize},
		{"in_channels", c.InChannels},
		{"out_channels", c.OutChannels},
		{"base_ch", c.BaseCh},
		{"emb_ch", c.EmbCh},
		{"depth", c.Depth},
	} {
		b = append(b, '"')
		b = append(b, f.name...)
		b = append(b, `":`...)
		b = strconv.AppendInt(b, int64(f.value), 10)
		b = append(b, ',')
	}
	b = append(b, `"num_classes":`...)
	if c.NumClasses == 0 {
		b = append(b, "null"...)
	} else {
		b = strconv.AppendInt(b, int64(c.NumClasses), 10)
	}
	b = appendInts(append(b, `,"attention_levels":`...), c.AttentionLevels)
	if len(c.Widths) > 0 {
		b = appendInts(append(b, `,"widths":`...), c.Widths)
	}
	if c.Blocks > 0 {
		b = strconv.AppendInt(append(b, `,"blocks":`...), int64(c.Blocks), 10)
	}
	if c.ScaleShift {
		b = append(b, `,"scale_shift":true`...)
	}
	return string(append(b, '}'))
}

func appendInts(b []byte, list []int) []byte {
	b = append(b, '[')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}
