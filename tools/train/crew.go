package train

import (
	"sync"
	"sync/atomic"
)

// crew is the goroutines that share out a step's work. They take the next piece when
// they have done one, and meet only at the end. Nothing is allocated but with the crew.
type crew struct {
	work []func() // one a worker; the first is the caller
	next atomic.Int64
	wait sync.WaitGroup

	pieces int
	do     func(worker, piece int)
}

func newCrew(workers int) *crew {
	c := &crew{work: make([]func(), workers)}
	for w := range c.work {
		c.work[w] = func() {
			defer c.wait.Done()
			for i := int(c.next.Add(1)) - 1; i < c.pieces; i = int(c.next.Add(1)) - 1 {
				c.do(w, i)
			}
		}
	}
	return c
}

// share calls do for the pieces 0…n−1.
func (c *crew) share(n int, do func(worker, piece int)) {
	c.pieces, c.do = n, do
	c.next.Store(0)
	c.wait.Add(len(c.work))
	for _, work := range c.work[1:] {
		go work()
	}
	c.work[0]()
	c.wait.Wait()
}
