package evaluate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/ddpm-go/ddpm/core/kernel"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/train"
)

// Training is how a classifier is trained: Adam with weight decay on the
// cross-entropy of the class and the squared error of the noise, the rate rising
// over the first twentieth of the steps and then falling to 0 along a cosine.
type Training struct {
	Widths  []int   `json:"widths"`
	Epochs  int     `json:"epochs"`
	Batch   int     `json:"batch"`
	Rate    float64 `json:"rate"` // the highest
	Decay   float64 `json:"decay"`
	Augment Augment `json:"augment"`
	// Noise is the largest standard deviation of the noise that is added to images,
	// in units of x (−1 to 1): each has its own, evenly from 0 on, and what is to be
	// estimated is its share of the largest. 0 leaves noise out.
	Noise float64 `json:"noise"`
	Seed  uint64  `json:"seed"`

	Workers int `json:"-"` // of no influence on the result
}

// DefaultTraining is what the embedded classifier was trained with.
var DefaultTraining = Training{
	Widths: []int{16, 32, 64}, Epochs: 8, Batch: 128, Rate: 4e-3, Decay: 0.01,
	Augment: Augment{Shift: 1.5, Rotate: 8, Scale: 0.08}, Noise: 0.1,
}

// shares is the number of parts that a batch is cut into, whatever the number of
// workers: gradients are summed within a part and then over the parts in order,
// so that the result depends on the seed alone.
const shares = 8

// Progress is the state of a training at the end of a step.
type Progress struct {
	Step, Of int     // images are Step·Batch
	Loss     float64 // of this batch: nats of the class and the noise's square
	Accuracy float64 // on this batch, before the step
}

// Train trains a classifier on a data set. observe, if it is not nil, is told of
// every step.
func Train(ctx context.Context, t Training, data *dataset.Dataset, observe func(Progress)) (*Classifier, error) {
	if data.Height != data.Width {
		return nil, fmt.Errorf("classifier: images of %d×%d; they must be square", data.Height, data.Width)
	}
	if t.Epochs < 1 || t.Batch < 1 || t.Batch > data.Len() {
		return nil, fmt.Errorf("classifier: %d epochs of batches of %d; there must be at least one epoch, and from 1 to %d images in a batch", t.Epochs, t.Batch, data.Len())
	}
	if !(t.Noise >= 0 && t.Noise <= 2) {
		return nil, fmt.Errorf("classifier: noise of standard deviation %v; it must be from 0 to 2", t.Noise)
	}
	c, err := NewClassifier(Config{ImageSize: data.Height, Channels: data.Channels, Classes: len(data.Classes), Noise: t.Noise > 0, Widths: t.Widths})
	if err != nil {
		return nil, err
	}
	c.weights.Init(t.Seed)
	c.weights.Train()
	l := newLearner(c, t, data)
	perEpoch := data.Len() / t.Batch
	steps := perEpoch * t.Epochs
	var order []int
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if step%perEpoch == 0 {
			l.epoch = step / perEpoch
			order = rand.New(rand.NewPCG(t.Seed, uint64(l.epoch)+1)).Perm(data.Len())
		}
		at := step % perEpoch * t.Batch
		p := l.gradient(order[at : at+t.Batch])
		l.adam.Step(c.weights.Flat, l.total, t.Rate*schedule(step, steps))
		c.weights.Pack()
		if observe != nil {
			p.Step, p.Of = step+1, steps
			observe(p)
		}
	}
	return c, nil
}

// schedule is the share of the highest rate at a step.
func schedule(step, steps int) float64 {
	at, rise := float64(step)+0.5, float64(steps)/20
	if at < rise {
		return at / rise
	}
	return (1 + math.Cos(math.Pi*(at-rise)/(float64(steps)-rise))) / 2
}

// learner is the memory of a training.
type learner struct {
	c     *Classifier
	t     Training
	data  *dataset.Dataset
	epoch int
	parts [shares]part
	total []float32 // the gradient of the batch
	adam  *train.Adam
}

// part is a share of a batch.
type part struct {
	pass    *pass
	x       []float32
	d       []float32 // gradient of the logits
	grad    []float32
	loss    float64
	correct int
}

func newLearner(c *Classifier, t Training, data *dataset.Dataset) *learner {
	n := c.weights.Len()
	l := &learner{
		c: c, t: t, data: data,
		total: make([]float32, n),
		adam:  train.NewAdam(c.weights.Params(), t.Decay),
	}
	for i := range l.parts {
		l.parts[i] = part{
			pass: c.newPass(true),
			x:    make([]float32, c.config.Pixels()),
			d:    make([]float32, c.config.outputs()),
			grad: make([]float32, n),
		}
	}
	return l
}

// gradient leaves the gradient of the mean loss over a batch in total.
func (l *learner) gradient(batch []int) Progress {
	jobs := make(chan int, shares)
	for i := range l.parts {
		jobs <- i
	}
	close(jobs)
	var all sync.WaitGroup
	for range min(max(1, l.t.Workers), shares) {
		all.Go(func() {
			for i := range jobs {
				first, end := len(batch)*i/shares, len(batch)*(i+1)/shares
				l.part(&l.parts[i], batch[first:end], len(batch))
			}
		})
	}
	all.Wait()
	clear(l.total)
	var p Progress
	for i := range l.parts {
		kernel.Add(l.total, l.parts[i].grad)
		p.Loss += l.parts[i].loss / float64(len(batch))
		p.Accuracy += float64(l.parts[i].correct) / float64(len(batch))
	}
	return p
}

// part computes its share's part of the gradient.
func (l *learner) part(p *part, images []int, batch int) {
	clear(p.grad)
	p.loss, p.correct = 0, 0
	size := l.c.config.ImageSize
	for _, i := range images {
		r := rand.New(rand.NewPCG(l.t.Seed, uint64(l.epoch)<<32|uint64(i)))
		l.t.Augment.draw(p.x, l.data.Bytes(i), size, l.c.config.Channels, r)
		share := l.t.disturb(p.x, r)
		p.pass.forward(p.x)
		classes, weight := l.c.config.Classes, 1/float32(batch)
		loss, correct := crossEntropy(p.d[:classes], p.pass.logits.Data[:classes], l.data.Class(i), weight)
		p.loss += loss
		if correct {
			p.correct++
		}
		if l.c.config.Noise {
			off := p.pass.logits.Data[classes] - share
			p.loss += float64(off) * float64(off)
			p.d[classes] = 2 * off * weight
		}
		p.pass.backward(p.grad, p.d)
	}
}

// disturb adds noise to x, as strong as is drawn, and holds it in [−1, 1], as the
// bytes of a sample would. It returns the share of the strongest.
func (t Training) disturb(x []float32, r *rand.Rand) (share float32) {
	if t.Noise == 0 {
		return 0
	}
	share = r.Float32()
	deviation := float64(share) * t.Noise
	for i, v := range x {
		x[i] = float32(min(max(float64(v)+deviation*r.NormFloat64(), -1), 1))
	}
	return share
}

// crossEntropy returns −log softmax(logits)[class] and whether class has the
// largest logit, and writes the gradient, softmax(logits) − onehot(class), times
// weight, to d.
func crossEntropy(d, logits []float32, class int, weight float32) (loss float64, correct bool) {
	copy(d, logits)
	kernel.Softmax(d, len(d))
	correct = true
	for _, q := range d {
		correct = correct && q <= d[class]
	}
	loss = -math.Log(max(float64(d[class]), math.SmallestNonzeroFloat32))
	d[class]--
	kernel.Scale(d, weight)
	return loss, correct
}
