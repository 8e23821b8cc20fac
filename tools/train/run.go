package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The files of a run's folder.
const (
	StateFile   = "checkpoint.safetensors" // what Resume goes on from
	ModelFile   = "ema.safetensors"        // the averaged weights, for sampling
	configFile  = "config.json"
	lossFile    = "loss.csv"
	plotFile    = "loss.png"
	SamplesFile = "samples.png" // drawn with the averaged weights, one column a class
)

// Observer is told how a run goes. Any of its functions may be nil.
type Observer struct {
	Step  func(t *Trainer, r Record)
	Saved func(t *Trainer, dir string)
}

// InterruptedError says that a run was stopped between two steps, and saved.
type InterruptedError struct {
	Dir       string
	Step, Of  int
	cancelled error
}

func (e *InterruptedError) Error() string {
	return fmt.Sprintf("stopped after step %d of %d; everything is saved", e.Step, e.Of)
}

func (e *InterruptedError) Unwrap() error { return e.cancelled }

// Run trains to the last step of the config. In the folder dir, which it makes,
// it saves the state and what there is to look at: every so often, at the end,
// and when ctx is done, which it reports as an *InterruptedError after finishing
// the step. A run that diverges keeps its last state.
func Run(ctx context.Context, t *Trainer, dir string, every time.Duration, o Observer) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if err := t.saveConfig(dir); err != nil {
		return err
	}
	saved := time.Now()
	for t.step < t.config.Steps {
		begun := time.Now()
		r, err := t.Step()
		if err != nil {
			return kept(err, dir)
		}
		t.seconds += time.Since(begun).Seconds()
		if o.Step != nil {
			o.Step(t, r)
		}
		if ctx.Err() == nil && t.step < t.config.Steps && time.Since(saved) < every {
			continue
		}
		if err := t.Save(ctx, dir); err != nil {
			return err
		}
		saved = time.Now()
		if o.Saved != nil {
			o.Saved(t, dir)
		}
		if err := ctx.Err(); err != nil && t.step < t.config.Steps {
			return &InterruptedError{Dir: dir, Step: t.step, Of: t.config.Steps, cancelled: err}
		}
	}
	return nil
}

// kept adds to the error of a run that diverged what is left of it.
func kept(err error, dir string) error {
	if _, missing := os.Stat(filepath.Join(dir, StateFile)); missing != nil {
		return err
	}
	return fmt.Errorf("%w; the last good checkpoint is still in %s", err, dir)
}

// ReadState returns the state in a run's folder, which StateConfig and Resume
// take.
func ReadState(dir string) ([]byte, error) {
	state, err := os.ReadFile(filepath.Join(dir, StateFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("train: there is no run to go on with in %s: it has no %s", dir, StateFile)
	}
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return state, nil
}

func (t *Trainer) saveConfig(dir string) error {
	text, err := json.MarshalIndent(t.config, "", "  ")
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return replace(dir, configFile, append(text, '\n'))
}

// Save writes the run's files. The pictures are left out once ctx is done: who
// interrupts does not want to wait for them.
func (t *Trainer) Save(ctx context.Context, dir string) error {
	for _, f := range []struct {
		name  string
		write func() ([]byte, error)
		slow  bool
	}{
		{ModelFile, t.Export, false},
		{lossFile, t.lossCSV, false},
		{StateFile, t.State, false}, // behind them, as it says that they are done
		{plotFile, t.lossPlot, true},
		{SamplesFile, func() ([]byte, error) { return t.samples(ctx) }, true},
	} {
		if f.slow && ctx.Err() != nil {
			continue
		}
		content, err := f.write()
		if f.slow && ctx.Err() != nil {
			continue
		}
		if err != nil {
			return fmt.Errorf("train: %s: %w", f.name, err)
		}
		if err := replace(dir, f.name, content); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file beside and renames it, so that whenever the machine
// stops, the file is there whole, the old or the new.
func replace(dir, name string, content []byte) error {
	path := filepath.Join(dir, name)
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("train: %w", errors.Join(err, os.Remove(f.Name())))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}
