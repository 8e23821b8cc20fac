package diffusion

import (
	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// chainStride is how many steps of a Chain are between those that it keeps.
const chainStride = 50

// Chain walks the forward process as it is defined (eq. 2), one Markov step
// q(x_t|x_{t−1}) after another: what QSample draws at once, from noise that is
// drawn anew at each step. The noise of step t is noise.Normal's of the chain's
// seed, noise.Markov and t, so that a chain is the same however it is walked.
//
// Every fiftieth x_t is kept: to go back is to walk at most that far.
type Chain struct {
	x0, x, z []float32
	kept     [][]float32 // x_50, x_100, …
	holds    int         // how many of them are of this chain
	s        *schedule.Schedule
	seed     uint64
	t        int
}

// NewChain returns a chain that stands at x_0. It reads x0 as long as it is used.
func NewChain(x0 []float32, s *schedule.Schedule, seed uint64) *Chain {
	c := &Chain{x0: x0, x: make([]float32, len(x0)), z: make([]float32, len(x0))}
	c.Restart(s, seed)
	return c
}

// Restart makes it another chain from the same x_0, and stands there.
func (c *Chain) Restart(s *schedule.Schedule, seed uint64) {
	c.s, c.seed, c.t, c.holds = s, seed, 0, 0
	copy(c.x, c.x0)
}

// Walk goes towards x_t, 0 ≤ t ≤ T, by at most the given number of steps, and
// returns how many are left.
func (c *Chain) Walk(t, most int) (left int) {
	if t < 0 || t > c.s.T {
		panic("diffusion: a walk to outside of the schedule")
	}
	// The nearest place that is known and not beyond.
	if known := min(t/chainStride, c.holds); t < c.t || known*chainStride > c.t {
		c.t = known * chainStride
		if known == 0 {
			copy(c.x, c.x0)
		} else {
			copy(c.x, c.kept[known-1])
		}
	}
	for ; c.t < t && most > 0; most-- {
		c.t++
		noise.Normal(c.z, c.seed, noise.Markov, 0, uint32(c.t))
		QStep(c.x, c.x, c.z, c.s, c.t)
		if c.t%chainStride == 0 && c.t/chainStride > c.holds {
			if c.holds == len(c.kept) {
				c.kept = append(c.kept, make([]float32, len(c.x)))
			}
			copy(c.kept[c.holds], c.x)
			c.holds++
		}
	}
	return t - c.t
}

// At returns where it stands: t and x_t, which is valid until the next walk.
func (c *Chain) At() (t int, xt []float32) { return c.t, c.x }
