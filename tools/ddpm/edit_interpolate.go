package main

import (
	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
)

func newInterpolateCommand() *cobra.Command {
	o := editOptions{own: map[string]string{"classes": "none", "count": "9"}}
	var in, with string
	var spherical bool
	var refine int
	var from start
	cmd := &cobra.Command{
		Use:   "interpolate --model F (--in PICTURE --with PICTURE) --out FILE",
		Short: "The way from one picture to another, through their noise",
		Long: `Goes from one picture to another in equal steps. Both are noised to x_t with the
same ε; between the two lies a straight line, each point of which is denoised
(Ho et al., 2020, §4.4). The larger t, the freer the way, and the less the ends are
the pictures.

With --spherical both are encoded instead, by running DDIM backwards, and the way
is the great circle between their x_T (Song et al., 2021, DDIM, §5.3): the ends
are the pictures, but for the error of encoding. Without pictures, it is the way
between the x_T of the seed's first two pictures.

` + fitRule,
		Example: `  ddpm edit interpolate --model weights/digits.safetensors --in three.png --with eight.png --t 500 --out way.png
  ddpm edit interpolate --model weights/digits.safetensors --spherical --seed 5 --classes 3 --out way.png`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (in == "") != (with == "") || in == "" && !spherical {
				return misuse("give two pictures, --in and --with, or none with --spherical, for the way between two of the seed's")
			}
			m, err := o.open()
			if err != nil {
				return err
			}
			switch {
			case !spherical:
				err = from.set(cmd, m, &o)
			case from.given(cmd):
				err = misuse("--spherical is the way between two x_T: leave out --t and --strength")
			case in != "":
				// With which there is a way back, and an exact one.
				o.own["sampler"], o.own["spacing"], o.own["guidance"], o.own["clip"] = "ddim", "uniform", "1", "0"
			}
			if err != nil {
				return err
			}
			r, err := o.read(cmd, m)
			if err != nil {
				return err
			}
			a, b, err := ends(cmd, m, r, in, with, spherical, refine)
			if err != nil {
				return err
			}
			between := m.Interpolate
			if spherical {
				between = m.InterpolateNoise
			}
			images, err := drawParts(cmd, m, r, o.workers, func(part recipe.Part) (*sampler.Run, error) { return between(r, a, b, part) })
			if err != nil {
				return err
			}
			return o.write(cmd, m, r, images, min(r.Count, 12))
		},
	}
	cmd.Flags().StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	cmd.Flags().StringVar(&in, "in", "", "the `PICTURE` to start from")
	cmd.Flags().StringVar(&with, "with", "", "the `PICTURE` to go to")
	from.addFlags(cmd, 0.5)
	cmd.Flags().BoolVar(&spherical, "spherical", false, "go between their x_T, on the great circle")
	cmd.Flags().IntVar(&refine, "refine", 4, "for --spherical, how often each step of encoding is iterated further")
	o.addFlags(cmd)
	require(cmd, "model", "out")
	return cmd
}

// ends returns what an interpolation goes between: two pictures, what two
// pictures are encoded to, or the x_T of the seed's first two.
func ends(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, in, with string, spherical bool, refine int) (a, b []float32, err error) {
	if in == "" {
		c := m.Net.Config()
		size := c.ImageSize * c.ImageSize * c.InChannels
		a, b = make([]float32, size), make([]float32, size)
		m.Noise(a, r.Seed, 0)
		m.Noise(b, r.Seed, 1)
		return a, b, nil
	}
	if a, err = readFitted(in, m); err != nil {
		return nil, nil, err
	}
	if b, err = readFitted(with, m); err != nil || !spherical {
		return a, b, err
	}
	if a, err = encode(cmd, m, r, a, refine); err != nil {
		return nil, nil, err
	}
	b, err = encode(cmd, m, r, b, refine)
	return a, b, err
}
