package site

import (
	"context"
	"errors"
	"sync/atomic"
)

// errBusy says that too many wait already.
var errBusy = errors.New("site: too many pictures are being drawn")

// gate lets so many in at a time, and so many wait.
type gate struct {
	inside  chan struct{}
	waiting *atomic.Int64
	most    int64
}

func newGate(inside, waiting int) gate {
	return gate{make(chan struct{}, inside), new(atomic.Int64), int64(waiting)}
}

func (g gate) enter(ctx context.Context) error {
	select {
	case g.inside <- struct{}{}:
		return nil
	default:
	}
	if g.waiting.Add(1) > g.most {
		g.waiting.Add(-1)
		return errBusy
	}
	defer g.waiting.Add(-1)
	select {
	case g.inside <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g gate) leave() { <-g.inside }
