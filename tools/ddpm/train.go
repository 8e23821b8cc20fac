package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/train"
)

// trainFlags are the flags of train that are not a field of the config.
type trainFlags struct {
	config        train.Config
	base, depth   int
	embedding     int
	attention     []int
	unconditional bool
	widths        []int
	blocks        int
	scaleShift    bool
	epochs        float64

	out, init, resume string
	every             time.Duration
	workers           int
	asJSON            bool
}

func newTrainCommand() *cobra.Command {
	t := trainFlags{config: train.Default}
	c := &t.config
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a model",
		Long: `Trains a denoising network (Algorithm 1 of Ho et al., 2020) on all cores.

The run's folder fills with what there is to see: loss.csv and loss.png,
samples.png (one column a class), config.json; ema.safetensors, the model so far,
which sample, evaluate and quantize take; and checkpoint.safetensors, from which
--resume goes on. Ctrl-C finishes the step, saves, and says how to go on; a
second one quits at once. The same seed gives the same weights to the bit,
interrupted or not, whatever the number of workers.`,
		Example: `  # ten epochs of MNIST digits into the folder runs/mnist
  ddpm train --data mnist --epochs 10

  # go on after an interruption
  ddpm train --resume runs/mnist

  # teach a trained network further, or other pictures of the same size
  ddpm train --data mnist --init weights/digits.safetensors --rate 0.0003 --epochs 5

  # a smaller and quicker network, as a try
  ddpm train --data fashion-mnist --base 16 --epochs 2 --out runs/try`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if t.resume != "" {
				return t.goOn(cmd)
			}
			return t.begin(cmd)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&c.Data, "data", "", "`set` by name or folder: "+setNames())
	f.StringVar(&t.out, "out", "", "`folder` of the run (default runs/SET)")
	f.StringVar(&t.init, "init", "", "begin with the weights of this checkpoint `FILE`, whose network and prediction it goes on with, in place of random ones")
	f.StringVar(&t.resume, "resume", "", "go on with the run in this `folder`, exactly as it would have gone on")
	f.Float64Var(&t.epochs, "epochs", 10, "times that every picture is seen")
	f.IntVar(&c.Steps, "steps", 0, "steps to take, instead of --epochs")
	f.IntVar(&c.Limit, "limit", 0, "use only the first `n` pictures of the set")
	f.IntVar(&c.Batch, "batch", c.Batch, "pictures a step")
	f.StringVar(&c.Name, "name", "", "of the model (default: the set's)")

	f.IntVar(&t.base, "base", 32, "channels at full resolution; each level below has twice as many")
	f.IntVar(&t.depth, "depth", 2, "levels, each of half the resolution")
	f.IntVar(&t.embedding, "embedding", 128, "width of the time and class embedding")
	f.IntSliceVar(&t.attention, "attention", nil, "`levels` with self-attention: 0 is full resolution, the depth is the bottleneck")
	f.IntSliceVar(&t.widths, "widths", nil, "`channels` at full resolution and at each level below, in place of --base and --depth: 32,64,96")
	f.IntVar(&t.blocks, "blocks", 1, "residual blocks a level")
	f.BoolVar(&t.scaleShift, "scale-shift", false, "the embedding scales and shifts the second norm of a block, rather than being added")
	f.BoolVar(&t.unconditional, "unconditional", false, "leave the classes out")

	f.StringVar(&c.Prediction, "prediction", c.Prediction, "what the network predicts: eps, v, x0, mu or residual")
	f.StringVar(&c.Schedule, "schedule", c.Schedule, "noise schedule: linear, cosine, sigmoid, shifted:2 (the cosine's SNR by 2²) or logsnr:9,0,-9")
	f.IntVar(&c.Timesteps, "timesteps", c.Timesteps, "T, the length of the chain")
	f.Float64Var(&c.MinSNR, "min-snr", c.MinSNR, "gamma of min-SNR weighting, 5 is usual; 0 for the plain loss")
	f.StringVar(&c.Weighting, "weighting", c.Weighting, "of the steps in the loss: vlb for the variational bound's; x0 for the error of x_0, whatever is predicted; x0:4 for up to 4 times that at high SNR; none for equal weights")
	f.Float64Var(&c.Dropout, "dropout", c.Dropout, "share of labels withheld, so that guidance has a null class")

	f.Float64Var(&c.Rate, "rate", c.Rate, "the highest learning rate")
	f.Float64Var(&c.Warmup, "warmup", c.Warmup, "share of the steps over which the rate rises")
	f.StringVar(&c.Decay, "decay", c.Decay, "how the rate falls to 0: cosine, linear, or constant for not at all")
	f.Float64Var(&c.Beta1, "beta1", c.Beta1, "Adam's beta 1")
	f.Float64Var(&c.Beta2, "beta2", c.Beta2, "Adam's beta 2")
	f.Float64Var(&c.WeightDecay, "weight-decay", c.WeightDecay, "AdamW's; 0 is plain Adam")
	f.Float64Var(&c.Clip, "clip", c.Clip, "longest gradient; 0 for any")
	f.Float64Var(&c.EMA, "ema", c.EMA, "how much of the average of weights outlives a step, after a ramp")
	f.Uint64Var(&c.Seed, "seed", c.Seed, "of everything random")

	f.DurationVar(&t.every, "checkpoint-every", 5*time.Minute, "how often to save")
	f.IntVar(&t.workers, "workers", 0, "goroutines that compute; 0 for one a core (no influence on the weights)")
	f.BoolVar(&t.asJSON, "json", false, "print the result as JSON on stdout")
	return cmd
}

// begin starts a run.
func (t *trainFlags) begin(cmd *cobra.Command) error {
	c := &t.config
	if c.Data == "" {
		return misuse("--data is missing: which pictures? (or --resume: which run?)")
	}
	if f := cmd.Flags(); f.Changed("steps") && f.Changed("epochs") {
		return misuse("give --steps or --epochs, not both")
	}
	if len(t.widths) > 0 {
		if f := cmd.Flags(); f.Changed("base") || f.Changed("depth") {
			return misuse("--widths says what --base and --depth would; give one or the other")
		}
		t.base, t.depth = t.widths[0], len(t.widths)-1
	}
	if t.blocks < 1 {
		return misuse("--blocks %d; a level has at least 1", t.blocks)
	}
	switch {
	case c.Batch < 1:
		return misuse("--batch %d; a step learns from at least 1 picture", c.Batch)
	case c.Limit < 0:
		return misuse("--limit %d; want how many pictures to use, or 0 for all", c.Limit)
	case c.Steps < 1 && cmd.Flags().Changed("steps"):
		return misuse("--steps %d; a run has at least 1", c.Steps)
	}
	data, err := dataset.Open(c.Data, dataset.Train)
	if err != nil {
		return err
	}
	if _, err := dataset.Lookup(c.Data); err != nil {
		// A folder: --resume may be called from elsewhere.
		if c.Data, err = filepath.Abs(c.Data); err != nil {
			return err
		}
	}
	if c.Limit > 0 {
		data = data.Subset(c.Limit)
	}
	if c.Name == "" {
		c.Name = data.Name
	}
	if t.out == "" {
		t.out = filepath.Join("runs", c.Name)
	}
	if info, err := os.Stat(t.out); err == nil && (!info.IsDir() || !emptyFolder(t.out)) {
		if _, err := os.Stat(filepath.Join(t.out, train.StateFile)); err != nil {
			return fmt.Errorf("%s is there already, and has no run to go on with: choose another folder with --out", t.out)
		}
		return fmt.Errorf("%s is there already; go on with: ddpm train --resume %s, or choose another folder with --out", t.out, t.out)
	}
	var first *recipe.Model
	if t.init != "" {
		if first, err = t.initial(cmd.Flags()); err != nil {
			return err
		}
	} else {
		c.Net = t.network(data)
	}
	if c.Net.NumClasses > 0 {
		c.Classes = data.Classes
	}
	if c.Steps == 0 {
		c.Steps = int(t.epochs*float64(data.Len())/float64(c.Batch) + 0.5)
	}
	c.Command = "ddpm " + strings.Join(os.Args[1:], " ")
	trainer, err := train.New(*c, data, t.workers)
	if err != nil {
		return err
	}
	if first != nil {
		if err := trainer.Begin(first.Net); err != nil {
			return err
		}
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d pictures; a network of %d parameters, %.0f M multiply-adds a picture; %d steps of %d\n",
		data.Name, data.Len(), c.Net.Parameters(), float64(c.Net.MulAdds())/1e6, c.Steps, c.Batch)
	return t.run(cmd, trainer, t.out)
}

// network is the one that the flags describe.
func (t *trainFlags) network(data *dataset.Dataset) unet.Config {
	net := unet.Config{
		ImageSize: data.Height, InChannels: data.Channels, OutChannels: data.Channels,
		BaseCh: t.base, EmbCh: t.embedding, Depth: t.depth, AttentionLevels: t.attention,
		Widths: t.widths, ScaleShift: t.scaleShift,
	}
	if t.blocks > 1 {
		net.Blocks = t.blocks
	}
	if !t.unconditional {
		net.NumClasses = len(data.Classes)
	}
	return net
}

// goOn resumes a run.
func (t *trainFlags) goOn(cmd *cobra.Command) error {
	var refused []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "resume", "checkpoint-every", "workers", "json":
		default:
			refused = append(refused, "--"+f.Name)
		}
	})
	if len(refused) > 0 {
		return misuse("--resume goes on with what the run began with; leave out %s", strings.Join(refused, ", "))
	}
	state, err := train.ReadState(t.resume)
	if err != nil {
		return err
	}
	c, err := train.StateConfig(state)
	if err != nil {
		return err
	}
	data, err := dataset.Open(c.Data, dataset.Train)
	if err != nil {
		return err
	}
	if c.Limit > 0 {
		data = data.Subset(c.Limit)
	}
	trainer, err := train.Resume(state, data, t.workers)
	if err != nil {
		return err
	}
	if trainer.Steps() == c.Steps {
		fmt.Fprintf(cmd.ErrOrStderr(), "The run in %s is complete: all %d steps are done.\n", t.resume, c.Steps)
		return nil
	}
	return t.run(cmd, trainer, t.resume)
}

// run trains, tells how it goes, and after an interruption how to go on.
func (t *trainFlags) run(cmd *cobra.Command, trainer *train.Trainer, dir string) error {
	stderr := cmd.ErrOrStderr()
	// The first signal has been caught by then; without a catcher, the second
	// one ends the program.
	stop := context.AfterFunc(cmd.Context(), func() {
		signal.Reset(os.Interrupt, syscall.SIGTERM)
		fmt.Fprintln(stderr, "\nFinishing the step and saving; once more to quit at once.")
	})
	defer stop()
	show := newTrainProgress(stderr, trainer)
	err := train.Run(cmd.Context(), trainer, dir, t.every, train.Observer{Step: show.step, Saved: show.saved})
	show.end()
	if interrupted := (*train.InterruptedError)(nil); errors.As(err, &interrupted) {
		fmt.Fprintf(stderr, "Go on with: ddpm train --resume %s\n", dir)
		return err
	}
	if err != nil {
		return err
	}
	if t.asJSON {
		c := trainer.Config()
		return printJSON(cmd.OutOrStdout(), trainResult{
			Model: filepath.Join(dir, train.ModelFile), Steps: trainer.Steps(), Images: trainer.Steps() * c.Batch,
			Seconds: trainer.Seconds(), LSimple: trainer.Loss(),
		})
	}
	fmt.Fprintf(stderr, "Done: loss %.4f. The model is %s; see %s.\nNext: ddpm sample --model %[2]s --out samples.png\n",
		trainer.Loss(), filepath.Join(dir, train.ModelFile), filepath.Join(dir, train.SamplesFile))
	return nil
}

// trainResult is what `train --json` prints.
type trainResult struct {
	Model   string  `json:"model"`
	Steps   int     `json:"steps"`
	Images  int     `json:"images_seen"`
	Seconds float64 `json:"seconds"`
	LSimple float64 `json:"l_simple"` // mean over the last steps
}

func emptyFolder(dir string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = f.Readdirnames(1)
	return errors.Is(err, io.EOF)
}
