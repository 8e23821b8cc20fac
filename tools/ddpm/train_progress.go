package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/ddpm-go/ddpm/tools/train"
)

// logEvery is how often a line is written where nobody sees a bar.
const logEvery = 30 * time.Second

// trainProgress shows a run: as a bar on a terminal, as a line now and then in a
// log.
type trainProgress struct {
	w       io.Writer
	bar     *progressbar.ProgressBar // nil: a log
	begun   time.Time
	first   int // step at which this session began
	logged  time.Time
	loss    float64 // of late
	started bool
}

func newTrainProgress(w io.Writer, t *train.Trainer) *trainProgress {
	p := &trainProgress{w: w, begun: time.Now(), logged: time.Now(), first: t.Steps()}
	if isTerminal(w) {
		p.bar = progress(w, t.Config().Steps, "training", "steps")
		_ = p.bar.Set(p.first)
	}
	return p
}

// step tells of a step that was done.
func (p *trainProgress) step(t *train.Trainer, r train.Record) {
	const late = 0.02 // share of the newest
	if !p.started {
		p.loss, p.started = float64(r.Simple), true
	}
	p.loss += late * (float64(r.Simple) - p.loss)
	if p.bar != nil {
		p.bar.Describe(fmt.Sprintf("loss %.4f, %.0f images/s", p.loss, p.rate(t)))
		_ = p.bar.Add(1) // a bar that cannot be drawn is no reason to stop
		return
	}
	if now := time.Now(); now.Sub(p.logged) >= logEvery || t.Steps() == p.first+1 {
		p.logged = now
		left := time.Duration(float64((t.Config().Steps-t.Steps())*t.Config().Batch) / p.rate(t) * float64(time.Second))
		fmt.Fprintf(p.w, "step %d of %d  loss %.4f  gradient %.2f  rate %.2e  %.1f images/s  %s left\n",
			t.Steps(), t.Config().Steps, p.loss, r.Norm, r.Rate, p.rate(t), left.Round(time.Second))
	}
}

// rate is images a second in this session.
func (p *trainProgress) rate(t *train.Trainer) float64 {
	return float64((t.Steps()-p.first)*t.Config().Batch) / time.Since(p.begun).Seconds()
}

// saved tells of a checkpoint.
func (p *trainProgress) saved(t *train.Trainer, dir string) {
	if p.bar == nil {
		fmt.Fprintf(p.w, "saved %s at step %d\n", dir, t.Steps())
	}
}

func (p *trainProgress) end() {
	if p.bar != nil {
		_ = p.bar.Exit()
		fmt.Fprintln(p.w)
	}
}
