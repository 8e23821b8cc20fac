package train

import (
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/unet"
)

// order is the sequence of pictures: epoch after epoch, each in an order of its
// own. It remembers one epoch and can be asked for any.
type order struct {
	seed    uint64
	epoch   int
	picture []int
}

func newOrder(pictures int, seed uint64) *order {
	return &order{seed: seed, epoch: -1, picture: make([]int, pictures)}
}

// at returns the epoch of the i-th example of the run, its place in it and the
// picture there.
func (o *order) at(i int) (epoch, place, picture int) {
	epoch, place = i/len(o.picture), i%len(o.picture)
	if epoch != o.epoch {
		noise.Permutation(o.picture, o.seed, noise.Order, uint32(epoch))
		o.epoch = epoch
	}
	return epoch, place, o.picture[place]
}

// example is one term of the loss: a picture, its label or Null, and a t.
type example struct {
	epoch, place int // key its noise
	picture      int
	class        int
	t            int
}

// draw fills the examples of step n = 0, 1, …. The t of a batch are stratified:
// example i has t/T in [i/B, (i+1)/B), which is uniform over the batch with less
// variance; the pictures come in a random order, so none prefers a t.
func (c Config) draw(batch []example, o *order, class func(picture int) int, n int) {
	for i := range batch {
		e := &batch[i]
		e.epoch, e.place, e.picture = o.at(n*len(batch) + i)
		u := noise.Uniform(c.Seed, noise.Time, uint32(i), uint32(n))
		e.t = 1 + min(int((float64(i)+u)/float64(len(batch))*float64(c.Timesteps)), c.Timesteps-1)
		e.class = unet.Null
		if c.Net.NumClasses > 0 &&
			noise.Uniform(c.Seed, noise.Dropout, uint32(e.place), uint32(e.epoch)) >= c.Dropout {
			e.class = class(e.picture)
		}
	}
}

// noise draws the ε of an example.
func (e example) noise(dst []float32, seed uint64) {
	noise.Normal(dst, seed, noise.Training, uint32(e.place), uint32(e.epoch))
}
