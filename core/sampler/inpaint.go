package sampler

import (
	"errors"
	"math"
	"strconv"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/noise"
)

// Inpainting makes a run keep the known part of a picture and draw the rest, by
// RePaint (Lugmayr et al., 2022, arXiv:2201.09865, algorithm 1). After each step
// the known values are drawn anew from the picture,
//
//	x_{t−1} = m ⊙ (√ᾱ_{t−1}·x_0 + √(1−ᾱ_{t−1})·ε) + (1 − m) ⊙ (x_{t−1} of the sampler)
//
// and, at t−1 = 0, are the picture's own. To bring the two parts into harmony
// the run goes back up from time to time, by Jump steps of q(x_t|x_{t−1}), and
// down again, Resample times over (their §4.2 and appendix B). A sampler that
// remembers steps cannot do that: only DDPM and DDIM inpaint.
type Inpainting struct {
	Picture  []float32 // x_0, [Size], the same for all images
	Known    []bool    // m, [Size]: true where the picture is kept
	Jump     int       // j: steps of the schedule to go back up
	Resample int       // r: how often each part of the way is walked; 1 is once
}

// maxResample bounds how often a t may be visited, which counts in the noise's
// key: see Run.draw.
const maxResample = 1000

func (p *Inpainting) validate(size, T int) error {
	switch {
	case len(p.Picture) != size || len(p.Known) != size:
		return errors.New("sampler: a picture of " + strconv.Itoa(len(p.Picture)) + " values and a mask of " +
			strconv.Itoa(len(p.Known)) + ", want " + strconv.Itoa(size))
	case p.Resample < 1 || p.Resample > maxResample:
		return errors.New("sampler: resample is " + strconv.Itoa(p.Resample) + ", want 1 to " + strconv.Itoa(maxResample))
	case p.Resample > 1 && (p.Jump < 1 || p.Jump >= T):
		return errors.New("sampler: a jump of " + strconv.Itoa(p.Jump) + " steps, want 1 to " + strconv.Itoa(T-1) +
			", less than the " + strconv.Itoa(T) + " that the run has")
	}
	return nil
}

// path returns the schedule's t of each step of a run from T: T…1 if p is nil or
// does not resample. Otherwise, from x_k for k = 1, 1 + j, 1 + 2j, … that leave
// j steps above them, it goes back to x_{k+j} r − 1 times (get_schedule_jump of
// RePaint's code).
func (p *Inpainting) path(T int) []int {
	var path []int
	left := make([]int, T+1)
	if p != nil && p.Resample > 1 {
		for k := 1; k+p.Jump <= T; k += p.Jump {
			left[k] = p.Resample - 1
		}
	}
	for t := T; t >= 1; {
		path = append(path, t)
		t--
		if left[t] > 0 {
			left[t]--
			t += p.Jump
		}
	}
	return path
}

// climb takes all images from x_{t−1} to x_t.
func (r *Run) climb(t int) {
	for i := range r.classes {
		r.draw(noise.Markov, i, t, r.walks[t])
		x := r.image(r.x, i)
		diffusion.QStep(x, x, r.z, r.o.Schedule, t)
	}
}

// keep puts the known values into x_t, after the step from t+1.
func (r *Run) keep(t int) {
	p := r.o.Inpaint
	signal, noisy := float32(math.Sqrt(r.o.Schedule.AlphaBar[t])), float32(math.Sqrt(1-r.o.Schedule.AlphaBar[t]))
	for i := range r.classes {
		x := r.image(r.x, i)
		if t == 0 {
			for j, known := range p.Known {
				if known {
					x[j] = p.Picture[j]
				}
			}
			continue
		}
		r.draw(noise.Forward, i, t, r.walks[t+1])
		for j, known := range p.Known {
			if known {
				x[j] = float32(signal*p.Picture[j]) + float32(noisy*r.z[j])
			}
		}
	}
}
