package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/tools/evaluate"
	"github.com/ddpm-go/ddpm/tools/train"
)

type curvesOptions struct {
	model, data, classifier, out, card string
	parts, beside                      []string
	count, seeds, workers              int
}

func newCurvesCommand() *cobra.Command {
	var o curvesOptions
	cmd := &cobra.Command{
		Use:   "curves --model F --data SET --out FOLDER",
		Short: "Measure quality against steps, guidance and precision",
		Long: `Measures the Fréchet distance and the share of samples that are read as asked,
with as many samples at every point, and draws the curves:

  steps     5 to 50 steps of each fast sampler
  ddpm      ancestral sampling at 250 and 1000 steps, with one seed
  guidance  1 to 3, at 20 and at 50 steps, and at 20 acting up to t = 600 only
  beside    other checkpoints of the same network (--beside): float32 beside
            int8, or a run's checkpoint.safetensors, which is its weights before
            averaging

All of them take hours. Every point is written to points.json in the folder as soon
as it is there, and none is measured twice: stop with Ctrl-C and go on with the
same command.`,
		Example: `  ddpm curves --model weights/digits.safetensors --data mnist --part steps --out runs/curves
  ddpm curves --model weights/digits.safetensors --data mnist --part beside \
    --beside runs/digits/ema.safetensors,runs/digits/checkpoint.safetensors --out runs/curves --card weights/digits.md`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCurves(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.model, "model", "", "the checkpoint `FILE` that draws")
	f.StringVar(&o.data, "data", "", "compare with a data set: "+setNames())
	f.StringVar(&o.out, "out", "", "`FOLDER` for points.json, curves.csv and the plots")
	f.StringSliceVar(&o.parts, "part", evaluate.CurveParts, "which `parts`")
	f.StringSliceVar(&o.beside, "beside", nil, "other checkpoint `FILES` for the part beside")
	f.IntVar(&o.count, "count", 2000, "samples at every point")
	f.IntVar(&o.seeds, "seeds", 3, "seeds, from 1, where a point takes minutes")
	f.StringVar(&o.classifier, "classifier", "", "classifier to judge by (default: the built-in one for the set)")
	f.StringVar(&o.card, "card", "", "Markdown `FILE` to write the table into")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "pictures computed at a time; does not change them")
	f.SortFlags = false
	require(cmd, "model", "data", "out")
	return cmd
}

func runCurves(cmd *cobra.Command, o curvesOptions) error {
	for _, part := range o.parts {
		if !slices.Contains(evaluate.CurveParts, part) {
			return misuse("--part has %q, want some of %s", part, strings.Join(evaluate.CurveParts, ", "))
		}
	}
	if o.count < 2 || o.seeds < 1 {
		return misuse("--count is %d and --seeds %d; want at least 2 samples and 1 seed", o.count, o.seeds)
	}
	judge, err := openJudge(o.classifier, o.data)
	if err != nil {
		return err
	}
	files := append([]string{o.model}, o.beside...)
	models := make([]*recipe.Model, len(files))
	for i, file := range files {
		if models[i], err = openRun(file); err != nil {
			return err
		}
		if err := judge.Fits(models[i]); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if models[i].Net.Config().NumClasses == 0 {
			return fmt.Errorf("%s: it knows no classes, and the curves are of what guidance by them does; measure it with 'ddpm evaluate'", file)
		}
	}
	data, err := openData(o.data)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return fmt.Errorf("cannot make the folder %s: %w", o.out, err)
	}
	curves, err := readPoints(filepath.Join(o.out, "points.json"))
	if err != nil {
		return err
	}
	bar := progress(cmd.ErrOrStderr(), data.Train.Len()+data.Test.Len(), "reading", "images")
	reference, err := judge.NewReference(cmd.Context(), data, o.count, o.workers, func(n int) { bar.Add(n) })
	bar.Finish()
	if err != nil {
		return err
	}
	classifier := judge.Card.SHA256[:12]
	for _, point := range evaluate.CurvePoints(o.parts, len(o.beside), o.seeds) {
		for seed := 1; seed <= point.Seeds; seed++ {
			m := models[point.Model]
			r, err := m.Parse(fmt.Sprintf("%s&seed=%d&count=%d", point.Recipe, seed, o.count), recipe.CountOnTerminal)
			if err != nil {
				return fmt.Errorf("%s: %w", files[point.Model], err)
			}
			if curves.Has(point.Part, r.String(), classifier) {
				continue
			}
			began := time.Now()
			images, err := drawPictures(cmd, m, r, o.workers)
			if err != nil {
				return o.finish(cmd, curves, err)
			}
			measured := evaluate.Measured{
				Part: point.Part, Series: point.Series, X: point.X, Model: filepath.Base(files[point.Model]), Recipe: r.String(),
				Classifier: classifier, Floor: reference.Floor, Seconds: time.Since(began).Seconds(),
			}
			measured.Distance, measured.Accuracy, err = reference.Measure(cmd.Context(), samplesOf(m, r, images), o.workers)
			if err != nil {
				return o.finish(cmd, curves, err)
			}
			curves = append(curves, measured)
			if err := o.write(curves); err != nil {
				return err
			}
		}
	}
	return o.finish(cmd, curves, nil)
}

// finish prints what there is, whatever ended the measurement.
func (o curvesOptions) finish(cmd *cobra.Command, curves evaluate.Curves, cause error) error {
	if len(curves) == 0 {
		return cause
	}
	if _, err := fmt.Fprint(cmd.OutOrStdout(), curves.Text()); err != nil {
		return err
	}
	if o.card == "" || cause != nil {
		return cause
	}
	text, err := readFile(o.card, "card")
	if err != nil {
		return err
	}
	card, err := curves.ReplaceCurves(string(text), commandLine(cmd, "workers", "card", "out"))
	if err != nil {
		return fmt.Errorf("%s: %w", o.card, err)
	}
	return writeFile(o.card, []byte(card))
}

// write renews the folder's files.
func (o curvesOptions) write(curves evaluate.Curves) error {
	text, err := curves.JSON()
	if err != nil {
		return err
	}
	files, err := curves.Plots()
	if err != nil {
		return err
	}
	files["points.json"], files["curves.csv"] = append(text, '\n'), curves.CSV()
	for name, data := range files {
		if err := writeFile(filepath.Join(o.out, name), data); err != nil {
			return err
		}
	}
	return nil
}

// readPoints reads what was measured before, nothing if there is no file.
func readPoints(path string) (evaluate.Curves, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the points %s: %w", path, err)
	}
	curves, err := evaluate.ReadCurves(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return curves, nil
}

// openRun opens a checkpoint to run it, or the weights in the state of a training
// run, as they are before averaging.
func openRun(path string) (*recipe.Model, error) {
	m, err := openModel(path, "")
	if err == nil {
		return m, nil
	}
	state, unreadable := readFile(path, "model")
	if unreadable != nil {
		return nil, err
	}
	raw, notState := train.Raw(state)
	if notState != nil {
		return nil, err // what it is not is a model
	}
	return recipe.Open(raw)
}

// samplesOf are pictures that a recipe drew, with the classes it asked for.
func samplesOf(m *recipe.Model, r recipe.Recipe, images []byte) *evaluate.Samples {
	config := m.Net.Config()
	s := &evaluate.Samples{Height: config.ImageSize, Width: config.ImageSize, Channels: config.OutChannels, Images: images}
	for i := range r.Count {
		s.Classes = append(s.Classes, r.Classes[i%len(r.Classes)])
	}
	return s
}
