package main

import (
	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
)

func newImageToImageCommand() *cobra.Command {
	o := editOptions{own: map[string]string{"classes": "none", "count": "16"}}
	var in string
	var from start
	cmd := &cobra.Command{
		Use:   "img2img --model F --in PICTURE --out FILE",
		Short: "Noise a picture to t and denoise it: variations of it",
		Long: `Draws x_t of a picture from q(x_t|x_0) and denoises it from there (Meng et al.,
2022, "SDEdit"): coarse shapes stay, and what t has dissolved is drawn anew, each
time with other noise. With --classes it is drawn as that class.

` + fitRule,
		Example: `  ddpm edit img2img --model weights/digits.safetensors --in three.png --t 500 --out grid.png
  ddpm edit img2img --model weights/digits.safetensors --in three.png --strength 0.7 --classes 8 --out eights.png`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := o.open()
			if err != nil {
				return err
			}
			if err := from.set(cmd, m, &o); err != nil {
				return err
			}
			r, err := o.read(cmd, m)
			if err != nil {
				return err
			}
			picture, err := readFitted(in, m)
			if err != nil {
				return err
			}
			return o.draw(cmd, m, r, func(part recipe.Part) (*sampler.Run, error) { return m.ImageToImage(r, picture, part) })
		},
	}
	cmd.Flags().StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	cmd.Flags().StringVar(&in, "in", "", "the `PICTURE`")
	from.addFlags(cmd, 0.5)
	o.addFlags(cmd)
	require(cmd, "model", "in", "out")
	return cmd
}
