package recipe

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/unet"
)

var small = unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 1, NumClasses: 3}

// network returns a network with small random weights, none of them zero.
func network(t testing.TB, c unet.Config) *unet.Net {
	t.Helper()
	n, err := unet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n.Weights() {
		n.Weights()[i] = float32(math.Sin(float64(i)*12.9898)) * 0.2
	}
	n.Pack()
	return n
}

func card() Card {
	return Card{
		Name:       "shapes",
		Prediction: diffusion.V,
		Schedule:   "cosine",
		Timesteps:  100,
		Classes:    []string{"disc", "square", "cross"},
		More:       map[string]string{"data": "drawn", "images_seen": "12"},
	}
}

func saved(t testing.TB, c unet.Config, card Card, precision checkpoint.DType) []byte {
	t.Helper()
	file, err := Save(network(t, c), nil, card, precision)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func opened(t testing.TB, file []byte) *Model {
	t.Helper()
	m, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSaveAndOpen(t *testing.T) {
	net := network(t, small)
	for _, c := range []struct {
		precision checkpoint.DType
		within    float64
	}{{checkpoint.F32, 0}, {checkpoint.F16, 1e-3}, {checkpoint.I8, 1e-2}} {
		file := saved(t, small, card(), c.precision)
		m, err := Options{Weights: true}.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		want := card()
		if m.Name != want.Name || m.Prediction != want.Prediction || m.Schedule != want.Schedule || m.Timesteps != want.Timesteps ||
			!slices.Equal(m.Classes, want.Classes) || !maps.Equal(m.More, want.More) {
			t.Errorf("%s: card %+v, want %+v", c.precision, m.Card, want)
		}
		if m.Chain.T != 100 || m.Net.Config().JSON() != small.JSON() {
			t.Errorf("%s: chain of %d, config %s", c.precision, m.Chain.T, m.Net.Config().JSON())
		}
		var d, n float64
		for i, w := range net.Weights() {
			e := float64(m.Net.Weights()[i] - w)
			d, n = d+e*e, n+float64(w)*float64(w)
		}
		if e := math.Sqrt(d / n); !(e <= c.within) {
			t.Errorf("%s: weights are off by %g, want at most %g", c.precision, e, c.within)
		}
		// To run it takes no more than the packed weights, and they are the same.
		lean := opened(t, file)
		if lean.Net.Weights() != nil {
			t.Errorf("%s: a model to run keeps all weights", c.precision)
		}
		x, a, b := make([]float32, 64), make([]float32, 64), make([]float32, 64)
		for i := range x {
			x[i] = float32(math.Cos(float64(i)))
		}
		m.NewPredictor(1).PredictEps(a, x, 50, []int{1})
		lean.NewPredictor(1).PredictEps(b, x, 50, []int{1})
		if !slices.Equal(a, b) {
			t.Errorf("%s: a model to run predicts something else", c.precision)
		}
	}
}

func TestSaveOtherWeights(t *testing.T) {
	net := network(t, small)
	average := make([]float32, len(net.Weights()))
	for i := range average {
		average[i] = float32(i % 5)
	}
	file, err := Save(net, average, card(), checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := (Options{Weights: true}).Open(file); err != nil || !slices.Equal(m.Net.Weights(), average) {
		t.Error("the weights given are not the ones saved")
	}
}

func TestClassesWithoutLabels(t *testing.T) {
	c := card()
	c.Classes = nil
	if m := opened(t, saved(t, small, c, checkpoint.F32)); !slices.Equal(m.Classes, []string{"0", "1", "2"}) {
		t.Errorf("labels %v", m.Classes)
	}
}

func TestHashIsOfTheFile(t *testing.T) {
	a := saved(t, small, card(), checkpoint.F32)
	other := card()
	other.Name = "other"
	b := saved(t, small, other, checkpoint.F32)
	if opened(t, a).Hash != Hash(a) || Hash(a) == Hash(b) {
		t.Errorf("hashes %s and %s", Hash(a), Hash(b))
	}
}

func TestSaveRefuses(t *testing.T) {
	for want, change := range map[string]func(*Card){
		"2 class labels for 3 classes":         func(c *Card) { c.Classes = c.Classes[:2] },
		`class label "a,b" is empty or has a`:  func(c *Card) { c.Classes = []string{"a,b", "c", "d"} },
		`metadata "timesteps" is the format's`: func(c *Card) { c.More["timesteps"] = "5" },
		`metadata "data" is not valid UTF-8`:   func(c *Card) { c.More["data"] = "\xff" },
	} {
		c := card()
		change(&c)
		if _, err := Save(network(t, small), nil, c, checkpoint.F32); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// rebuild writes the file again with its metadata and tensors changed.
func rebuild(t testing.TB, file []byte, metadata func(map[string]string), tensors func(map[string][]int)) []byte {
	t.Helper()
	f, err := checkpoint.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	var b checkpoint.Builder
	m := f.Metadata()
	if metadata != nil {
		metadata(m)
	}
	for key, value := range m {
		b.Metadata(key, value)
	}
	shapes := map[string][]int{}
	for _, name := range f.Names() {
		_, shapes[name], _ = f.Info(name)
	}
	if tensors != nil {
		tensors(shapes)
	}
	for name, shape := range shapes {
		n := 1
		for _, d := range shape {
			n *= d
		}
		b.Float32(name, shape, make([]float32, n))
	}
	out, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOpenRefusesMetadata(t *testing.T) {
	file := saved(t, small, card(), checkpoint.F32)
	for _, c := range []struct{ key, value, want string }{
		{"format", "", "has no format=ddpm"},
		{"format", "onnx", `format is "onnx", want ddpm`},
		{"config", "", `has no "config"`},
		{"config", "{", "network config: not JSON"},
		{"config", `{"image_size":8}`, "in_channels is missing"},
		{"config", strings.Replace(small.JSON(), `"out_channels":1`, `"out_channels":2`, 1), "1 channels in and 2 out"},
		{"config", strings.Replace(small.JSON(), `"base_ch":8`, `"base_ch":512`, 1), "parameters, the checkpoint only"},
		{"schedule", "", `has no "schedule"`},
		{"schedule", "sine", `unknown schedule "sine"`},
		{"timesteps", "", `has no "timesteps"`},
		{"timesteps", "many", `timesteps is "many", want a whole number`},
		{"timesteps", "0", "a cosine schedule of 0 steps"},
		{"timesteps", "1000000000", "a cosine schedule of 1000000000 steps"},
		{"prediction", "", `has no "prediction"`},
		{"prediction", "score", "score"},
		{"classes", "a,b", "2 class labels, the network 3 classes"},
	} {
		changed := rebuild(t, file, func(m map[string]string) { m[c.key] = c.value }, nil)
		if _, err := Open(changed); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: error %v, want one with %q", c.key, c.value, err, c.want)
		}
	}
}

func TestOpenRefusesTensors(t *testing.T) {
	file := saved(t, small, card(), checkpoint.F32)
	for want, change := range map[string]func(map[string][]int){
		`tensor "init_conv.bias" is missing; the config's network has it, of shape [8]`: func(s map[string][]int) { delete(s, "init_conv.bias") },
		`tensor "extra" is none of the config's network`:                                func(s map[string][]int) { s["extra"] = []int{1} },
		`tensor "init_conv.bias" has shape [4,2], the config's network wants [8]`:       func(s map[string][]int) { s["init_conv.bias"] = []int{4, 2} },
	} {
		if _, err := Open(rebuild(t, file, nil, change)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	f, err := checkpoint.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	var b checkpoint.Builder
	for key, value := range f.Metadata() {
		b.Metadata(key, value)
	}
	for _, name := range f.Names() {
		values, shape, err := f.Float32(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "init_conv.bias" {
			b.Int64(name, shape, make([]int64, len(values)))
		} else {
			b.Float32(name, shape, values)
		}
	}
	out, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(out); err == nil || !strings.Contains(err.Error(), `"init_conv.bias" is I64, weights are`) {
		t.Errorf("I64 weights: error %v", err)
	}
}

func TestOpenPlain(t *testing.T) {
	file := rebuild(t, saved(t, small, card(), checkpoint.F32), func(m map[string]string) { clear(m) }, nil)
	if _, err := Open(file); err != ErrPlain {
		t.Errorf("Open: %v, want ErrPlain", err)
	}
	m, err := OpenPlain(file, []byte(small.JSON()))
	if err != nil {
		t.Fatal(err)
	}
	if m.Prediction != diffusion.Eps || m.Chain.T != 1000 || m.Schedule != "linear" || !slices.Equal(m.Classes, []string{"0", "1", "2"}) {
		t.Errorf("card %+v", m.Card)
	}
	if _, err := OpenPlain(file, []byte("{}")); err == nil {
		t.Error("a config without fields is accepted")
	}
	ours := saved(t, small, card(), checkpoint.F32)
	if _, err := OpenPlain(ours, []byte(small.JSON())); err == nil || !strings.Contains(err.Error(), "has its config inside") {
		t.Errorf("a checkpoint of ours: error %v", err)
	}
}

func TestCheck(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	unconditional := small
	unconditional.NumClasses = 0
	c := card()
	c.Classes = nil
	u := opened(t, saved(t, unconditional, c, checkpoint.F32))

	if got, want := m.Defaults().String(), "model="+m.Hash+"&sampler=ddim&steps=50&spacing=uniform&eta=0&clip=1&seed=0&classes=0-2&guidance=1&count=16"; got != want {
		t.Errorf("defaults %s, want %s", got, want)
	}
	if got := FormatClasses(u.Defaults().Classes); got != "none" {
		t.Errorf("an unconditional model's default classes are %s", got)
	}
	for _, c := range []struct {
		model      *Model
		text, want string
	}{
		{m, "", ""},
		{m, "classes=none,2&steps=100", ""},
		{u, "classes=none", ""},
		{u, "", ""},
		{m, "model=000000000000", "it is for the model 000000000000, but this one is " + m.Hash},
		{m, "steps=101", "steps is 101, more than the 100"},
		{m, "guidance=2&interval=101-200", "interval is 101-200, but this model's chain ends at 100"},
		{m, "classes=0-3", "classes has 3, but this model's go from 0 to 2"},
		{u, "classes=0", "this model knows no classes"},
		{m, "count=65", "want 1 to 64"},
	} {
		_, err := c.model.Parse(c.text, CountOnPage)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
}

// A card may say what its model's recipes mean by what they leave out.
func TestCardsRecipe(t *testing.T) {
	c := card()
	c.Recipe = "steps=20&guidance=2.5"
	m := opened(t, saved(t, small, c, checkpoint.F32))
	r, err := m.Parse("steps=7", CountOnPage)
	if err != nil {
		t.Fatal(err)
	}
	if want := "model=" + m.Hash + "&sampler=ddim&steps=7&spacing=uniform&eta=0&clip=1&seed=0&classes=0-2&guidance=2.5&count=16"; r.String() != want {
		t.Errorf("parsed %s, want %s", r, want)
	}
	r.Classes[0] = 2
	if got := FormatClasses(m.Defaults().Classes); got != "0-2" {
		t.Errorf("a recipe's classes are the model's own: they became %s", got)
	}
	for _, text := range []string{"guidance=-1", "classes=9", "colour=red"} {
		c.Recipe = text
		if _, err := Open(saved(t, small, c, checkpoint.F32)); err == nil || !strings.Contains(err.Error(), "in the metadata, recipe: ") {
			t.Errorf("recipe %q in the metadata: error %v", text, err)
		}
	}
}

// FuzzOpen: a file that is refused is refused with an error.
func FuzzOpen(f *testing.F) {
	f.Add(saved(f, small, card(), checkpoint.I8))
	f.Add(rebuild(f, saved(f, small, card(), checkpoint.F32), func(m map[string]string) { m["timesteps"] = "7" }, nil))
	f.Fuzz(func(t *testing.T, file []byte) {
		// The bytes of the weights say nothing; keep to the header.
		if len(file) > 8 && binary.LittleEndian.Uint64(file) > 1<<16 {
			return
		}
		if m, err := Open(file); err == nil && (m.Net == nil || m.Chain == nil) {
			t.Error("accepted without a network")
		}
	})
}

// A model that is named later is the same as one that was named at once.
func TestSetHash(t *testing.T) {
	c := card()
	c.Recipe = "guidance=3&steps=7"
	file := saved(t, small, c, checkpoint.F32)
	at, err := Options{}.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	later, err := Options{HashLater: true}.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	later.SetHash(Hash(file))
	for _, text := range []string{"", "seed=3&model=" + Hash(file), "model=123456789abc"} {
		want, wrong := at.Parse(text, CountOnPage)
		got, fault := later.Parse(text, CountOnPage)
		if got.String() != want.String() || (fault == nil) != (wrong == nil) {
			t.Errorf("%q is %s, %v; want %s, %v", text, got, fault, want, wrong)
		}
	}
}
