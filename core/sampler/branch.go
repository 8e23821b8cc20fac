package sampler

import (
	"errors"
	"strconv"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// Branch makes a run's images share x_t: until then they are one image, from
// there on each has noise and a class of its own. What they have in common at
// the end is what x_t had settled (Ho et al., 2020, §4.3, figure 7).
//
// The one image is image 0 of the whole run, so that image 0 is also what it
// would be in a run without branches.
type Branch struct {
	// T is the t of the original schedule at which they part: steps from above it
	// are shared. It has to leave a step after the first one that is not.
	T int

	Class int // of image 0 of the whole run
}

func (b *Branch) validate(s *schedule.Schedule) error {
	if b.Class < Null {
		return errors.New("sampler: the branches' class is " + strconv.Itoa(b.Class) + ", want 0 or more, or -1 for none")
	}
	if s.T < 2 || b.T < s.Step[2] || b.T > s.Step[s.T] {
		least := "two steps at least"
		if s.T >= 2 {
			least = strconv.Itoa(s.Step[2]) + " to " + strconv.Itoa(s.Step[s.T])
		}
		return errors.New("sampler: branches at t=" + strconv.Itoa(b.T) + ", want " + least +
			", so that a step with noise is left")
	}
	return nil
}

// copyFirst makes all images the first one.
func (r *Run) copyFirst() {
	for _, batch := range [...][]float32{r.x, r.eps, r.mean, r.held, r.x0[0], r.x0[1], r.x0[2], r.x0[3]} {
		for i := r.o.Size; i < len(batch); i += r.o.Size {
			copy(batch[i:i+r.o.Size], batch)
		}
	}
}
