package train

import (
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/kernel"
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// shards is the number of parts of a batch whose gradients are summed apart and
// then together. It is fixed, and the most workers that can be of use, so that
// the sums do not depend on how many there are.
const shards = 8

// together is how many of a shard's images have their weights' gradients computed
// at once.
const together = 8

// Trainer is a training run between two steps.
type Trainer struct {
	config    Config
	data      *dataset.Dataset
	objective *objective
	net       *unet.Net
	ema       []float32
	adam      adam
	step      int
	history   []Record
	seconds   float64 // of training so far, over all sessions

	order   *order
	batch   []example
	spans   []span
	norms   []float64 // squared length of the gradient on each span
	shards  [shards]shard
	workers []*worker
	crew    *crew
	tasks   tasks
	update  update // of the present step
}

// tasks are what the workers share out in a step, one after the other.
type tasks struct{ learn, sum, update, pack func(worker, piece int) }

// update is what a step does to the weights.
type update struct {
	n                  int
	rate, scale, decay float64
}

// Record is what one step was like.
type Record struct {
	Loss   float32 // of the batch, in terms of what is predicted
	Simple float32 // L_simple of Ho et al., eq. 14: the same errors in terms of ε
	Norm   float32 // length of the gradient, before clipping
	Rate   float32
}

// shard is a part of the batch.
type shard struct {
	grad         []float32
	loss, simple float64
}

// worker is one goroutine's memory.
type worker struct {
	batch                      *unet.Batch
	x0, eps, xt, target, y, dy []float32
}

// New begins a run. workers is how many goroutines share the work, 0 for one on
// every core; it has no influence on the weights.
func New(c Config, data *dataset.Dataset, workers int) (*Trainer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := c.fits(data); err != nil {
		return nil, err
	}
	objective, err := newObjective(c)
	if err != nil {
		return nil, err
	}
	net, err := unet.New(c.Net)
	if err != nil {
		return nil, err
	}
	net.Init(c.Seed)
	n := len(net.Weights())
	t := &Trainer{
		config: c, data: data, objective: objective, net: net,
		ema:   append([]float32(nil), net.Weights()...),
		adam:  adam{m: make([]float32, n), v: make([]float32, n), beta1: c.Beta1, beta2: c.Beta2, decay: c.WeightDecay},
		order: newOrder(data.Len(), c.Seed),
		batch: make([]example, c.Batch),
		spans: spans(net.Params()),
	}
	t.norms = make([]float64, len(t.spans))
	t.history = make([]Record, 0, min(c.Steps, 1<<16))
	for i := range t.shards {
		t.shards[i].grad = make([]float32, n)
	}
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	size := data.Size()
	for range min(workers, shards) {
		w := &worker{batch: net.NewBatch(min(together, (c.Batch+shards-1)/shards))}
		for _, s := range []*[]float32{&w.x0, &w.eps, &w.xt, &w.target, &w.y, &w.dy} {
			*s = make([]float32, size)
		}
		t.workers = append(t.workers, w)
	}
	net.Pack()
	t.crew = newCrew(len(t.workers))
	t.tasks = tasks{t.learnShard, t.sumSpan, t.updateSpan, t.packLayer}
	return t, nil
}

// Begin replaces the random weights that a new run begins with, and their average, by
// those of a network of the same config.
func (t *Trainer) Begin(net *unet.Net) error {
	if t.step > 0 {
		return errors.New("train: the run has begun already")
	}
	if have, want := net.Config().JSON(), t.config.Net.JSON(); have != want {
		return fmt.Errorf("train: the weights to begin with are of the network %s, and the run's is %s", have, want)
	}
	copy(t.net.Weights(), net.Weights())
	copy(t.ema, net.Weights())
	t.net.Pack()
	return nil
}

// fits says whether the data are what the network is made for.
func (c Config) fits(d *dataset.Dataset) error {
	if d.Len() == 0 {
		return errors.New("train: the set is empty")
	}
	if d.Height != c.Net.ImageSize || d.Width != c.Net.ImageSize || d.Channels != c.Net.InChannels {
		return fmt.Errorf("train: %s has pictures of %d×%d×%d, and the network takes %d×%d×%d",
			d.Name, d.Height, d.Width, d.Channels, c.Net.ImageSize, c.Net.ImageSize, c.Net.InChannels)
	}
	if n := len(d.Classes); c.Net.NumClasses > 0 && n != c.Net.NumClasses {
		return fmt.Errorf("train: %s has %d classes, and the network %d", d.Name, n, c.Net.NumClasses)
	}
	return nil
}

// Config returns the run's config.
func (t *Trainer) Config() Config { return t.config }

// Steps returns how many steps have been done.
func (t *Trainer) Steps() int { return t.step }

// Seconds returns how long the steps took, over all sessions.
func (t *Trainer) Seconds() float64 { return t.seconds }

// History returns a record of every step so far, as a view.
func (t *Trainer) History() []Record { return t.history }

// Step does one step. If the loss or the gradient is not finite, it changes
// nothing and says so.
func (t *Trainer) Step() (Record, error) {
	r := t.gradient()
	if diverged(float64(r.Loss)) || diverged(float64(r.Norm)) {
		return r, &DivergedError{Step: t.step, Record: r}
	}
	n := t.step + 1
	rate, decay, scale := t.config.rate(t.step), emaDecay(t.config.EMA, n), 1.0
	if clip := t.config.Clip; clip > 0 && float64(r.Norm) > clip {
		scale = clip / float64(r.Norm)
	}
	t.update = update{n, rate, scale, decay}
	t.crew.share(len(t.spans), t.tasks.update)
	t.crew.share(t.net.Layers(), t.tasks.pack)
	r.Rate = float32(rate)
	t.history = append(t.history, r)
	t.step = n
	return r, nil
}

// gradient leaves the gradient of the step's batch in the first shard.
func (t *Trainer) gradient() Record {
	t.config.draw(t.batch, t.order, t.data.Class, t.step)
	t.crew.share(shards, t.tasks.learn)
	t.crew.share(len(t.spans), t.tasks.sum)
	var loss, simple, norm float64
	for i := range t.shards {
		loss += t.shards[i].loss
		simple += t.shards[i].simple
	}
	for _, n := range t.norms {
		norm += n
	}
	b := float64(len(t.batch))
	return Record{Loss: float32(loss / b), Simple: float32(simple / b), Norm: float32(math.Sqrt(norm))}
}

// learnShard leaves in a shard the gradient of its examples.
func (t *Trainer) learnShard(worker, i int) {
	w, s := t.workers[worker], &t.shards[i]
	clear(s.grad)
	s.loss, s.simple = 0, 0
	for _, e := range t.batch[i*len(t.batch)/shards : (i+1)*len(t.batch)/shards] {
		loss, simple := t.learn(w, s.grad, e)
		s.loss += loss
		s.simple += simple
	}
	w.batch.Finish(s.grad)
}

// sumSpan adds up the shards' gradients on one span.
func (t *Trainer) sumSpan(_, i int) {
	sum := t.spans[i].of(t.shards[0].grad)
	for j := 1; j < shards; j++ {
		kernel.Add(sum, t.spans[i].of(t.shards[j].grad))
	}
	t.norms[i] = squaredLength(sum)
}

// updateSpan moves the weights on one span, and their average after them.
func (t *Trainer) updateSpan(_, i int) {
	w, u := t.net.Weights(), t.update
	t.adam.step(w, t.shards[0].grad, t.spans[i], u.n, u.rate, u.scale)
	average(t.ema, w, t.spans[i], u.decay)
}

func (t *Trainer) packLayer(_, i int) { t.net.PackLayer(i) }

// learn adds the gradient of one example's share of the loss to grad.
func (t *Trainer) learn(w *worker, grad []float32, e example) (loss, simple float64) {
	o := t.objective
	t.data.Image(w.x0, e.picture)
	e.noise(w.eps, t.config.Seed)
	diffusion.QSample(w.xt, w.x0, w.eps, o.schedule, e.t)
	o.prediction.Target(w.target, w.x0, w.eps, o.schedule, e.t)
	w.batch.Forward(w.y, w.xt, e.t, e.class)
	loss, simple = o.loss(w.dy, w.y, w.target, e.t, 1/float64(len(t.batch)))
	w.batch.Backward(grad, w.dy)
	return loss, simple
}

func squaredLength(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return s
}

// DivergedError says that a step's loss or gradient was not finite.
type DivergedError struct {
	Step   int
	Record Record
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("train: diverged at step %d: the loss is %g and the gradient's length %g; a lower rate, a longer warm-up or a stronger clip may help",
		e.Step+1, e.Record.Loss, e.Record.Norm)
}
