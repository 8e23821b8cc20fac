package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	core "github.com/ddpm-go/ddpm/core/bench"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/bench"
)

type benchOptions struct {
	model, config, net, out string
	threads                 int
	batches                 []int
	time                    time.Duration
	json                    bool
}

func newBenchCommand() *cobra.Command {
	o := benchOptions{}
	cmd := &cobra.Command{
		Use:   "bench [layers] [network] [steps] [training] [cost]",
		Short: "Measure how fast the networks are on this machine",
		Long: `Measures a network on this machine, against what the machine can do: a loop of
multiply-adds in registers alone (the ceiling), and its memory's bandwidth.

  layers    each distinct layer alone: its rate, share of the ceiling, roofline
  network   batches of images through the whole network
  steps     one image at several t
  training  a step of the trainer
  cost      one image through networks of other sizes and widths

All of them, unless some are named. Rates are effective: twice the multiply-adds
of the direct form over the time, so that a convolution by Winograd, which
multiplies less, may pass the ceiling. Each figure is the median of bursts; a
quiet machine repeats them within a few percent.`,
		Example: `  ddpm bench
  ddpm bench layers network --net base64 --threads 1
  ddpm bench cost --model weights/digits.safetensors --out cost`,
		Args: func(_ *cobra.Command, args []string) error {
			for _, part := range args {
				if !slices.Contains(bench.Parts, part) {
					return fmt.Errorf("%q cannot be measured; want some of %s", part, strings.Join(bench.Parts, ", "))
				}
			}
			return nil
		},
		ValidArgs: bench.Parts,
		RunE:      func(cmd *cobra.Command, args []string) error { return runBench(cmd, o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.net, "net", core.Networks()[0].Name, "network with random weights: "+networkNames())
	f.StringVar(&o.model, "model", "", "a checkpoint `FILE` instead")
	f.StringVar(&o.config, "config", "", "config.json `FILE` of a plain checkpoint (default: the one beside it)")
	f.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "measure on 1, 2, 4… up to this many")
	f.IntSliceVar(&o.batches, "batch", bench.Batches, "numbers of images at a time")
	f.DurationVar(&o.time, "benchtime", 500*time.Millisecond, "of each measurement")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	f.StringVar(&o.out, "out", "", "`FOLDER` for report.json, and for cost.csv and cost.png")
	f.SortFlags = false
	return cmd
}

func runBench(cmd *cobra.Command, o benchOptions, parts []string) error {
	if o.threads < 1 {
		return misuse("--threads is %d; want 1 or more", o.threads)
	}
	for _, n := range o.batches {
		if n < 1 {
			return misuse("--batch %d; want 1 or more", n)
		}
	}
	if o.time <= 0 {
		return misuse("--benchtime is %v; want more than nothing", o.time)
	}
	name, net, err := o.network(cmd)
	if err != nil {
		return err
	}
	if len(parts) == 0 {
		parts = bench.Parts
	}
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return err
		}
	}
	bar := progress(cmd.ErrOrStderr(), 1+len(parts), "measuring", "parts")
	r, err := bench.Measure(cmd.Context(), name, net, bench.Options{
		Parts: parts, Clock: bench.Clock{Time: o.time}, Threads: o.threads, Batches: o.batches,
	}, func() { bar.Add(1) })
	bar.Finish()
	if err != nil {
		return err
	}
	if o.out != "" {
		if err := o.write(r, net.Config()); err != nil {
			return err
		}
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), r)
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), r.Text())
	return err
}

// network is the one that the options name.
func (o benchOptions) network(cmd *cobra.Command) (name string, net *unet.Net, err error) {
	if o.model != "" {
		if cmd.Flags().Changed("net") {
			return "", nil, misuse("--model and --net both name a network; want one of them")
		}
		m, err := openModelAs(recipe.Options{Weights: true}, o.model, o.config)
		if err != nil {
			return "", nil, err
		}
		return filepath.Base(o.model), m.Net, nil
	}
	n, ok := core.Find(o.net)
	if !ok {
		return "", nil, misuse("--net %q: there is no such network; %s", o.net, cmd.Flags().Lookup("net").Usage)
	}
	return n.Name, n.New(), nil
}

// write writes the files of --out.
func (o benchOptions) write(r *bench.Report, config unet.Config) error {
	var text strings.Builder
	if err := printJSON(&text, r); err != nil {
		return err
	}
	report := writeFile(filepath.Join(o.out, "report.json"), []byte(text.String()))
	if len(r.Cost) == 0 {
		return report
	}
	picture, err := bench.CostPlot(r.Cost, config)
	return errors.Join(report, err,
		writeFile(filepath.Join(o.out, "cost.csv"), bench.CostCSV(r.Cost)),
		writeFile(filepath.Join(o.out, "cost.png"), picture))
}
