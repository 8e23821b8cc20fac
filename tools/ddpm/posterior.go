package main

import (
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/evaluate"
)

type posteriorOptions struct {
	model, config, data, variance string
	images, count, workers        int
	times                         []int
	seed                          uint64
	json                          bool
}

func newPosteriorCommand() *cobra.Command {
	var o posteriorOptions
	cmd := &cobra.Command{
		Use:   "posterior --model F --data SET",
		Short: "Compare the network with the exact reverse of the chain, for a finite data set",
		Long: `For the first --images training images the reverse of the forward chain,
q(x_{t−1}|x_t), is known exactly: a mixture of the posteriors q(x_{t−1}|x_t,x_0) of
all of them. This computes it, at x_t drawn from --count of the images, and
compares the network's p_θ(x_{t−1}|x_t) with it.

Printed for each t: how many images x_t could have come from; the term L_{t−1} of
the bound; the part of it that is the network's, KL(q(x_{t−1}|x_t) ‖ p_θ), the rest
being what x_t does not tell about x_0; that part for the best ε_θ there is,
E[ε|x_t]; and how far the network's ε is from that one. A network that has seen
more images than these knows of others that x_t could have come from, so at large t
it is right to differ.`,
		Example: `  ddpm posterior --model weights/digits.safetensors --data mnist
  ddpm posterior --model weights/digits.safetensors --data mnist --images 60000 --count 20 --t 200,500,800`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runPosterior(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	f.StringVar(&o.config, "config", "", "config.json `FILE` of a plain checkpoint (default: the one beside it)")
	f.StringVar(&o.data, "data", "", "training images: "+setNames())
	f.IntVar(&o.images, "images", 10_000, "how many images the data set has")
	f.IntVar(&o.count, "count", 50, "how many of them x_t is drawn from, at least 2")
	f.IntSliceVar(&o.times, "t", nil, "the `t` to compare at (default: ten of the chain)")
	f.StringVar(&o.variance, "variance", "beta_tilde", "σ² of the reverse steps: beta, beta_tilde, or a weight from 0 (beta_tilde) to 1 (beta)")
	f.Uint64Var(&o.seed, "seed", 0, "of the noise")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "draws computed at a time")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	f.SortFlags = false
	require(cmd, "model", "data")
	return cmd
}

// posteriorResult is what `posterior --json` prints.
type posteriorResult struct {
	Model string `json:"model"`
	Data  string `json:"data"`
	*evaluate.PosteriorReport
}

func runPosterior(cmd *cobra.Command, o posteriorOptions) error {
	variance, err := diffusion.ParseVariance(o.variance)
	if err != nil {
		return &usageError{err}
	}
	if o.count < 2 || o.images < o.count {
		return misuse("--count is %d and --images %d; want at least 2 to draw from, and no more than there are images", o.count, o.images)
	}
	m, err := openModel(o.model, o.config)
	if err != nil {
		return err
	}
	for i := 1; len(o.times) < 10 && i <= 10; i++ {
		if t := m.Chain.T * i / 10; t >= 2 && !cmd.Flags().Changed("t") {
			o.times = append(o.times, t)
		}
	}
	for _, t := range o.times {
		if t < 2 || t > m.Chain.T {
			return misuse("--t has %d, want 2 to %d: at 1 the posterior is a point", t, m.Chain.T)
		}
	}
	data, err := dataset.Open(o.data, dataset.Train)
	if err != nil {
		return err
	}
	data = data.Subset(o.images)
	bar := progress(cmd.ErrOrStderr(), o.count*len(o.times), "comparing", "draws")
	report, err := evaluate.Posterior(cmd.Context(), m, data, evaluate.PosteriorOptions{
		Count: o.count, Times: o.times, Variance: variance, Seed: o.seed, Workers: o.workers,
	}, func(n int) { bar.Add(n) })
	bar.Finish()
	if err != nil {
		return fmt.Errorf("%s on %s: %w", o.model, o.data, err)
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), posteriorResult{filepath.Base(o.model), filepath.Base(o.data), report})
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), report.Text())
	return err
}
