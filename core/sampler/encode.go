package sampler

import (
	"errors"
	"iter"
	"math"
	"strconv"
)

// Encoding runs DDIM backwards, from x_0 to the x_T from which DDIM with η = 0
// draws that x_0 again (Song et al., 2021, §4.3 and §5.4). Encode begins one. One
// goroutine at a time may use it.
type Encoding struct {
	guide  guide
	o      Options
	refine int
	taken  int

	classes []int
	x, eps  []float32
	before  []float32 // x_{t−1}
	x0      []float32 // x̂_0
}

// Encode begins to encode x0, [len(o.Classes)][o.Size]. A step of DDIM turns
// x_{t−1} = cos δ·x_t − sin δ·v_θ(x_t, t), where cos φ_t = √ᾱ_t, δ = φ_t − φ_{t−1} and
// v = (ε − √(1−ᾱ_t)·x_t)/√ᾱ_t (Salimans & Ho, 2022, arXiv:2202.00512, appendix D).
// Its inverse is the solution of
//
//	x_t = (x_{t−1} + sin δ·v_θ(x_t, t))/cos δ
//
// which is iterated from x_t = x_{t−1}: once, which is the usual inversion, and
// refine times more (Pan et al., 2023, arXiv:2309.04907). What sampling with the
// same steps then makes of x_T differs from x_0 by a power of the step size:
// the first, and one more with each refinement. x̂_0 is not clipped, as a clipped
// step has no inverse; o.Seed, Clip and Eta mean nothing here.
func Encode(o Options, x0 []float32, refine int) (*Encoding, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	if len(x0) != o.Size*len(o.Classes) {
		return nil, errors.New("sampler: pictures of " + strconv.Itoa(len(x0)) + " values, want " +
			strconv.Itoa(o.Size*len(o.Classes)))
	}
	if refine < 0 || refine > maxRefine {
		return nil, errors.New("sampler: " + strconv.Itoa(refine) + " refinements, want 0 to " + strconv.Itoa(maxRefine))
	}
	e := &Encoding{o: o, refine: refine}
	e.classes = append(e.classes, o.Classes...)
	e.guide = newGuide(o.Predictor, o.Guidance, o.Interval, len(e.classes), o.Size, e.classes)
	e.x = append(e.x, x0...)
	e.before = make([]float32, len(x0))
	e.x0 = make([]float32, len(x0))
	e.eps = make([]float32, len(x0))
	return e, nil
}

const maxRefine = 100

// Next takes a step, up, and reports whether there was one left to take.
func (e *Encoding) Next() bool {
	s := e.o.Schedule
	if e.taken == s.T {
		return false
	}
	e.taken++
	t := e.taken
	signal, noisy := math.Sqrt(s.AlphaBar[t]), math.Sqrt(1-s.AlphaBar[t])
	signalBefore, noisyBefore := math.Sqrt(s.AlphaBar[t-1]), math.Sqrt(1-s.AlphaBar[t-1])
	cos := float64(signal*signalBefore) + float64(noisy*noisyBefore)
	sin := float64(noisy*signalBefore) - float64(signal*noisyBefore)
	// x_t = keep·x_{t−1} + gain·v, and v = ofEps·ε − ofX·x at the guess x for x_t.
	keep, gain := float32(1/cos), float32(sin/cos)
	ofEps, ofX := float32(1/signal), float32(noisy/signal)
	copy(e.before, e.x)
	for range e.refine + 1 {
		e.guide.PredictEps(e.eps, e.x, s.Step[t], e.classes)
		for i, x := range e.x {
			eps := e.eps[i]
			e.x0[i] = float32(ofEps*x) - float32(ofX*eps)
			v := float32(ofEps*eps) - float32(ofX*x)
			e.x[i] = float32(keep*e.before[i]) + float32(gain*v)
		}
	}
	return true
}

// Step returns the step taken last; before the first, x_0. X is x_t for t = T of
// the step, and X0 and Eps were predicted at the last guess for it; there is no noise.
func (e *Encoding) Step() Step {
	return Step{Index: e.taken, Of: e.o.Schedule.T, T: e.o.Schedule.Step[e.taken], X: e.x, X0: e.x0, Eps: e.eps, Mean: e.x}
}

// Steps takes the steps that are left, one at a time, and yields each.
func (e *Encoding) Steps() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for e.Next() {
			if !yield(e.Step()) {
				return
			}
		}
	}
}
