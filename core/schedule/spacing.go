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
type Spacing struct {
	way int
	end int // the t of the last step; 0 is wherever the way has it
}

var (
	// Uniform steps are equally far apart in t: Respace.
	Uniform = Spacing{way: uniform}

	// Quadratic steps are τ_i = ⌊T·(i/n)² + ½⌋, closer to each other near the
	// picture (Song et al., 2021, arXiv:2010.02502, §D.2).
	Quadratic = Spacing{way: quadratic}

	// LogSNR steps are the t that are nearest to equal steps of the logarithm of
	// the signal-to-noise ratio, from t = 1 to T (Lu et al., 2022,
	// arXiv:2206.00927, §3.4), in which the solution of the probability flow is
	// smooth. A single step is T.
	LogSNR = Spacing{way: logSNR}
)

const (
	uniform = iota
	quadratic
	logSNR
)

var spacings = []string{uniform: "uniform", quadratic: "quadratic", logSNR: "logsnr"}

// To returns the spacing with all steps at t = end or above, so that the last one
// goes from there straight to x̂_0: what little noise is left comes off at once, in the
// mean (the expected denoised sample of Jolicoeur-Martineau et al., 2021,
// arXiv:2009.05475), where many small steps would add up a small network's errors.
// Uniform steps are then τ_i = end + ⌊(T−end)·(i−1)/(n−1) + ½⌋, quadratic ones the same
// with the square of the fraction. For a single step, and for a chain whose T is not
// above it, end says nothing; of more steps than there are from end to T, the last ones
// are below it.
func (p Spacing) To(end int) Spacing {
	p.end = end
	return p
}

// End is what To was given; 0 if it was not.
func (p Spacing) End() int { return p.end }

// ParseSpacing returns the spacing called name: "uniform", "quadratic" or "logsnr", and
// with ":100" behind it To(100) of that.
func ParseSpacing(name string) (Spacing, error) {
	way, end, ends := strings.Cut(name, ":")
	p := Spacing{way: slices.Index(spacings, way)}
	if p.way < 0 {
		return p, errors.New("schedule: unknown spacing " + strconv.Quote(name) + ", want " + strings.Join(spacings, ", "))
	}
	if ends {
		var err error
		if p.end, err = strconv.Atoi(end); err != nil || p.end < 1 || p.String() != name {
			return p, errors.New("schedule: the spacing " + strconv.Quote(name) + " ends at " + strconv.Quote(end) +
				", want the t that the last step goes from, like " + way + ":100")
		}
	}
	return p, nil
}

// String returns the name that ParseSpacing takes.
func (p Spacing) String() string {
	if p.end > 0 {
		return spacings[p.way] + ":" + strconv.Itoa(p.end)
	}
	return spacings[p.way]
}

// Spaced returns the schedule that visits n of the T steps, 1 ≤ n ≤ T.
func (s *Schedule) Spaced(p Spacing, n int) (*Schedule, error) {
	if n == 1 || p.end >= s.T {
		p.end = 0
	}
	if p == Uniform || n < 1 || n > s.T {
		return s.Respace(n)
	}
	steps := make([]int, n)
	switch {
	case p.way == logSNR:
		s.nearLogSNR(steps, max(1, p.end))
	case p.end == 0:
		for i := range steps {
			steps[i] = share(s.T, (i+1)*(i+1), n*n)
		}
	default:
		for i := range steps {
			k, of := i, n-1
			if p.way == quadratic {
				k, of = k*k, of*of
			}
			steps[i] = p.end + share(s.T-p.end, k, of)
		}
	}
	// Each at least one above the one before, and low enough for those to come.
	before := 0
	for i, t := range steps {
		steps[i] = min(max(t, before+1), s.T-(n-1-i))
		before = steps[i]
	}
	return s.RespaceTo(steps)
}

// share is ⌊T·k/of + ½⌋.
func share(T, k, of int) int { return (2*T*k + of) / (2 * of) }

// nearLogSNR sets steps to the t nearest to equal steps in log-SNR from t = end to T,
// rising. It decides in whole numbers, millionths of a nat, so that the last bit of
// math.Log, which differs between platforms, does not.
func (s *Schedule) nearLogSNR(steps []int, end int) {
	const grid = 1e6
	level := make([]int64, s.T+1)
	for t := 1; t <= s.T; t++ {
		level[t] = int64(math.Round(s.LogSNR(t) * grid))
	}
	n := len(steps)
	steps[n-1] = s.T
	t := end
	for i := range n - 1 {
		// Everything is times n−1, in which the wanted level is whole.
		scale, k := int64(n-1), int64(i)
		want := level[end]*scale + (level[s.T]-level[end])*k
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
