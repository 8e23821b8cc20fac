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
// noise to x_0. Its errors are those of Validate and Check, and a part outside
// of the recipe.
func (m *Model) Run(r Recipe, part Part) (*sampler.Run, error) {
	if err := r.Validate(CountOnTerminal); err != nil {
		return nil, err
	}
	if err := m.Check(r); err != nil {
		return nil, err
	}
	if part.First == 0 && part.N == 0 {
		part.N = r.Count
	}
	if part.First < 0 || part.N < 1 || part.N > r.Count-part.First {
		return nil, errors.New("recipe: images " + strconv.Itoa(part.First) + " to " + strconv.Itoa(part.First+part.N-1) +
			" of a recipe that has 0 to " + strconv.Itoa(r.Count-1))
	}
	chain, err := r.chain(m.Chain)
	if err != nil {
		return nil, err
	}
	predictor := part.Predictor
	if predictor == nil {
		predictor = m.NewPredictor(min(part.Workers, part.N))
	}
	if predictor.model != m {
		panic("recipe: a run with another model's predictor")
	}
	o := sampler.Options{
		Schedule:  chain,
		Predictor: predictor,
		Size:      predictor.size,
		Seed:      r.Seed,
		First:     part.First,
		Guidance:  r.Guidance,
		Clip:      r.Clip,
		Eta:       r.Eta,
	}
	for i := range part.N {
		o.Classes = append(o.Classes, r.Classes[(part.First+i)%len(r.Classes)])
	}
	if o.Variance, err = diffusion.ParseVariance(r.Variance); err != nil {
		return nil, err
	}
	return begin[r.Sampler](o)
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
	return s.Spaced(spacing, r.Steps)
}

// PictureNoise is the ε that dissolves a visitor's picture, [H][W][C], on the
// page and on the command line: one ε for all t, so that a picture moved along
// t keeps its grain.
func PictureNoise(eps []float32, seed uint64) {
	noise.Normal(eps, seed, noise.Forward, 0, 0)
}
