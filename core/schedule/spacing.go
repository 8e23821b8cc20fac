package schedule

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Spacing is a way to choose n of the T steps of a chain. Each includes T, where
// there is pure noise, and no step twice: where two would fall together, at the
// ends of a chain that is asked for many, the later one makes way.
type Spacing uint8

const (
	// Uniform steps are equally far apart in t: Respace.
	Uniform Spacing = iota

	// Quadratic steps are τ_i = ⌊T·(i/n)² + ½⌋, closer to each other near the
	// picture (Song et al., 2021, arXiv:2010.02502, §D.2).
	Quadratic

	// LogSNR steps are the t that are nearest to equal steps of the logarithm of
	// the signal-to-noise ratio, from t = 1 to T (Lu et al., 2022,
	// arXiv:2206.00927, §3.4), in which the solution of the probability flow is
	// smooth. A single step is T.
	LogSNR
)

var spacings = []string{Uniform: "uniform", Quadratic: "quadratic", LogSNR: "logsnr"}

// ParseSpacing returns the spacing called name: "uniform", "quadratic" or
// "logsnr".
func ParseSpacing(name string) (Spacing, error) {
	i := slices.Index(spacings, name)
	if i < 0 {
		return 0, errors.New("schedule: unknown spacing " + strconv.Quote(name) + ", want " + strings.Join(spacings, ", "))
	}
	return Spacing(i), nil
}

// String returns the name that ParseSpacing takes.
func (p Spacing) String() string { return spacings[p] }

// Spaced returns the schedule that visits n of the T steps, 1 ≤ n ≤ T.
func (s *Schedule) Spaced(p Spacing, n int) (*Schedule, error) {
	if p == Uniform || n < 1 || n > s.T {
		return s.Respace(n)
	}
	steps := make([]int, n)
	if p == Quadratic {
		for i := range steps {
			k := i + 1
			steps[i] = (2*s.T*k*k + n*n) / (2 * n * n)
		}
	} else {
		s.nearLogSNR(steps)
	}
	// Each at least one above the one before, and low enough for those to come.
	before := 0
	for i, t := range steps {
		steps[i] = min(max(t, before+1), s.T-(n-1-i))
		before = steps[i]
	}
	return s.RespaceTo(steps)
}

// nearLogSNR sets steps to the t nearest to equal steps in log-SNR, rising. It
// decides in whole numbers, millionths of a nat, so that the last bit of
// math.Log, which differs between platforms, does not.
func (s *Schedule) nearLogSNR(steps []int) {
	const grid = 1e6
	level := make([]int64, s.T+1)
	for t := 1; t <= s.T; t++ {
		level[t] = int64(math.Round(s.LogSNR(t) * grid))
	}
	n := len(steps)
	steps[n-1] = s.T
	t := 1
	for i := range n - 1 {
		// Everything is times n−1, in which the wanted level is whole.
		scale, k := int64(n-1), int64(i)
		want := level[1]*scale + (level[s.T]-level[1])*k
		for t < s.T && level[t+1]*scale >= want {
			t++
		}
		// level[t] is the last at or above want; the next one may be nearer.
		steps[i] = t
		if t < s.T && want-level[t+1]*scale < level[t]*scale-want {
			steps[i] = t + 1
		}
	}
}
