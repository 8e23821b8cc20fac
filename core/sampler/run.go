package sampler

import (
	"errors"
	"iter"

	"github.com/ddpm-go/ddpm/core/noise"
)

// Step is the state of a run after a denoising step. Its slices are views of
// the run's memory, [len(Classes)][Size]: they are valid until the next step
// and may not be written to.
type Step struct {
	Index int // steps taken so far, 1…Of; 0 before the first
	Of    int // steps of the whole run

	// T is the original schedule's t of this step: X0 and Eps were predicted at
	// (x_t, t). It is 0 before the first step, and X0 and Eps are then zero.
	T int

	X   []float32 // the images after the step, x_{t−1}; x_T before the first one
	X0  []float32 // predicted x̂_0, clipped if Options.Clip
	Eps []float32 // predicted ε̂, after guidance and before clipping

	// X is Mean + Sigma·z, but for what inpainting keeps. For DDPM they are μ_θ(x_t, t)
	// and σ_t of p_θ(x_{t−1}|x_t); before the first step they are zero.
	Mean  []float32
	Sigma float64
}

// Run is a run of a sampler: DDPM, DDIM, DPMSolverPP and UniPC begin one. One
// goroutine at a time may use it. To cancel, stop asking for steps.
type Run struct {
	o     Options
	guide guide
	moves []move // one for each step, index = the schedule's t

	// path holds the schedule's t of each step: T…1, and more where inpainting
	// goes back up.
	path  []int
	taken int
	at    int      // the schedule's t of x
	walks []uint32 // how often the run has stepped down from each t

	classes []int
	one     bool   // all images are one so far; see Branch
	class   [1]int // of that one

	x, eps []float32
	mean   []float32              // x before noise was added to it
	x0     [maxPast + 1][]float32 // x̂_0 of the latest steps, latest first
	held   []float32              // x of the step before, as corrected; nil if nothing corrects
	z      []float32              // the noise of one image
}

// begin starts a run, whose step at t is step(t), by drawing x_T.
func begin(o Options, step func(t int) formula) (*Run, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	T := o.Schedule.T
	r := &Run{o: o, at: T, path: o.Inpaint.path(T), moves: make([]move, T+1), walks: make([]uint32, T+1)}
	reach, corrects := 0, false
	for t := 1; t <= T; t++ {
		f := step(t)
		if t == 1 {
			f.sigma = 0 // what is shown is the mean (Ho et al., algorithm 2)
		}
		r.moves[t] = f.round(o.Schedule, t)
		reach = max(reach, r.moves[t].reach)
		corrects = corrects || r.moves[t].corrects
	}
	if o.Inpaint != nil && reach > 0 {
		return nil, errors.New("sampler: inpainting goes back and forth, which a sampler that remembers steps cannot: use DDPM or DDIM")
	}

	n := len(o.Classes)
	r.classes = append(r.classes, o.Classes...)
	r.class[0] = Null
	if o.Branch != nil {
		r.one, r.class[0] = true, o.Branch.Class
	}
	r.guide = newGuide(o.Predictor, o.Guidance, o.Interval, n, o.Size, r.classes, r.class[:])

	r.x = make([]float32, n*o.Size)
	r.eps = make([]float32, n*o.Size)
	r.mean = make([]float32, n*o.Size)
	for k := range reach + 1 {
		r.x0[k] = make([]float32, n*o.Size)
	}
	if corrects {
		r.held = make([]float32, n*o.Size)
	}
	r.z = make([]float32, o.Size)
	if o.Start != nil {
		copy(r.x, o.Start)
		return r, nil
	}
	for i := range n {
		noise.Normal(r.image(r.x, i), o.Seed, noise.Initial, r.key(i), 0)
	}
	return r, nil
}

// image returns the part of image i in a batch.
func (r *Run) image(batch []float32, i int) []float32 {
	return batch[i*r.o.Size : (i+1)*r.o.Size]
}

// key is the image that the noise of image i depends on.
func (r *Run) key(i int) uint32 {
	if r.one || r.o.SameNoise {
		return 0
	}
	return uint32(r.o.First + i)
}

// draw sets z to noise for image i at the schedule's t. Its key is the original
// t and, in the bits above, which walk down this is.
func (r *Run) draw(stream noise.Stream, i, t int, walk uint32) {
	const timeBits = 17 // hold schedule.MaxT
	noise.Normal(r.z, r.o.Seed, stream, r.key(i), uint32(r.o.Schedule.Step[t])|walk<<timeBits)
}

// Next takes a step and reports whether there was one left to take.
func (r *Run) Next() bool {
	if r.taken == len(r.path) {
		return false
	}
	t := r.path[r.taken]
	for r.at < t {
		r.at++
		r.climb(r.at)
	}
	r.one = r.one && r.o.Schedule.Step[t] > r.o.Branch.T
	if r.one {
		size := r.o.Size
		r.guide.PredictEps(r.eps[:size], r.x[:size], r.o.Schedule.Step[t], r.class[:])
		r.descend(t, 1)
		r.copyFirst()
	} else {
		r.guide.PredictEps(r.eps, r.x, r.o.Schedule.Step[t], r.classes)
		r.descend(t, len(r.classes))
	}
	if r.o.Inpaint != nil {
		r.keep(t - 1)
	}
	r.walks[t]++
	r.taken++
	r.at = t - 1
	return true
}

// descend takes the first n images from x_t to x_{t−1}, as ε̂ is known.
func (r *Run) descend(t, n int) {
	m := &r.moves[t]
	r.shift()
	for i := range n {
		x, x0 := r.image(r.x, i), r.image(r.x0[0], i)
		m.predict(x0, x, r.image(r.eps, i), r.o.Clip)
		var past [maxPast][]float32
		for k := range m.reach {
			past[k] = r.image(r.x0[k+1], i)
		}
		if m.corrects {
			m.correct(x, r.image(r.held, i), x0, &past)
		}
		if r.held != nil {
			copy(r.image(r.held, i), x)
		}
		if m.sigma != 0 {
			r.draw(noise.Reverse, i, t, r.walks[t])
		}
		m.apply(x, x0, &past)
		copy(r.image(r.mean, i), x)
		add(x, m.sigma, r.z)
	}
}

// shift makes the latest x̂_0 the one before, and the oldest the place for the
// next.
func (r *Run) shift() {
	last := 0
	for last < maxPast && r.x0[last+1] != nil {
		last++
	}
	oldest := r.x0[last]
	copy(r.x0[1:last+1], r.x0[:last])
	r.x0[0] = oldest
}

// Step returns the step taken last; before the first, x_T.
func (r *Run) Step() Step {
	s := Step{Index: r.taken, Of: len(r.path), X: r.x, X0: r.x0[0], Eps: r.eps, Mean: r.mean}
	if r.taken > 0 {
		t := r.path[r.taken-1]
		s.T, s.Sigma = r.o.Schedule.Step[t], float64(r.moves[t].sigma)
	}
	return s
}

// Steps takes the steps that are left, one at a time, and yields each.
func (r *Run) Steps() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for r.Next() {
			if !yield(r.Step()) {
				return
			}
		}
	}
}
