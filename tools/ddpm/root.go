package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newRoot is the command line with all of its commands.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "ddpm",
		Short: "Denoising diffusion: train, sample, look inside",
		Long: `Denoising diffusion probabilistic models (Ho et al., 2020): train a network on
your machine, draw pictures with it, and look at every step of the theory.

Files of weights and tensors are safetensors; pictures are PNG.`,
		Example: `  # draw 40 digits, four of each class
  ddpm sample --model weights/digits.safetensors --classes 0-9 --count 40 --out digits.png

  # half-dissolve a picture of your own into noise
  ddpm noise --in me.jpg --t 500 --out noisy.png`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRun: func(cmd *cobra.Command, _ []string) {
			if !builtWithSIMD {
				fmt.Fprintln(cmd.ErrOrStderr(), "ddpm: built without SIMD, so several times slower than it could be; `make ddpm` or GOEXPERIMENT=simd builds it with.")
			}
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(
		newDataCommand(),
		newTrainCommand(),
		newSampleCommand(),
		newEditCommand(),
		newNoiseCommand(),
		newQuantizeCommand(),
		newEpsCommand(),
		newONNXCommand(),
		newInitCommand(),
		newEvaluateCommand(),
		newCurvesCommand(),
		newStudyCommand(),
		newNLLCommand(),
		newPosteriorCommand(),
		newBenchCommand(),
		newClassifierCommand(),
		newServeCommand(),
	)
	forEach(root, func(cmd *cobra.Command) {
		check := cmd.Args
		if check == nil {
			check = cobra.NoArgs
		}
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return &usageError{err}
			}
			return nil
		}
	})
	return root
}

func forEach(cmd *cobra.Command, f func(*cobra.Command)) {
	f(cmd)
	for _, c := range cmd.Commands() {
		forEach(c, f)
	}
}
