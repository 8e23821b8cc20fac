package evaluate

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/ddpm-go/ddpm/core/kernel"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// Reading is what a classifier makes of n images.
type Reading struct {
	Classes       int
	Probabilities []float32 // [n][Classes]
	Features      []float32 // [n][number of features]
	Class         []int     // [n], the most probable
}

// Read reads the images, [n][H][W][C], on several goroutines; the result does
// not depend on how many. observe, if it is not nil, is told now and then how
// many have been read since its last call. The only error is that of ctx.
func (c *Classifier) Read(ctx context.Context, images []byte, workers int, observe func(n int)) (*Reading, error) {
	const share = 64 // images that a worker takes at a time
	size := c.config.Pixels()
	n := len(images) / size
	r := &Reading{
		Classes:       c.config.Classes,
		Probabilities: make([]float32, n*c.config.Classes),
		Features:      make([]float32, n*c.config.Features()),
		Class:         make([]int, n),
	}
	var shares atomic.Int64
	var telling sync.Mutex
	var all sync.WaitGroup
	for range max(1, workers) {
		all.Go(func() {
			p, x := c.newPass(false), make([]float32, size)
			for {
				first := int(shares.Add(1)-1) * share
				if first >= n || ctx.Err() != nil {
					return
				}
				end := min(first+share, n)
				for i := first; i < end; i++ {
					tensor.FromBytes(x, images[i*size:])
					p.forward(x)
					r.set(i, p)
				}
				if observe != nil {
					telling.Lock()
					observe(end - first)
					telling.Unlock()
				}
			}
		})
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// set takes image i from the pass that has read it.
func (r *Reading) set(i int, p *pass) {
	features := len(p.features.Data)
	copy(r.Features[i*features:], p.features.Data)
	probabilities := r.Probabilities[i*r.Classes : (i+1)*r.Classes]
	copy(probabilities, p.logits.Data[:r.Classes])
	kernel.Softmax(probabilities, r.Classes)
	for class, q := range probabilities {
		if q > probabilities[r.Class[i]] {
			r.Class[i] = class
		}
	}
}

// Correct is how many images were read as the class they are labelled with.
func (r *Reading) Correct(labels []uint8) int {
	n := 0
	for i, class := range r.Class {
		if class == int(labels[i]) {
			n++
		}
	}
	return n
}
