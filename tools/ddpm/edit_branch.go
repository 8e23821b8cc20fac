package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
)

func newBranchCommand() *cobra.Command {
	o := editOptions{own: map[string]string{"sampler": "ddpm", "classes": "none", "count": "16"}}
	var t int
	cmd := &cobra.Command{
		Use:   "branch --model F --out FILE",
		Short: "Several endings from one x_t",
		Long: `Draws pictures that share their noise and every step down to x_t, and each have
noise of their own from there on: what they have in common is what x_t had
settled (Ho et al., 2020, §4.3). The first one is what the same seed draws without
branches. Deterministic samplers part by their classes only.`,
		Example: `  ddpm edit branch --model weights/digits.safetensors --t 600 --steps 100 --seed 3 --out endings.png
  ddpm edit branch --model weights/digits.safetensors --t 800 --sampler ddim --classes 0-9 --out classes.png`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := o.open()
			if err != nil {
				return err
			}
			switch given := cmd.Flags().Changed("t"); {
			case given && o.recipe != "":
				return misuse("--recipe already says everything: give --t inside it, as branch")
			case !given:
				t = max(1, m.Chain.T*6/10)
			case t < 1 || t > m.Chain.T:
				return misuse("--t is %d, want 1 to %d", t, m.Chain.T)
			}
			o.own["branch"] = strconv.Itoa(t)
			r, err := o.read(cmd, m)
			if err != nil {
				return err
			}
			return o.draw(cmd, m, r, func(part recipe.Part) (*sampler.Run, error) { return m.Run(r, part) })
		},
	}
	cmd.Flags().StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	cmd.Flags().IntVar(&t, "t", 0, "the `t` down to which they are one, 1 to T (default 0.6 of T)")
	o.addFlags(cmd)
	require(cmd, "model", "out")
	return cmd
}
