package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/evaluate"
)

type nllOptions struct {
	model, config, data, variance string
	out, dump                     string
	count, terms, workers         int
	seed                          uint64
	unconditional, json           bool
}

func newNLLCommand() *cobra.Command {
	var o nllOptions
	cmd := &cobra.Command{
		Use:   "nll --model F --data SET",
		Short: "Bound the likelihood of test images, in bits per dimension",
		Long: `Estimates the variational bound on −log p(x_0) of the first --count test images
(Ho et al., 2020, eq. 5), and what it is made of: the prior L_T, the divergences
between the forward posterior and the model at every t, and the discretised
decoder L_0.

Beside them stand L_simple by t and the rate–distortion curve of progressive
coding (Ho et al., §4.3). --out writes the report, the curve and its plots.

The full chain has a divergence for every t. For each image --terms of them are
drawn at random, at least one from every part of the chain, and stand for the
rest: the estimate is unbiased, and its standard error, over images, t and
noise, is stated. The predicted x_0 is not clipped. A model of classes is told
each image's, if the data's classes have the same names.`,
		Example: `  ddpm nll --model weights/digits.safetensors --data mnist --count 200
  ddpm nll --model weights/digits.safetensors --data mnist --count 20 --terms 999 --variance beta --json
  ddpm nll --model weights/digits.safetensors --data mnist --out runs/nll --dump runs/nll/terms.safetensors`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runNLL(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	f.StringVar(&o.config, "config", "", "config.json `FILE` of a plain checkpoint (default: the one beside it)")
	f.StringVar(&o.data, "data", "", "test images: "+setNames())
	f.IntVar(&o.count, "count", 100, "how many test images, at least 2")
	f.IntVar(&o.terms, "terms", 20, "divergences evaluated for each image, 1 to T−1")
	f.StringVar(&o.variance, "variance", "beta_tilde", "σ² of the reverse steps: beta, beta_tilde, or a weight from 0 (beta_tilde) to 1 (beta)")
	f.BoolVar(&o.unconditional, "unconditional", false, "do not tell the model the classes")
	f.Uint64Var(&o.seed, "seed", 0, "of the noise and of the choice of t")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "images computed at a time")
	f.StringVar(&o.out, "out", "", "`FOLDER` for nll.json, curve.csv and the plots")
	f.StringVar(&o.dump, "dump", "", "safetensors `FILE` for every term evaluated: x0, t, eps, eps_hat, kl")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	f.SortFlags = false
	require(cmd, "model", "data")
	return cmd
}

// nllResult is what `nll --json` prints.
type nllResult struct {
	Model string `json:"model"`
	Data  string `json:"data"`
	*evaluate.BoundReport
}

func runNLL(cmd *cobra.Command, o nllOptions) error {
	variance, err := diffusion.ParseVariance(o.variance)
	if err != nil {
		return &usageError{err}
	}
	if o.count < 2 {
		return misuse("--count is %d; a standard error wants at least 2 images", o.count)
	}
	m, err := openModel(o.model, o.config)
	if err != nil {
		return err
	}
	if o.terms < 1 || o.terms > m.Chain.T-1 {
		return misuse("--terms is %d, want 1 to %d: the model's chain has %d steps", o.terms, m.Chain.T-1, m.Chain.T)
	}
	test, err := dataset.Open(o.data, dataset.Test)
	if err != nil {
		return err
	}
	test = test.Subset(o.count)
	labels := !o.unconditional && len(m.Classes) > 0 && slices.Equal(m.Classes, test.Classes)
	options := evaluate.BoundOptions{Terms: o.terms, Variance: variance, Labels: labels, Seed: o.seed, Workers: o.workers}
	if o.out != "" { // now rather than after an hour
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return fmt.Errorf("cannot make the folder %s: %w", o.out, err)
		}
	}
	if o.dump != "" {
		if _, err := outputKind(o.dump, ".safetensors"); err != nil {
			return err
		}
		if err := evaluate.CheckDump(test, o.terms); err != nil {
			return &usageError{err}
		}
		if _, err := os.Stat(filepath.Dir(o.dump)); err != nil {
			return fmt.Errorf("cannot write %s: %w", o.dump, err)
		}
		options.Dump = &evaluate.BoundDump{}
	}
	bar := progress(cmd.ErrOrStderr(), test.Len(), "bounding", "images")
	report, err := evaluate.Bound(cmd.Context(), m, test, options, func(n int) { bar.Add(n) })
	bar.Finish()
	if err != nil {
		return fmt.Errorf("%s on %s: %w", o.model, o.data, err)
	}
	result := nllResult{filepath.Base(o.model), filepath.Base(o.data), report}
	if o.dump != "" {
		dump, err := options.Dump.Bytes()
		if err != nil {
			return err
		}
		if err := writeFile(o.dump, dump); err != nil {
			return err
		}
	}
	if o.out != "" {
		if err := writeNLL(o.out, result); err != nil {
			return err
		}
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), result)
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), report.Text())
	return err
}

// writeNLL writes the report, the curve and its plots into a folder.
func writeNLL(folder string, r nllResult) error {
	files, err := r.Plots()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := printJSON(&text, r); err != nil {
		return err
	}
	files["nll.json"], files["curve.csv"] = text.Bytes(), []byte(r.CSV())
	for name, data := range files {
		if err := writeFile(filepath.Join(folder, name), data); err != nil {
			return err
		}
	}
	return nil
}
