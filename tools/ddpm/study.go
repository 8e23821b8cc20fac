package main

import (
	"context"
	"encoding/json"
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
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/bench"
	"github.com/ddpm-go/ddpm/tools/evaluate"
	"github.com/ddpm-go/ddpm/tools/study"
	"github.com/ddpm-go/ddpm/tools/train"
)

type studyOptions struct {
	plan, out, classifier string
	arms                  []string
	workers               int
	every                 time.Duration
}

func newStudyCommand() *cobra.Command {
	var o studyOptions
	cmd := &cobra.Command{
		Use:   "study --plan FILE --out FOLDER",
		Short: "Compare ways to train, an arm at a time",
		Long: `Trains each arm of a plan with each of its seeds, measures samples of every run
by Fréchet distance and the share that is read as asked, and keeps a table and a
plot: study.csv, study.png, and all figures in results.json.

A plan is a JSON file (tools/study/digits.json is one): the set, how many pictures
a run sees, what every run has, and in each arm what is changed. With "equal":
"flops" all runs cost the same arithmetic. All arms are done with the first seed
before any is with the second. Stop with Ctrl-C and go on with the same command:
what is measured stays, and a run goes on from its checkpoint.`,
		Example: `  ddpm study --plan tools/study/digits.json --out runs/study
  ddpm study --plan tools/study/digits.json --out runs/study --arms base,eps,x0`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runStudy(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.plan, "plan", "", "the plan's `FILE`")
	f.StringVar(&o.out, "out", "", "`FOLDER` for the runs and the results")
	f.StringSliceVar(&o.arms, "arms", nil, "only these `arms` (default: all)")
	f.StringVar(&o.classifier, "classifier", "", "classifier to judge by (default: the built-in one for the set)")
	f.DurationVar(&o.every, "checkpoint-every", 5*time.Minute, "how often a run is saved")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines that compute (no influence on weights and pictures)")
	f.SortFlags = false
	require(cmd, "plan", "out")
	return cmd
}

// studied is what all runs of a study share.
type studied struct {
	studyOptions
	plan      *study.Plan
	data      *evaluate.Data
	judge     evaluate.Judge
	reference *evaluate.Reference
	results   study.Results
}

func runStudy(cmd *cobra.Command, o studyOptions) error {
	text, err := readFile(o.plan, "plan")
	if err != nil {
		return err
	}
	s := &studied{studyOptions: o}
	if s.plan, err = study.Parse(text); err != nil {
		return fmt.Errorf("%s: %w", o.plan, err)
	}
	for _, name := range o.arms {
		if !slices.ContainsFunc(s.plan.Arms, func(a study.Arm) bool { return a.Name == name }) {
			return misuse("--arms has %q, and %s has no such arm", name, o.plan)
		}
	}
	if s.judge, err = openJudge(o.classifier, s.plan.Data); err != nil {
		return err
	}
	if s.data, err = openData(s.plan.Data); err != nil {
		return err
	}
	// A plan is checked whole before hours go into its first arms. A recipe's model and classes are each arm's.
	some := recipe.Default
	some.Model, some.Classes = strings.Repeat("0", 12), []int{0}
	how, err := recipe.Parse(s.plan.Recipe, some, recipe.CountOnTerminal)
	if err != nil {
		return fmt.Errorf("%s: the plan's recipe: %w", o.plan, err)
	}
	asks := slices.ContainsFunc(how.Classes, func(c int) bool { return c != unet.Null })
	for _, a := range s.plan.Arms {
		c, err := s.plan.Config(a, s.plan.Seeds[0], s.data.Train)
		if err != nil {
			return err
		}
		if !asks || c.Net.NumClasses == 0 {
			return fmt.Errorf("%s: arm %s: no class is asked for, and a study counts what is read as asked", o.plan, a.Name)
		}
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return fmt.Errorf("cannot make the folder %s: %w", o.out, err)
	}
	before, err := os.ReadFile(filepath.Join(o.out, "results.json"))
	if err == nil {
		s.results, err = study.ReadResults(before)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", filepath.Join(o.out, "results.json"), err)
	}
	bar := progress(cmd.ErrOrStderr(), s.data.Train.Len()+s.data.Test.Len(), "reading", "images")
	s.reference, err = s.judge.NewReference(cmd.Context(), s.data, s.plan.Samples, o.workers, func(n int) { bar.Add(n) })
	bar.Finish()
	if err != nil {
		return err
	}
	err = s.all(cmd)
	if len(s.results) > 0 {
		fmt.Fprint(cmd.OutOrStdout(), s.results.Text())
		err = errors.Join(err, s.write()) // as this version draws them, whoever measured them
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(cmd.ErrOrStderr(), "Stopped; the same command goes on from here.")
	}
	return err
}

// all does what is missing.
func (s *studied) all(cmd *cobra.Command) error {
	for _, seed := range s.plan.Seeds {
		for _, a := range s.plan.Arms {
			if len(s.arms) > 0 && !slices.Contains(s.arms, a.Name) {
				continue
			}
			if err := s.one(cmd, a, seed); err != nil {
				return err
			}
		}
	}
	return nil
}

// one trains and measures an arm with a seed, if that has not been done.
func (s *studied) one(cmd *cobra.Command, a study.Arm, seed uint64) error {
	c, err := s.plan.Config(a, seed, s.data.Train)
	if err != nil {
		return err
	}
	classifier := s.judge.Card.SHA256[:12]
	if done, err := s.results.Find(a.Name, c, s.plan.Recipe, classifier); done || err != nil {
		return err
	}
	r := study.Result{
		Arm: a.Name, Part: a.Part, Seed: seed, Recipe: s.plan.Recipe, Classifier: classifier, Floor: s.reference.Floor,
		Parameters: c.Net.Parameters(), MulAdds: c.Net.MulAdds(), Images: c.Steps * c.Batch,
	}
	if r.Config, err = json.Marshal(c); err != nil {
		return err
	}
	r.Peak = bench.MeasureCeiling(bench.Clock{Time: 200 * time.Millisecond}, s.workers)[0].GFLOPs
	fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s, seed %d: %d steps of %d\n", a.Part, a.Name, seed, c.Steps, c.Batch)
	trainer, err := s.train(cmd, c, filepath.Join(s.out, fmt.Sprintf("%s-%d", a.Name, seed)))
	if err != nil {
		return err
	}
	r.Loss, r.Seconds = trainer.Loss(), trainer.Seconds()
	if err := s.measure(cmd, trainer, &r); err != nil {
		return err
	}
	s.results = append(s.results, r)
	return s.write()
}

// train begins a run or goes on with it.
func (s *studied) train(cmd *cobra.Command, c train.Config, dir string) (*train.Trainer, error) {
	trainer, err := s.trainer(c, dir)
	if err != nil {
		return nil, err
	}
	show := newTrainProgress(cmd.ErrOrStderr(), trainer)
	err = train.Run(cmd.Context(), trainer, dir, s.every, train.Observer{Step: show.step, Saved: show.saved})
	show.end()
	return trainer, err
}

func (s *studied) trainer(c train.Config, dir string) (*train.Trainer, error) {
	if _, err := os.Stat(filepath.Join(dir, train.StateFile)); errors.Is(err, fs.ErrNotExist) {
		return train.New(c, s.data.Train, s.workers)
	}
	state, err := train.ReadState(dir)
	if err != nil {
		return nil, err
	}
	before, err := train.StateConfig(state)
	if err != nil {
		return nil, err
	}
	if !study.SameTraining(before, c) {
		return nil, fmt.Errorf("the run in %s was begun when the plan was another; use another folder", dir)
	}
	return train.Resume(state, s.data.Train, s.workers)
}

// measure draws from the averaged weights and puts what is found into r.
func (s *studied) measure(cmd *cobra.Command, t *train.Trainer, r *study.Result) error {
	file, err := t.Export()
	if err != nil {
		return err
	}
	m, err := recipe.Open(file)
	if err != nil {
		return err
	}
	how, err := m.Parse(fmt.Sprintf("%s&seed=%d&count=%d", s.plan.Recipe, r.Seed, s.plan.Samples), recipe.CountOnTerminal)
	if err != nil {
		return fmt.Errorf("the plan's recipe: %w", err)
	}
	images, err := drawPictures(cmd, m, how, s.workers)
	if err != nil {
		return err
	}
	r.Distance, r.Accuracy, err = s.reference.Measure(cmd.Context(), samplesOf(m, how, images), s.workers)
	return err
}

// write keeps the results, and the table and the plot of them.
func (s *studied) write() error {
	full, err := s.results.JSON()
	if err != nil {
		return err
	}
	picture, err := s.results.Plot()
	if err != nil {
		return err
	}
	return errors.Join(
		writeFile(filepath.Join(s.out, "results.json"), full),
		writeFile(filepath.Join(s.out, "study.csv"), s.results.CSV()),
		writeFile(filepath.Join(s.out, "study.png"), picture),
	)
}
