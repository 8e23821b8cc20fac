package sampler

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// formula is one step of a sampler at the schedule's t, in float64:
//
//	x_{t−1} = xt·x_t + x0·x̂_0 + Σ_k past[k]·x̂_0 of k+1 steps before + sigma·z
//
// What is called for beside x_t and the x̂_0, such as the ε that the two imply,
// is a sum of them, so every sampler here is a choice of these numbers. Where
// corrected is not empty, x_t is replaced first, now that x̂_0 at t is known, by
//
//	kept·(x_{t+1} as it was replaced) + Σ_k corrected[k]·x̂_0 of k steps before
type formula struct {
	xt, x0, sigma float64
	past          []float64
	kept          float64
	corrected     []float64
}

// maxPast is how many x̂_0 of steps before a formula may ask for.
const maxPast = 3

// move is a formula rounded once to float32, and with it
// x̂_0 = fromXt·x_t + fromEps·ε̂.
type move struct {
	fromXt, fromEps float32
	xt, x0, sigma   float32
	past            [maxPast]float32
	kept            float32
	corrected       [maxPast + 1]float32
	reach           int // how many x̂_0 before are asked for
	corrects        bool
}

// round makes the move of a formula at t of s.
func (f formula) round(s *schedule.Schedule, t int) move {
	signal, noisy := math.Sqrt(s.AlphaBar[t]), math.Sqrt(1-s.AlphaBar[t])
	m := move{
		fromXt: float32(1 / signal), fromEps: float32(-noisy / signal),
		xt: float32(f.xt), x0: float32(f.x0), sigma: float32(f.sigma), kept: float32(f.kept),
		reach:    max(len(f.past), len(f.corrected)-1),
		corrects: len(f.corrected) > 0,
	}
	for k, v := range f.past {
		m.past[k] = float32(v)
	}
	for k, v := range f.corrected {
		m.corrected[k] = float32(v)
	}
	return m
}

// predict sets x0 to x̂_0.
func (m *move) predict(x0, x, eps []float32, clip bool) {
	x0, eps = x0[:len(x)], eps[:len(x)]
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
	}
}

// correct replaces x_t, given the one of the step before.
func (m *move) correct(x, held, x0 []float32, past *[maxPast][]float32) {
	x0, held = x0[:len(x)], held[:len(x)]
	for i, p := range x0 {
		x[i] = float32(m.kept*held[i]) + float32(m.corrected[0]*p)
	}
	for k, c := range m.corrected[1:] {
		add(x, c, past[k])
	}
}

// apply turns x_t into x_{t−1} but for its noise, sigma·z.
func (m *move) apply(x, x0 []float32, past *[maxPast][]float32) {
	x0 = x0[:len(x)]
	for i, xt := range x {
		x[i] = float32(m.x0*x0[i]) + float32(m.xt*xt)
	}
	for k, c := range m.past {
		add(x, c, past[k])
	}
}

// add adds c·y to x.
func add(x []float32, c float32, y []float32) {
	if c == 0 {
		return
	}
	y = y[:len(x)]
	for i, v := range y {
		x[i] += float32(c * v)
	}
}
