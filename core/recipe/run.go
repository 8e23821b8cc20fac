package recipe

import (
	"errors"
	"strconv"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// Part is which of a recipe's images to draw: N of them from First on. The zero
// Part is all. Noise is keyed by the image's index in the recipe, so the parts
// together are the same pictures as the whole.
type Part struct {
	First, N int
	Workers  int // images computed at a time; 0 is 1

	// Predictor, of the same model, is used instead of a new one if it is not
	// nil; it knows its own number of workers. Runs that take turns may share
	// one and its memory.
	Predictor *Predictor
}

// Run begins a recipe: its steps denoise the images of the part, from pure
// noise to x_0. Its errors are those of Validate and Check, a part outside of
// the recipe, and a recipe that needs a picture.
func (m *Model) Run(r Recipe, part Part) (*sampler.Run, error) {
	if r.Start > 0 {
		return nil, invalid("start", "is "+strconv.Itoa(r.Start)+": a run from there needs a picture, which this one has not")
	}
	if r.Resample > 1 {
		return nil, invalid("resample", "is for inpainting, which needs a picture and a mask")
	}
	return m.run(r, part, func(*sampler.Options) {})
}

// run begins a recipe with options that say more than it does.
func (m *Model) run(r Recipe, part Part, more func(*sampler.Options)) (*sampler.Run, error) {
	o, err := m.Sampling(r, part)
	if err != nil {
		return nil, err
	}
	more(&o)
	return begin[r.Sampler](o)
}

// Sampling is what the recipe's sampler is told to draw a part of it from noise, for
// those who change it before they begin.
func (m *Model) Sampling(r Recipe, part Part) (o sampler.Options, err error) {
	if err := r.Validate(CountOnTerminal); err != nil {
		return o, err
	}
	if err := m.Check(r); err != nil {
		return o, err
	}
	if part.First == 0 && part.N == 0 {
		part.N = r.Count
	}
	if part.First < 0 || part.N < 1 || part.N > r.Count-part.First {
		return o, errors.New("recipe: images " + strconv.Itoa(part.First) + " to " + strconv.Itoa(part.First+part.N-1) +
			" of a recipe that has 0 to " + strconv.Itoa(r.Count-1))
	}
	predictor := part.Predictor
	if predictor == nil {
		predictor = m.NewPredictor(part.Workers)
	}
	if predictor.model != m {
		panic("recipe: a run with another model's predictor")
	}
	o = sampler.Options{
		Predictor: predictor,
		Size:      predictor.size,
		Seed:      r.Seed,
		First:     part.First,
		Guidance:  r.Guidance,
		Interval:  r.Interval,
		Clip:      r.Clip,
		Eta:       r.Eta,
	}
	for i := range part.N {
		o.Classes = append(o.Classes, r.Classes[(part.First+i)%len(r.Classes)])
	}
	if r.Branch > 0 {
		o.Branch = &sampler.Branch{T: r.Branch, Class: r.Classes[0]}
	}
	if o.Schedule, err = r.chain(m.Chain); err != nil {
		return o, err
	}
	o.Variance, err = diffusion.ParseVariance(r.Variance)
	return o, err
}

// begin starts the sampler that a recipe names.
var begin = map[string]func(sampler.Options) (*sampler.Run, error){
	"ddim":  sampler.DDIM,
	"ddpm":  sampler.DDPM,
	"dpmpp": sampler.DPMSolverPP,
	"unipc": sampler.UniPC,
}

// chain returns the steps of s that the recipe visits.
func (r Recipe) chain(s *schedule.Schedule) (*schedule.Schedule, error) {
	spacing, err := schedule.ParseSpacing(r.Spacing)
	if err != nil {
		return nil, err
	}
	if r.Start > 0 {
		if s, err = s.Until(r.Start); err != nil {
			return nil, err
		}
	}
	return s.Spaced(spacing, r.Steps)
}

// PictureNoise is the ε that dissolves a visitor's picture, [H][W][C], on the
// page and on the command line: one ε for all t, so that a picture moved along
// t keeps its grain.
func PictureNoise(eps []float32, seed uint64) {
	noise.Normal(eps, seed, noise.Forward, 0, 0)
}
