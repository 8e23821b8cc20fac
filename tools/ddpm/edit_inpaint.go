package main

import (
	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
)

func newInpaintCommand() *cobra.Command {
	o := editOptions{own: map[string]string{"sampler": "ddpm", "classes": "none", "count": "16"}}
	var in, mask, resample, jump string
	var from start
	cmd := &cobra.Command{
		Use:   "inpaint --model F --in PICTURE --mask PICTURE --out FILE",
		Short: "Keep a part of a picture and draw the rest",
		Long: `Draws what a mask shows white, and keeps what it shows black, by RePaint (Lugmayr
et al., 2022): after every step the known part is noised anew from the picture,
and to bring both parts into harmony the run goes back up by --jump steps, and
down again, --resample times over. That multiplies the time: 1 is without. With
--t or --strength it starts from the noised picture in place of noise, so that
what is drawn resembles what was there.

` + fitRule + ` The mask is treated alike.`,
		Example: `  ddpm edit inpaint --model weights/digits.safetensors --in three.png --mask half.png --out grid.png
  ddpm edit inpaint --model weights/digits.safetensors --in three.png --mask half.png --classes 3 --steps 100 --resample 10 --out grid.png`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := o.open()
			if err != nil {
				return err
			}
			o.own["resample"], o.own["jump"] = resample, jump
			if from.given(cmd) {
				if err := from.set(cmd, m, &o); err != nil {
					return err
				}
			}
			r, err := o.read(cmd, m)
			if err != nil {
				return err
			}
			picture, err := readFitted(in, m)
			if err != nil {
				return err
			}
			known, err := readMask(mask, m)
			if err != nil {
				return err
			}
			return o.draw(cmd, m, r, func(part recipe.Part) (*sampler.Run, error) { return m.Inpaint(r, picture, known, part) })
		},
	}
	cmd.Flags().StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	cmd.Flags().StringVar(&in, "in", "", "the `PICTURE`")
	cmd.Flags().StringVar(&mask, "mask", "", "a `PICTURE` that is white where to draw and black where to keep")
	cmd.Flags().StringVar(&resample, "resample", "5", "how often each part of the way is walked, `1..1000`")
	cmd.Flags().StringVar(&jump, "jump", "10", "how many `steps` it goes back up for that")
	from.addFlags(cmd, 1)
	o.addFlags(cmd)
	require(cmd, "model", "in", "mask", "out")
	return cmd
}
