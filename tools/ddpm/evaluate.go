package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/nn"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/evaluate"
)

type evaluateOptions struct {
	model, config, samples, recipe string
	data, classifier, card         string
	nearest                        string
	convolution                    nn.Convolution
	workers                        int
	json                           bool
}

func newEvaluateCommand() *cobra.Command {
	var o evaluateOptions
	cmd := &cobra.Command{
		Use:   "evaluate (--model F | --samples F)",
		Short: "Measure how good a model's pictures are",
		Long: `Draws pictures, or takes those of a file that 'ddpm sample' has written, and lets
a classifier read them:

  conditional accuracy   how many are read as the class that was asked for, and
                         where classes are combinations, by each attribute
  class entropy          whether all classes are drawn equally often
  Fréchet distance       how far the pictures are, in the space of the
                         classifier's features, from the training images of
                         --data; beside it the floor, the distance of as many
                         test images. Both depend on how many there are:
                         compare only distances of equally many. Samples count
                         so that classes are as frequent as in the data
  precision and recall   how many samples are among the training images, in that
                         space, and how many of those are among the samples
  nearest image          how far samples are from the training image nearest to
                         them, beside the same of test images, which are no copies

Ten thousand pictures of 50 steps with guidance take two cores some twenty minutes;
--count 1000 gives a first impression.

Classifiers for the sets mnist, fashion-mnist and avatars are built in; for other
pictures, train one with 'ddpm classifier train' and name it with --classifier.`,
		Example: `  ddpm evaluate --model weights/digits.safetensors --count 1000 --steps 50 --guidance 2 --seed 1
  ddpm evaluate --samples digits.safetensors --data mnist --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (o.model == "") == (o.samples == "") {
				return misuse("give either --model, to draw samples, or --samples, a file of them")
			}
			if o.nearest != "" && o.data == "" {
				return misuse("--nearest looks for the nearest training images: name their set with --data")
			}
			return runEvaluate(cmd, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.model, "model", "", "the checkpoint that draws")
	f.StringVar(&o.config, "config", "", "config.json of a plain checkpoint (default: the one beside it)")
	f.StringVar(&o.samples, "samples", "", "in place of --model: images U8 [N,H,W,C] and classes I64 [N], as 'ddpm sample' writes: .safetensors")
	f.StringVar(&o.recipe, "recipe", "", "a recipe's text instead of the flags that follow from it")
	for _, r := range recipeFlags {
		if r.key == "count" {
			r.value = "10000"
		}
		f.String(r.key, r.value, r.usage)
	}
	f.StringVar(&o.data, "data", "", "compare with a data set: "+setNames())
	f.StringVar(&o.classifier, "classifier", "", "classifier to judge by (default: the built-in one for the set, or for digits)")
	f.StringVar(&o.card, "card", "", "write the result into this Markdown file, in place of the one of before")
	f.StringVar(&o.nearest, "nearest", "", "draw the samples nearest to training images, and the first, above those images: .png")
	convolutionFlag(cmd, &o.convolution)
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "images computed at a time")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	f.SortFlags = false
	return cmd
}

// evaluation is what --json prints.
type evaluation struct {
	Model   string  `json:"model,omitempty"` // file
	File    string  `json:"file,omitempty"`  // of the samples
	Recipe  string  `json:"recipe,omitempty"`
	Seconds float64 `json:"drawing_seconds,omitempty"`
	*evaluate.Report
}

func runEvaluate(cmd *cobra.Command, o evaluateOptions) error {
	// Before the work, what comes after it.
	if o.nearest != "" {
		if _, err := outputKind(o.nearest, ".png"); err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Dir(o.nearest)); err != nil {
			return fmt.Errorf("cannot write %s: %w", o.nearest, err)
		}
	}
	if o.card != "" {
		if _, err := readFile(o.card, "card"); err != nil {
			return err
		}
	}
	judge, err := openJudge(o.classifier, o.data)
	if err != nil {
		return err
	}
	data, err := openData(o.data)
	if err != nil {
		return err
	}
	var e evaluation
	samples, err := o.drawOrRead(cmd, judge, &e)
	if err != nil {
		return err
	}
	bar := progress(cmd.ErrOrStderr(), evaluate.Reads(samples, data), "reading", "images")
	e.Report, err = judge.Evaluate(cmd.Context(), samples, data, o.workers, func(n int) { bar.Add(n) })
	bar.Finish()
	if err != nil {
		return fmt.Errorf("%s: %w", cmp.Or(o.samples, o.model), err)
	}
	if o.nearest != "" {
		if err := writeNearest(o.nearest, samples, data.Train, e.Memory.Nearest); err != nil {
			return err
		}
	}
	if o.card != "" {
		if err := e.writeCard(o.card, commandLine(cmd, "workers", "json", "card", "nearest")); err != nil {
			return err
		}
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), e)
	}
	return e.print(cmd.OutOrStdout())
}

// openJudge opens a classifier's file or, without a path, the built-in classifier
// for a set; for a folder of one's own, or no set, that for digits.
func openJudge(path, set string) (evaluate.Judge, error) {
	if path == "" {
		source, err := dataset.Lookup(set)
		if err != nil {
			return evaluate.Digits(), nil
		}
		judge, ok := evaluate.BuiltIn(source.Name)
		if !ok {
			return judge, fmt.Errorf("no classifier is built in for %s; train one with 'ddpm classifier train --data %[1]s --out FILE.safetensors' and name it with --classifier", source.Name)
		}
		return judge, nil
	}
	file, err := readFile(path, "classifier")
	if err != nil {
		return evaluate.Judge{}, err
	}
	c, card, err := evaluate.OpenClassifier(file)
	if err != nil {
		return evaluate.Judge{}, fmt.Errorf("%s: %w", path, err)
	}
	return evaluate.Judge{Classifier: c, Card: card}, nil
}

// openData opens both splits of a set, nil if there is no name.
func openData(name string) (*evaluate.Data, error) {
	if name == "" {
		return nil, nil
	}
	train, err := dataset.Open(name, dataset.Train)
	if err != nil {
		return nil, err
	}
	test, err := dataset.Open(name, dataset.Test)
	if err != nil {
		return nil, err
	}
	return &evaluate.Data{Train: train, Test: test}, nil
}

func (o evaluateOptions) drawOrRead(cmd *cobra.Command, judge evaluate.Judge, e *evaluation) (*evaluate.Samples, error) {
	if o.samples != "" {
		if err := o.drawnAlready(cmd); err != nil {
			return nil, err
		}
		e.File = filepath.Base(o.samples)
		file, err := readFile(o.samples, "samples")
		if err != nil {
			return nil, err
		}
		samples, err := evaluate.OpenSamples(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.samples, err)
		}
		e.Recipe = samples.Recipe
		return samples, nil
	}
	m, err := openModelAs(recipe.Options{Convolution: o.convolution}, o.model, o.config)
	if err != nil {
		return nil, err
	}
	r, err := o.recipeFor(cmd, m)
	if err != nil {
		return nil, err
	}
	if err := judge.Fits(m); err != nil {
		return nil, fmt.Errorf("%s: %w", o.model, err)
	}
	e.Model, e.Recipe = filepath.Base(o.model), r.String()
	began := time.Now()
	images, err := drawPictures(cmd, m, r, o.workers)
	e.Seconds = time.Since(began).Seconds()
	return samplesOf(m, r, images), err
}

// drawnAlready refuses the flags that say how to draw.
func (o evaluateOptions) drawnAlready(cmd *cobra.Command) error {
	names := []string{"config", "recipe", "convolution"}
	for _, r := range recipeFlags {
		names = append(names, r.key)
	}
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			return misuse("--%s says how to draw, and --samples are drawn already", name)
		}
	}
	return nil
}

// recipeFor is the recipe that the command line asks for.
func (o evaluateOptions) recipeFor(cmd *cobra.Command, m *recipe.Model) (recipe.Recipe, error) {
	text, err := recipeText(cmd, o.recipe)
	if err != nil {
		return recipe.Recipe{}, err
	}
	if count := cmd.Flags().Lookup("count"); o.recipe == "" && !count.Changed {
		text = strings.TrimPrefix(text+"&count="+count.DefValue, "&")
	}
	r, err := m.Parse(text, recipe.CountOnTerminal)
	if err != nil {
		return r, &usageError{err}
	}
	if r.Count < 2 {
		return r, misuse("one picture is too few to evaluate; draw at least 2")
	}
	return r, nil
}

// print writes the report for a person.
func (e evaluation) print(w io.Writer) error {
	fmt.Fprintln(w, strings.TrimSpace(cmp.Or(e.Model, e.File)+"  "+e.Recipe))
	_, err := io.WriteString(w, e.Text())
	if err == nil && e.Seconds > 0 {
		_, err = fmt.Fprintf(w, "drawn in %s, %.2f s an image\n", time.Duration(e.Seconds*float64(time.Second)).Round(time.Second), e.Seconds/float64(e.Samples))
	}
	return err
}

// writeCard puts the report into a Markdown file.
func (e evaluation) writeCard(path, command string) error {
	text, err := readFile(path, "card")
	if err != nil {
		return err
	}
	card, err := evaluate.ReplaceSection(string(text), e.Markdown(e.Recipe, command))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writeFile(path, []byte(card))
}
