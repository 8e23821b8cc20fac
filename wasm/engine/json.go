//go:build wasip1

package main

import (
	"slices"
	"strconv"

	"github.com/ddpm-go/ddpm/core/json"
	"github.com/ddpm-go/ddpm/core/recipe"
)

// object writes a JSON object by hand: encoding/json would be half of the module.
type object []byte

func (o *object) key(name string) {
	if len(*o) == 0 {
		*o = append(*o, '{')
	} else {
		*o = append(*o, ',')
	}
	o.quote(name)
	*o = append(*o, ':')
}

func (o *object) quote(s string) {
	*o = json.AppendQuote(*o, s)
}

func (o *object) text(name, value string) { o.key(name); o.quote(value) }
func (o *object) int(name string, v int64) {
	o.key(name)
	*o = strconv.AppendInt(*o, v, 10)
}
func (o *object) float(name string, v float64) {
	o.key(name)
	*o = strconv.AppendFloat(*o, v, 'g', -1, 64)
}
func (o *object) bool(name string, v bool) {
	o.key(name)
	*o = strconv.AppendBool(*o, v)
}

func (o *object) end() []byte { return append(*o, '}') }

// list writes an array whose elements each appends.
func list[T any](o *object, name string, values []T, each func(*object, T)) {
	o.key(name)
	*o = append(*o, '[')
	for i, v := range values {
		if i > 0 {
			*o = append(*o, ',')
		}
		each(o, v)
	}
	*o = append(*o, ']')
}

// cardJSON is web/shared's ModelInfo.
func cardJSON(m *recipe.Model) []byte {
	c := m.Net.Config()
	var o, more object
	o.text("hash", m.Hash)
	o.text("name", m.Name)
	o.int("imageSize", int64(c.ImageSize))
	o.int("channels", int64(c.InChannels))
	list(&o, "classes", m.Classes, (*object).quote)
	o.text("schedule", m.Card.Schedule)
	o.int("timesteps", int64(m.Timesteps))
	o.text("prediction", m.Prediction.String())
	o.text("recipe", m.Card.Recipe)
	o.int("parameters", m.Net.Parameters())
	o.int("multiplyAdds", m.Net.MulAdds())
	keys := make([]string, 0, len(m.More))
	for k := range m.More {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	more = append(more, '{')
	for i, k := range keys {
		if i > 0 {
			more = append(more, ',')
		}
		more.quote(k)
		more = append(more, ':')
		more.quote(m.More[k])
	}
	o.key("metadata")
	o = append(o, more.end()...)
	return o.end()
}

// recipeJSON is web/shared's Recipe.
func recipeJSON(r recipe.Recipe) []byte {
	var o object
	o.text("text", r.String())
	o.text("model", r.Model)
	o.text("sampler", r.Sampler)
	o.int("steps", int64(r.Steps))
	o.text("spacing", r.Spacing)
	o.float("eta", r.Eta)
	o.text("variance", r.Variance)
	o.bool("clip", r.Clip)
	o.text("seed", strconv.FormatUint(r.Seed, 10)) // JSON's numbers hold 53 bits in JavaScript
	list(&o, "classes", r.Classes, func(o *object, c int) { *o = strconv.AppendInt(*o, int64(c), 10) })
	o.float("guidance", r.Guidance)
	o.text("interval", r.Interval.String())
	o.int("count", int64(r.Count))
	o.int("start", int64(r.Start))
	o.int("branch", int64(r.Branch))
	return o.end()
}
