package unet

import (
	"math/rand/v2"
	"testing"
)

// TestBatch: a batch's gradient is the sum of those of its images, also of fewer than
// it has room for, and another time.
func TestBatch(t *testing.T) {
	c := Config{ImageSize: 16, InChannels: 1, OutChannels: 1, BaseCh: 16, EmbCh: 32, Depth: 2, NumClasses: 3, AttentionLevels: []int{1}}
	n := randomNet(t, c, rand.New(rand.NewPCG(5, 1)))
	pass, batch := n.NewTrainingPass(), n.NewBatch(3)
	for _, images := range []int{3, 2, 5} {
		r := rand.New(rand.NewPCG(6, uint64(images)))
		want, got := make([]float32, len(n.Weights())), make([]float32, len(n.Weights()))
		for i := range images {
			x, dout, out := normal(c.inLen(), r), normal(c.outLen(), r), make([]float32, c.outLen())
			pass.Forward(out, x, 10*i+1, i%3)
			pass.Backward(want, dout)
			batch.Forward(out, x, 10*i+1, i%3)
			batch.Backward(got, dout)
		}
		batch.Finish(got)
		for _, p := range n.Params() {
			a, b := got[p.Offset:][:p.Len()], want[p.Offset:][:p.Len()]
			if e := relativeError(a, b); !(e < 1e-5) {
				t.Errorf("%d images: gradient of %s: relative error %g", images, p.Name, e)
			}
		}
	}
}
