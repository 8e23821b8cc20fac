package recipe

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
	"github.com/ddpm-go/ddpm/core/unet"
)

// Model is a checkpoint opened: a network and what it was trained for. It is
// read-only, so any number of runs may share one.
type Model struct {
	Card
	Net   *unet.Net
	Chain *schedule.Schedule // all T steps
	Hash  string             // how recipes name the checkpoint

	defaults Recipe
}

// ErrPlain is Open's error for a checkpoint that says nothing of its network:
// OpenPlain may open it, given the config.
var ErrPlain = errors.New("model: the checkpoint's metadata has no format=ddpm, so its config has to come from a file")

// Options say what is made of a checkpoint that is opened. The zero value is for
// running it.
type Options struct {
	// Weights keeps Net.Weights, to save or to train from. Without, no more is kept
	// than evaluating the network takes, which is all that a page has room for.
	Weights bool
	// Convolution forces one way of computing.
	Convolution unet.Convolution
	// Hash is Hash of the file, where it is known already.
	Hash string
	// HashLater leaves the model's Hash to SetHash.
	HashLater bool
}

// Open opens a checkpoint to run it.
func Open(file []byte) (*Model, error) { return Options{}.Open(file) }

// OpenPlain opens a plain checkpoint to run it.
func OpenPlain(file, config []byte) (*Model, error) { return Options{}.OpenPlain(file, config) }

// Open reads a checkpoint that Save wrote. It refuses metadata that is missing
// or wrong, and tensors that are missing, too many, or of another shape than
// the config's network has.
func (o Options) Open(file []byte) (*Model, error) {
	f, err := checkpoint.Parse(file)
	if err != nil {
		return nil, err
	}
	return o.open(f, func() (string, error) { return Hash(file), nil })
}

// OpenFrom is Open for a file that stays where it is, of so many bytes: it is never
// in memory whole. A file of Save's is read from its beginning to its end, and a plain
// one too but for tensors that stand in no order, so that it may be still on its way.
func (o Options) OpenFrom(r io.ReaderAt, size int64) (*Model, error) {
	f, err := checkpoint.Read(r, size)
	if err != nil {
		return nil, err
	}
	return o.open(f, func() (string, error) { return HashFrom(r, size) })
}

func (o Options) open(f *checkpoint.File, hash func() (string, error)) (*Model, error) {
	metadata := f.Metadata()
	if metadata["format"] == "" {
		return nil, ErrPlain
	}
	if metadata["format"] != format {
		return nil, errors.New("model: the metadata's format is " + quote(metadata["format"]) + ", want " + format)
	}
	if metadata["config"] == "" {
		return nil, errors.New(`model: the metadata has no "config"`)
	}
	config, err := unet.ParseConfig([]byte(metadata["config"]))
	if err != nil {
		return nil, err
	}
	if config.InChannels != config.OutChannels {
		return nil, errors.New("model: the network has " + strconv.Itoa(config.InChannels) + " channels in and " +
			strconv.Itoa(config.OutChannels) + " out, but noise has as many as pictures")
	}
	card, err := readCard(metadata, config)
	if err != nil {
		return nil, err
	}
	return o.build(f, hash, config, card)
}

// OpenPlain reads a checkpoint that has only tensors, with PyTorch's names, and
// the text of a config.json. Such a network predicts ε on the linear schedule
// of 1000 steps (Ho et al., 2020, §4).
func (o Options) OpenPlain(file, config []byte) (*Model, error) {
	f, err := checkpoint.Parse(file)
	if err != nil {
		return nil, err
	}
	return o.openPlain(f, func() (string, error) { return Hash(file), nil }, config)
}

// OpenPlainFrom is to OpenPlain what OpenFrom is to Open.
func (o Options) OpenPlainFrom(r io.ReaderAt, size int64, config []byte) (*Model, error) {
	f, err := checkpoint.Read(r, size)
	if err != nil {
		return nil, err
	}
	return o.openPlain(f, func() (string, error) { return HashFrom(r, size) }, config)
}

func (o Options) openPlain(f *checkpoint.File, hash func() (string, error), config []byte) (*Model, error) {
	if f.Metadata()["format"] == format { // what it predicts may not be ε
		return nil, errors.New("model: the checkpoint has its config inside, so none may be given")
	}
	c, err := unet.ParseConfig(config)
	if err != nil {
		return nil, err
	}
	return o.build(f, hash, c, Card{
		Prediction: diffusion.Eps,
		Schedule:   "linear",
		Timesteps:  1000,
		Classes:    numbered(c.NumClasses),
	})
}

func (o Options) build(f *checkpoint.File, hash func() (string, error), config unet.Config, card Card) (*Model, error) {
	chain, err := schedule.New(card.Schedule, card.Timesteps)
	if err != nil {
		return nil, errors.New("model: in the metadata, " + err.Error())
	}
	// A small file must not make us take memory for a large network.
	params := config.Params()
	last := params[len(params)-1]
	if want, have := int64(last.Offset+last.Len()), f.Elements(); want > 2*have {
		return nil, errors.New("model: the config's network has " + strconv.FormatInt(want, 10) +
			" parameters, the checkpoint only " + strconv.FormatInt(have, 10))
	}
	net, err := o.load(f, config, params)
	if err != nil {
		return nil, err
	}
	m := &Model{Card: card, Net: net, Chain: chain, Hash: o.Hash}
	switch {
	case m.Hash != "":
	case o.HashLater:
		m.Hash = strings.Repeat("0", hashDigits)
	default:
		if m.Hash, err = hash(); err != nil {
			return nil, err
		}
	}
	m.defaults = m.fallbacks()
	if card.Recipe != "" {
		if m.defaults, err = m.Parse(card.Recipe, CountOnTerminal); err != nil {
			return nil, errors.New("model: in the metadata, " + err.Error())
		}
	}
	return m, nil
}

// load makes the config's network with its parameters, which are in f; there must be no
// other tensors.
func (o Options) load(f *checkpoint.File, config unet.Config, params []unet.Param) (*unet.Net, error) {
	for _, p := range params {
		if err := fits(f, p); err != nil {
			return nil, err
		}
	}
	if f.Len() != len(params) { // there are more
		for _, name := range f.Names() {
			if !slices.ContainsFunc(params, func(p unet.Param) bool { return p.Name == name }) {
				return nil, errors.New("model: tensor " + quote(name) + " is none of the config's network")
			}
		}
	}
	if !o.Weights {
		read := func(p unet.Param, first int, dst []float32) error { return f.ReadRows(dst, p.Name, first) }
		return unet.Load(config, o.Convolution, read, func(p unet.Param) int64 { return f.At(p.Name) })
	}
	net, err := unet.NewWith(config, o.Convolution)
	if err != nil {
		return nil, err
	}
	var values []float32
	for _, p := range params {
		values = sized(values, p.Len())
		if err := f.ReadFloat32(values, p.Name); err != nil {
			return nil, err
		}
		p.Import(net.Weights(), values)
	}
	net.Pack()
	return net, nil
}

// fits says what is wrong with the tensor that should be a parameter.
func fits(f *checkpoint.File, p unet.Param) error {
	dtype, shape, ok := f.Info(p.Name)
	switch {
	case !ok:
		return errors.New("model: tensor " + strconv.Quote(p.Name) + " is missing; the config's network has it, of shape " +
			tensor.FormatShape(p.Shape))
	case !slices.Equal(shape, p.Shape):
		return errors.New("model: tensor " + strconv.Quote(p.Name) + " has shape " + tensor.FormatShape(shape) +
			", the config's network wants " + tensor.FormatShape(p.Shape))
	case dtype != checkpoint.F32 && dtype != checkpoint.F16 && dtype != checkpoint.I8:
		return errors.New("model: tensor " + strconv.Quote(p.Name) + " is " + string(dtype) + ", weights are F32, F16 or I8")
	}
	return nil
}

// Defaults is what a recipe for this model means by the keys that it leaves out:
// what the card's Recipe says, and else Default, with all of the model's classes
// in turn and no more steps than it has.
func (m *Model) Defaults() Recipe {
	r := m.defaults
	r.Classes = slices.Clone(r.Classes)
	return r
}

// SetHash names a model that was opened without, before it is used: computing a large
// file's takes as long as opening it, and somebody else may do so meanwhile.
func (m *Model) SetHash(hash string) { m.Hash, m.defaults.Model = hash, hash }

// fallbacks is Defaults where the card says nothing.
func (m *Model) fallbacks() Recipe {
	r := Default
	r.Model = m.Hash
	r.Steps = min(r.Steps, m.Chain.T)
	n := m.Net.Config().NumClasses
	r.Classes = []int{unet.Null}
	if n > 0 {
		r.Classes = nil
		for c := range min(n, maxClasses) {
			r.Classes = append(r.Classes, c)
		}
	}
	return r
}

// Parse reads a recipe for this model: Parse on top of Defaults, and Check.
func (m *Model) Parse(text string, maxCount int) (Recipe, error) {
	r, err := Parse(text, m.Defaults(), maxCount)
	if err != nil {
		return r, err
	}
	return r, m.Check(r)
}

// Check says whether a valid recipe fits this model: that it is meant, and has
// the classes and steps.
func (m *Model) Check(r Recipe) error {
	if r.Model != m.Hash {
		return errors.New("recipe: it is for the model " + r.Model + ", but this one is " + m.Hash +
			": open the other checkpoint, or leave model out to draw other pictures with this one")
	}
	if r.Steps > m.Chain.T {
		return errors.New("recipe: steps is " + strconv.Itoa(r.Steps) + ", more than the " + strconv.Itoa(m.Chain.T) + " that this model has")
	}
	if p, err := schedule.ParseSpacing(r.Spacing); err != nil || p.End() >= m.Chain.T {
		return errors.New("recipe: spacing is " + r.Spacing + ", but this model's chain begins at " + strconv.Itoa(m.Chain.T) + ": no step would be left")
	}
	if r.Interval.From > m.Chain.T {
		return errors.New("recipe: interval is " + r.Interval.String() + ", but this model's chain ends at " + strconv.Itoa(m.Chain.T) + ": guidance would never act")
	}
	if r.Start > m.Chain.T {
		return errors.New("recipe: start is " + strconv.Itoa(r.Start) + ", but this model's chain ends at " + strconv.Itoa(m.Chain.T))
	}
	if r.Start > 0 && r.Steps > r.Start {
		return errors.New("recipe: steps is " + strconv.Itoa(r.Steps) + ", more than there are from start=" + strconv.Itoa(r.Start))
	}
	c := m.Net.Config()
	if c.InChannels != c.OutChannels {
		return errors.New("recipe: a network with " + strconv.Itoa(c.InChannels) + " channels in and " +
			strconv.Itoa(c.OutChannels) + " out draws no pictures")
	}
	for _, class := range r.Classes {
		if class >= c.NumClasses && c.NumClasses == 0 {
			return errors.New("recipe: classes has " + strconv.Itoa(class) + ", but this model knows no classes: leave it out, or say none")
		}
		if class >= c.NumClasses {
			return errors.New("recipe: classes has " + strconv.Itoa(class) + ", but this model's go from 0 to " + strconv.Itoa(c.NumClasses-1))
		}
	}
	return nil
}
