package train

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/unet"
)

func same(t *testing.T, what string, a, b *Trainer) {
	t.Helper()
	for _, c := range []struct {
		name string
		a, b []float32
	}{
		{"weights", a.net.Weights(), b.net.Weights()},
		{"average", a.ema, b.ema},
		{"first moment", a.adam.m, b.adam.m},
		{"second moment", a.adam.v, b.adam.v},
	} {
		if !slices.Equal(c.a, c.b) {
			t.Errorf("%s: the %s differ", what, c.name)
		}
	}
	if !slices.Equal(a.history, b.history) {
		t.Errorf("%s: the histories differ:\n%v\n%v", what, a.history, b.history)
	}
}

func TestLearns(t *testing.T) {
	for _, prediction := range []string{"eps", "v", "x0", "residual"} {
		t.Run(prediction, func(t *testing.T) {
			c := tiny()
			c.Prediction, c.Steps, c.Batch = prediction, 120, 10
			trainer := begin(t, c, 0)
			steps(t, trainer, c.Steps)
			mean := func(records []Record) (s float64) {
				for _, r := range records {
					s += float64(r.Loss) / float64(len(records))
				}
				return s
			}
			first, last := mean(trainer.history[:20]), mean(trainer.history[100:])
			if last > first/2 {
				t.Errorf("the loss fell from %.4f to %.4f, want half at most", first, last)
			}
		})
	}
}

func TestSameWhateverTheWorkers(t *testing.T) {
	one, three := begin(t, tiny(), 1), begin(t, tiny(), 3)
	steps(t, one, 6)
	steps(t, three, 6)
	same(t, "1 and 3 workers", one, three)

	other := tiny()
	other.Seed++
	seed := begin(t, other, 1)
	steps(t, seed, 6)
	if slices.Equal(seed.net.Weights(), one.net.Weights()) || seed.history[0].Loss == one.history[0].Loss {
		t.Error("another seed gives the same run")
	}
}

func TestResumeIsExact(t *testing.T) {
	c := tiny()
	c.WeightDecay = 0.01
	whole := begin(t, c, 2)
	steps(t, whole, 12)

	first := begin(t, c, 2)
	steps(t, first, 5) // in the middle of an epoch
	first.seconds = 1.25
	state, err := first.State()
	if err != nil {
		t.Fatal(err)
	}
	second, err := Resume(state, bars(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if second.Steps() != 5 || second.seconds != 1.25 {
		t.Fatalf("resumed at step %d after %g s, want 5 and 1.25", second.Steps(), second.seconds)
	}
	same(t, "resumed", first, second)
	steps(t, second, 7)
	same(t, "interrupted and not", whole, second)
}

func TestResumeRefuses(t *testing.T) {
	trainer := begin(t, tiny(), 1)
	steps(t, trainer, 1)
	state, err := trainer.State()
	if err != nil {
		t.Fatal(err)
	}
	model, err := trainer.Export()
	if err != nil {
		t.Fatal(err)
	}
	other := bars()
	other.Pixels[7] ^= 1
	for _, c := range []struct {
		name  string
		state []byte
		want  string
	}{
		{"a model", model, "not the state of a training run"},
		{"cut", state[:len(state)-1], ""},
		{"other version", []byte(strings.Replace(string(state), `"version":"1"`, `"version":"2"`, 1)), "version"},
	} {
		if _, err := Resume(c.state, bars(), 1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
	if _, err := Resume(state, other, 1); err == nil || !strings.Contains(err.Error(), "other data") {
		t.Errorf("error %v, want one about other data", err)
	}
}

func TestDivergenceChangesNothing(t *testing.T) {
	trainer := begin(t, tiny(), 2)
	steps(t, trainer, 2)
	before := slices.Clone(trainer.net.Weights())
	trainer.net.Weights()[3] = float32(math.NaN())
	trainer.net.Pack()
	before[3] = trainer.net.Weights()[3]
	_, err := trainer.Step()
	var diverged *DivergedError
	if !errors.As(err, &diverged) || diverged.Step != 2 || !strings.Contains(err.Error(), "step 3") {
		t.Fatalf("error %v, want a DivergedError at step 3", err)
	}
	after := trainer.net.Weights()
	for i := range after {
		if after[i] != before[i] && i != 3 {
			t.Fatalf("weight %d changed", i)
		}
	}
	if trainer.Steps() != 2 || len(trainer.history) != 2 {
		t.Errorf("the step was counted: %d steps, %d records", trainer.Steps(), len(trainer.history))
	}
}

func TestClip(t *testing.T) {
	c := tiny()
	c.Rate, c.Warmup, c.Decay, c.Beta1, c.Beta2 = 1e-3, 0, "constant", 0, 0
	loose, tight := begin(t, c, 1), begin(t, c, 1)
	tight.config.Clip = 1e-3
	loose.config.Clip = 0
	steps(t, loose, 1)
	steps(t, tight, 1)
	norm := float64(loose.history[0].Norm)
	if norm < 0.01 || loose.history[0] != tight.history[0] {
		t.Fatalf("norms of %g and %g before clipping, want the same", norm, tight.history[0].Norm)
	}
	// With β_1 = 0, m is the gradient after clipping.
	if got := math.Sqrt(squaredLength(tight.adam.m)); math.Abs(got-1e-3) > 1e-8 {
		t.Errorf("the gradient's length is %g after clipping, want 1e-3", got)
	}
	if got := math.Sqrt(squaredLength(loose.adam.m)); math.Abs(got-norm) > 1e-6*norm {
		t.Errorf("the gradient's length is %g without clipping, want %g", got, norm)
	}
}

// A network to begin with has to be of the same config, and a run not begun.
func TestBeginRefuses(t *testing.T) {
	trainer := begin(t, tiny(), 1)
	c := tiny().Net
	c.EmbCh *= 2
	other, err := unet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := trainer.Begin(other); err == nil || !strings.Contains(err.Error(), "the run's is") {
		t.Errorf("another network: %v", err)
	}
	steps(t, trainer, 1)
	same, err := unet.New(tiny().Net)
	if err != nil {
		t.Fatal(err)
	}
	if err := trainer.Begin(same); err == nil || !strings.Contains(err.Error(), "begun already") {
		t.Errorf("after a step: %v", err)
	}
}
