package schedule

import (
	"errors"
	"strconv"
)

// Respace returns a schedule of n of the T steps, 1 ≤ n ≤ T, evenly spread and
// always with t = T: the i-th step is
//
//	τ_i = ⌊i·T/n + ½⌋,  i = 1…n
//
// (the "trailing" spacing of Lin et al., 2023, arXiv:2305.08891: a chain that
// starts from pure noise has to start at T, whereas t = 1 may be jumped over).
// Respace(T) is the schedule itself, to the bit.
func (s *Schedule) Respace(n int) (*Schedule, error) {
	if n < 1 || n > s.T {
		return nil, errors.New("schedule: " + strconv.Itoa(n) + " steps of a chain of " + strconv.Itoa(s.T) +
			", want 1 to " + strconv.Itoa(s.T))
	}
	steps := make([]int, n)
	for i := range steps {
		steps[i] = share(s.T, i+1, n)
	}
	return s.RespaceTo(steps)
}

// RespaceTo returns the schedule that visits only the given t, 1 ≤ t ≤ T,
// strictly rising. With τ_0 = 0, its ᾱ_i is ᾱ_{τ_i} and
//
//	β_i = 1 − ᾱ_{τ_i}/ᾱ_{τ_{i−1}}
//
// (Nichol & Dhariwal, 2021, §4), so that q(x_{τ_i}|x_0) is unchanged. Step
// holds the t that the network knows: s.Step[τ_i]. The last step need not be T:
// a chain that starts from a noised image may start anywhere.
func (s *Schedule) RespaceTo(steps []int) (*Schedule, error) {
	if len(steps) == 0 {
		return nil, errors.New("schedule: no steps, want at least one")
	}
	before := 0
	for i, tau := range steps {
		if tau <= before || tau > s.T {
			return nil, errors.New("schedule: step " + strconv.Itoa(i+1) + " is at t=" + strconv.Itoa(tau) +
				", want " + strconv.Itoa(before+1) + " to " + strconv.Itoa(s.T) + ", rising")
		}
		before = tau
	}
	r := empty(len(steps))
	before = 0
	for i, tau := range steps {
		t := i + 1
		r.Step[t] = s.Step[tau]
		r.AlphaBar[t] = s.AlphaBar[tau]
		if tau == before+1 {
			r.Beta[t], r.Alpha[t] = s.Beta[tau], s.Alpha[tau]
		} else {
			r.Alpha[t] = s.AlphaBar[tau] / s.AlphaBar[before]
			r.Beta[t] = 1 - r.Alpha[t]
		}
		before = tau
	}
	r.derive()
	return r, nil
}

// Until returns the first n steps of s, 1 ≤ n ≤ T: the chain that starts from a
// given x_n.
func (s *Schedule) Until(n int) (*Schedule, error) {
	if n < 1 || n > s.T {
		return nil, errors.New("schedule: a start at t=" + strconv.Itoa(n) + " of a chain of " + strconv.Itoa(s.T) +
			", want 1 to " + strconv.Itoa(s.T))
	}
	steps := make([]int, n)
	for i := range steps {
		steps[i] = i + 1
	}
	return s.RespaceTo(steps)
}
