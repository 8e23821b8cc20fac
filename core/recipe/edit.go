package recipe

import (
	"errors"
	"strconv"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/sampler"
)

// Edits begin runs from pictures in place of noise. A picture is [H][W][C] in
// [−1, 1], of the model's size. Noise is keyed by an image's index in the recipe
// here too, so that neither the split into parts nor the count shows.

// ImageToImage noises a picture to the recipe's start, by q(x_t|x_0) (Ho et al.,
// 2020, eq. 4), and denoises it from there (Meng et al., 2022, SDEdit,
// arXiv:2108.01073). Each image has an ε of its own; that of image 0 is
// PictureNoise.
func (m *Model) ImageToImage(r Recipe, picture []float32, part Part) (*sampler.Run, error) {
	if err := m.needStart(r); err != nil {
		return nil, err
	}
	if err := m.fits(picture); err != nil {
		return nil, err
	}
	return m.run(r, part, func(o *sampler.Options) { m.noised(o, picture, r.Start) })
}

// Inpaint keeps the known part of a picture and draws the rest: see
// sampler.Inpainting. known is [H][W][C], true where the picture is kept. It
// starts from noise, or, if the recipe has a start, from the picture noised to
// there, so that what is drawn resembles what was there.
func (m *Model) Inpaint(r Recipe, picture []float32, known []bool, part Part) (*sampler.Run, error) {
	if err := m.fits(picture); err != nil {
		return nil, err
	}
	if len(known) != len(picture) {
		return nil, errors.New("recipe: a mask of " + strconv.Itoa(len(known)) + " values for a picture of " + strconv.Itoa(len(picture)))
	}
	if r.Sampler != "ddpm" && r.Sampler != "ddim" {
		return nil, invalid("sampler", "is "+quote(r.Sampler)+", which remembers steps and cannot go back and forth; inpainting wants ddpm or ddim")
	}
	return m.run(r, part, func(o *sampler.Options) {
		o.Inpaint = &sampler.Inpainting{Picture: picture, Known: known, Jump: r.Jump, Resample: r.Resample}
		if r.Start > 0 {
			m.noised(o, picture, r.Start)
		}
	})
}

// Interpolate goes from picture a, the recipe's image 0, to picture b, its last
// one, in equal steps between their x_t at the recipe's start, which share ε;
// all images share the noise of the way down too (Ho et al., 2020, §4.4).
func (m *Model) Interpolate(r Recipe, a, b []float32, part Part) (*sampler.Run, error) {
	if err := m.needStart(r); err != nil {
		return nil, err
	}
	for _, picture := range [][]float32{a, b} {
		if err := m.fits(picture); err != nil {
			return nil, err
		}
	}
	return m.run(r, part, func(o *sampler.Options) {
		o.SameNoise = true
		eps, xa, xb := make([]float32, o.Size), make([]float32, o.Size), make([]float32, o.Size)
		PictureNoise(eps, r.Seed)
		diffusion.QSample(xa, a, eps, m.Chain, r.Start)
		diffusion.QSample(xb, b, eps, m.Chain, r.Start)
		between(o, r, xa, xb, sampler.Lerp)
	})
}

// InterpolateNoise goes from xa, where the recipe's image 0 starts, to xb, where
// its last one does, on the great circle between them (Song et al., 2021, DDIM,
// §5.3). Both are x_T, or x_t at the recipe's start: Noise gives some, and Encode
// those of pictures. All images share the noise of the way, if there is any.
func (m *Model) InterpolateNoise(r Recipe, xa, xb []float32, part Part) (*sampler.Run, error) {
	for _, x := range [][]float32{xa, xb} {
		if err := m.fits(x); err != nil {
			return nil, err
		}
	}
	return m.run(r, part, func(o *sampler.Options) {
		o.SameNoise = true
		between(o, r, xa, xb, sampler.Slerp)
	})
}

// Noise sets x to the x_T that image i of a recipe with that seed starts from.
func (m *Model) Noise(x []float32, seed uint64, i uint32) {
	noise.Normal(x, seed, noise.Initial, i, 0)
}

// Encode begins to find the x_T, or x_t at the recipe's start, from which the
// recipe draws these pictures again, [part.N][H][W][C], if it is deterministic:
// see sampler.Encode. From is the way back.
func (m *Model) Encode(r Recipe, pictures []float32, refine int, part Part) (*sampler.Encoding, error) {
	o, err := m.Sampling(r, part)
	if err != nil {
		return nil, err
	}
	if r.Sampler != "ddim" || r.Eta != 0 {
		return nil, invalid("sampler", "cannot be run backwards, only ddim with eta=0 can")
	}
	return sampler.Encode(o, pictures, refine)
}

// From begins a recipe from x_T, or x_t at its start, [part.N][H][W][C].
func (m *Model) From(r Recipe, x []float32, part Part) (*sampler.Run, error) {
	return m.run(r, part, func(o *sampler.Options) { o.Start = x })
}

func (m *Model) needStart(r Recipe) error {
	if r.Start > 0 {
		return nil
	}
	return invalid("start", "is missing, the t to noise a picture to: want 1 to "+strconv.Itoa(m.Chain.T))
}

func (m *Model) fits(picture []float32) error {
	c := m.Net.Config()
	if want := c.ImageSize * c.ImageSize * c.InChannels; len(picture) != want {
		return errors.New("recipe: a picture of " + strconv.Itoa(len(picture)) + " values, this model's have " + strconv.Itoa(want))
	}
	return nil
}

// noised starts each image of a part from the picture at t.
func (m *Model) noised(o *sampler.Options, picture []float32, t int) {
	o.Start = make([]float32, len(o.Classes)*o.Size)
	for i := range o.Classes {
		x := o.Start[i*o.Size : (i+1)*o.Size]
		noise.Normal(x, o.Seed, noise.Forward, uint32(o.First+i), 0)
		diffusion.QSample(x, picture, x, m.Chain, t)
	}
}

// between starts image i of a part between two x_t.
func between(o *sampler.Options, r Recipe, xa, xb []float32, way func(dst, a, b []float32, weight float64)) {
	o.Start = make([]float32, len(o.Classes)*o.Size)
	for i := range o.Classes {
		weight := float64(o.First+i) / float64(max(r.Count-1, 1))
		way(o.Start[i*o.Size:(i+1)*o.Size], xa, xb, weight)
	}
}
