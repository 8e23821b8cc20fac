package sampler

import (
	"iter"
	"math"

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
}

// Run is a run of a sampler: DDPM and DDIM begin one. One goroutine at a time
// may use it. To cancel, stop asking for steps.
type Run struct {
	o     Options
	moves []move // one for each step, index = the schedule's t
	taken int

	x, x0, eps []float32
	null       []float32 // ε(Null); nil unless the network is evaluated twice
	z          []float32 // the noise of one image
	classes    []int     // of the first evaluation
	nulls      []int     // of the second
	weight     float32   // of guidance
}

// move holds the coefficients of one step, rounded once from float64:
//
//	x̂_0     = fromXt·x_t + fromEps·ε̂, clipped to ±1 if asked for
//	x_{t−1} = x0·x̂_0 + xt·x_t + sigma·z
//
// What is called for beside x̂_0 and x_t, the ε that the two imply, is a sum of
// them, so every sampler here is a choice of these numbers.
type move struct {
	fromXt, fromEps float32
	x0, xt          float32
	sigma           float32 // 0 in the last step
}

// begin starts a run, whose step at t is step(t), by drawing x_T.
func begin(o Options, step func(t int) (x0, xt, sigma float64)) (*Run, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	r := &Run{o: o, weight: float32(o.Guidance), moves: make([]move, o.Schedule.T+1)}
	for t := 1; t <= o.Schedule.T; t++ {
		signal := math.Sqrt(o.Schedule.AlphaBar[t])
		noisy := math.Sqrt(1 - o.Schedule.AlphaBar[t])
		x0, xt, sigma := step(t)
		if t == 1 {
			sigma = 0 // what is shown is the mean (Ho et al., algorithm 2)
		}
		r.moves[t] = move{float32(1 / signal), float32(-noisy / signal), float32(x0), float32(xt), float32(sigma)}
	}

	n := len(o.Classes)
	conditional := false
	r.classes = make([]int, n)
	r.nulls = make([]int, n)
	for i, class := range o.Classes {
		if o.Guidance == 0 {
			class = Null
		}
		conditional = conditional || class != Null
		r.classes[i], r.nulls[i] = class, Null
	}

	r.x = make([]float32, n*o.Size)
	r.x0 = make([]float32, n*o.Size)
	r.eps = make([]float32, n*o.Size)
	if conditional && o.Guidance != 1 {
		r.null = make([]float32, n*o.Size)
	}
	r.z = make([]float32, o.Size)
	for i := range n {
		noise.Normal(r.x[i*o.Size:(i+1)*o.Size], o.Seed, noise.Initial, uint32(o.First+i), 0)
	}
	return r, nil
}

// Next takes a step and reports whether there was one left to take.
func (r *Run) Next() bool {
	t := r.o.Schedule.T - r.taken
	if t < 1 {
		return false
	}
	r.predict(r.o.Schedule.Step[t])
	m := r.moves[t]
	size := r.o.Size
	for i := range r.classes {
		if m.sigma != 0 {
			noise.Normal(r.z, r.o.Seed, noise.Reverse, uint32(r.o.First+i), uint32(r.o.Schedule.Step[t]))
		}
		from, to := i*size, (i+1)*size
		m.apply(r.x[from:to], r.x0[from:to], r.eps[from:to], r.z, r.o.Clip)
	}
	r.taken++
	return true
}

// predict sets eps to the guided ε̂ at x_t, where t is the original schedule's.
func (r *Run) predict(t int) {
	r.o.Predictor.PredictEps(r.eps, r.x, t, r.classes)
	if r.null == nil {
		return
	}
	r.o.Predictor.PredictEps(r.null, r.x, t, r.nulls)
	for i, null := range r.null {
		r.eps[i] = null + float32(r.weight*(r.eps[i]-null))
	}
}

// apply takes one image's step: x is x_t and becomes x_{t−1}, x0 becomes x̂_0.
func (m move) apply(x, x0, eps, z []float32, clip bool) {
	x0, eps, z = x0[:len(x)], eps[:len(x)], z[:len(x)]
	for i, xt := range x {
		p := float32(m.fromXt*xt) + float32(m.fromEps*eps[i])
		if clip { // not min and max, which are calls in WASM
			if p > 1 {
				p = 1
			} else if p < -1 {
				p = -1
			}
		}
		x0[i] = p
		x[i] = float32(m.x0*p) + float32(m.xt*xt)
	}
	if m.sigma == 0 {
		return
	}
	for i := range x {
		x[i] += float32(m.sigma * z[i])
	}
}

// Step returns the step taken last; before the first, x_T.
func (r *Run) Step() Step {
	s := Step{Index: r.taken, Of: r.o.Schedule.T, X: r.x, X0: r.x0, Eps: r.eps}
	if r.taken > 0 {
		s.T = r.o.Schedule.Step[r.o.Schedule.T-r.taken+1]
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
