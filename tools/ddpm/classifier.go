package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/evaluate"
)

func newClassifierCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "classifier",
		Short: "Train the classifier that samples are judged by",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newClassifierTrainCommand())
	return cmd
}

func newClassifierTrainCommand() *cobra.Command {
	t := evaluate.DefaultTraining
	var data, out string
	var jsonOut bool
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a classifier on labelled images",
		Long: `Trains a small convolutional network on a data set, measures it on the set's
test images and writes it with a card beside it (FILE.md for FILE.safetensors).
Those for MNIST's digits, Fashion-MNIST and avatars come with ddpm; 'ddpm evaluate' uses them by itself.`,
		Example: `  ddpm classifier train --data mnist --out digits-classifier.safetensors`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := outputKind(out, ".safetensors"); err != nil {
				return err
			}
			return trainClassifier(cmd, t, data, out, jsonOut)
		},
	}
	f := cmd.Flags()
	f.StringVar(&data, "data", "mnist", "`set` by name or folder: "+setNames())
	f.StringVar(&out, "out", "", "`file` to write, .safetensors")
	f.IntSliceVar(&t.Widths, "widths", t.Widths, "`channels` of each level; the last is the number of features")
	f.IntVar(&t.Epochs, "epochs", t.Epochs, "times that every image is seen")
	f.IntVar(&t.Batch, "batch", t.Batch, "images a step")
	f.Float64Var(&t.Rate, "rate", t.Rate, "the highest learning rate")
	f.Float64Var(&t.Decay, "decay", t.Decay, "weight decay")
	f.Float64Var(&t.Augment.Shift, "shift", t.Augment.Shift, "move images at random by up to this many `pixels`")
	f.Float64Var(&t.Augment.Rotate, "rotate", t.Augment.Rotate, "turn images at random by up to this many `degrees`")
	f.Float64Var(&t.Augment.Scale, "scale", t.Augment.Scale, "resize images at random by up to this `share`")
	f.BoolVar(&t.Augment.Mirror, "mirror", t.Augment.Mirror, "turn every other image left to right, at random")
	f.Float64Var(&t.Noise, "noise", t.Noise, "largest standard deviation of the noise to add and to estimate, in units of x (−1 to 1)")
	f.Uint64Var(&t.Seed, "seed", t.Seed, "the result depends on it, and not on --workers")
	f.IntVar(&t.Workers, "workers", runtime.GOMAXPROCS(0), "goroutines that compute")
	f.BoolVar(&jsonOut, "json", false, "print the result as JSON on stdout")
	require(cmd, "out")
	return cmd
}

// classifierResult is what `classifier train` prints.
type classifierResult struct {
	File     string         `json:"file"`
	SHA256   string         `json:"sha256"`
	Bytes    int            `json:"bytes"`
	Test     evaluate.Share `json:"test"`
	Training float64        `json:"training_seconds"`
}

func trainClassifier(cmd *cobra.Command, t evaluate.Training, data, out string, jsonOut bool) error {
	images, err := dataset.Open(data, dataset.Train)
	if err != nil {
		return err
	}
	test, err := dataset.Open(data, dataset.Test)
	if err != nil {
		return err
	}
	began := time.Now()
	c, err := trainWithProgress(cmd.Context(), cmd.ErrOrStderr(), t, images)
	if err != nil {
		return err
	}
	result := classifierResult{File: out, Training: time.Since(began).Seconds()}
	training, err := json.Marshal(t)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(out), ".safetensors")
	file, err := c.Save(evaluate.Card{Name: name, Data: images.Name, Classes: images.Classes, Training: string(training)})
	if err != nil {
		return err
	}
	// What is measured is what the file holds, in float16.
	c, card, err := evaluate.OpenClassifier(file)
	if err != nil {
		return err
	}
	result.SHA256, result.Bytes = card.SHA256, len(file)
	reading, err := c.Read(cmd.Context(), test.Pixels, t.Workers, nil)
	if err != nil {
		return err
	}
	result.Test = evaluate.NewShare(reading.Correct(test.Labels), test.Len())
	if err := writeFile(out, file); err != nil {
		return err
	}
	text := classifierCard(c, card, result, commandLine(cmd, "data", "out", "workers", "json"))
	if err := writeFile(strings.TrimSuffix(out, ".safetensors")+".md", []byte(text)); err != nil {
		return err
	}
	if jsonOut {
		return printJSON(cmd.OutOrStdout(), result)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: reads %d of %d test images, %.2f%%; %d bytes, sha256 %s\n",
		out, result.Test.Correct, result.Test.Of, 100*result.Test.Share, len(file), card.SHA256)
	return err
}

func trainWithProgress(ctx context.Context, stderr io.Writer, t evaluate.Training, data *dataset.Dataset) (*evaluate.Classifier, error) {
	bar := progress(stderr, t.Epochs*(data.Len()/max(t.Batch, 1))*t.Batch, "training", "images")
	loss, accuracy := 0.0, 0.0 // running means
	c, err := evaluate.Train(ctx, t, data, func(p evaluate.Progress) {
		keep := min(0.98, 1-1/float64(p.Step))
		loss = keep*loss + (1-keep)*p.Loss
		accuracy = keep*accuracy + (1-keep)*p.Accuracy
		bar.Describe(fmt.Sprintf("loss %.4f, %.2f%% right", loss, 100*accuracy))
		bar.Add(t.Batch) // a bar that cannot be drawn is no reason to stop
	})
	bar.Finish()
	return c, err
}

// commandLine is the command with the flags that were given, but for some that
// have no influence, and with no more of the machine's folders than is relative.
func commandLine(cmd *cobra.Command, except ...string) string {
	text := cmd.CommandPath()
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if slices.Contains(except, f.Name) {
			return
		}
		if f.Value.Type() == "bool" {
			text += " --" + f.Name
			if f.Value.String() != "true" {
				text += "=" + f.Value.String()
			}
			return
		}
		parts := strings.Split(strings.Trim(f.Value.String(), "[]"), ",") // a list's
		for i, part := range parts {
			if filepath.IsAbs(part) {
				parts[i] = filepath.Base(part)
			}
		}
		value := strings.Join(parts, ",")
		if strings.ContainsAny(value, " &") { // as recipes have
			value = "'" + value + "'"
		}
		text += " --" + f.Name + " " + value
	})
	return text
}

func classifierCard(c *evaluate.Classifier, card evaluate.Card, r classifierResult, command string) string {
	config := c.Config()
	return fmt.Sprintf(`# Classifier: %s

A convolutional network that reads images of %d×%d×%d as one of %d classes: %s.
`+"`ddpm evaluate`"+` judges samples by it: whether each is read as the class that was
asked for, and, in the space of its %d features (the mean over the last level's
pixels), how far samples are from real images.

| | |
|---|---|
| test images read right | %d of %d, %.2f%% |
| trained on | %s, training split |
| widths | %v, two 3×3 convolutions with group norm and SiLU a level (one at the first) |
| training | `+"`%s`"+` |
| command | `+"`%s --data %s --out %s`"+` |
| time | %.0f s |
| file | %d bytes, weights in float16 |
| sha256 | `+"`%s`"+` |
`, card.Name, config.ImageSize, config.ImageSize, config.Channels, config.Classes, strings.Join(card.Classes, ", "),
		config.Features(), r.Test.Correct, r.Test.Of, 100*r.Test.Share, card.Data, config.Widths, card.Training,
		command, card.Data, filepath.Base(r.File), r.Training, r.Bytes, card.SHA256)
}
