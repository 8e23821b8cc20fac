package schedule

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

const (
	// logSNRPrefix begins the name of a schedule that is given by points of its log SNR.
	logSNRPrefix = "logsnr:"

	minPoints, maxPoints = 2, 16
	// maxLogSNR keeps 1 − ᾱ_1 and ᾱ_T above 1e-7, where both still have digits.
	maxLogSNR = 16
	// minDrop is the least that the log SNR falls from one point to the next: with
	// less, a step of a long chain would do nothing in float64.
	minDrop = 0.01
)

// FromLogSNR returns the schedule of T steps whose log SNR, λ, goes through the
// given points, the first at t = 1, the last at t = T and the others evenly
// between them, by the monotone cubic of Fritsch & Butland (1984, "A method for
// constructing local monotone piecewise cubic interpolants"): it turns where the
// points do and nowhere overshoots. What follows from λ (Kingma et al., 2021,
// arXiv:2107.00630, §3.1) is
//
//	ᾱ_t = σ(λ_t),  β_t = 1 − ᾱ_t/ᾱ_{t−1} = σ(−λ_t)·(1 − e^{λ_t − λ_{t−1}})
//
// with σ the logistic function and λ_0 = ∞. The points are 2 to 16 numbers from
// −16 to 16, each at least 0.01 below the one before.
func FromLogSNR(T int, points []float64) (*Schedule, error) {
	if err := checkPoints(points); err != nil {
		return nil, err
	}
	if T < len(points) || T > MaxT {
		return nil, errors.New("schedule: a log SNR schedule of " + strconv.Itoa(T) + " steps through " +
			strconv.Itoa(len(points)) + " points, want " + strconv.Itoa(len(points)) + " to " + strconv.Itoa(MaxT))
	}
	slopes := monotoneSlopes(points)
	beta := make([]float64, T)
	var before float64
	for i := range beta {
		// i of T−1 steps along, which is `at` of the pieces and u of the next one.
		along := i * (len(points) - 1)
		at := min(along/(T-1), len(points)-2)
		u := float64(along-at*(T-1)) / float64(T-1)
		now := hermite(points[at], points[at+1], slopes[at], slopes[at+1], u)
		beta[i] = 1 / (1 + exponential(now))
		if i > 0 {
			beta[i] *= 1 - exponential(now-before)
		}
		before = now
	}
	return FromBeta(beta)
}

// parseLogSNR reads a name's points: "9,0,-9".
func parseLogSNR(text string) ([]float64, error) {
	var points []float64
	for field := range strings.SplitSeq(text, ",") {
		p, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return nil, errors.New("schedule: " + strconv.Quote(field) + " among the points of " + strconv.Quote(logSNRPrefix+text) +
				" is not a number, want numbers with commas between them")
		}
		points = append(points, p)
	}
	return points, nil
}

func checkPoints(points []float64) error {
	if len(points) < minPoints || len(points) > maxPoints {
		return errors.New("schedule: " + strconv.Itoa(len(points)) + " points of log SNR, want " +
			strconv.Itoa(minPoints) + " to " + strconv.Itoa(maxPoints))
	}
	for i, p := range points {
		if !(p >= -maxLogSNR && p <= maxLogSNR) {
			return errors.New("schedule: point " + strconv.Itoa(i+1) + " of the log SNR is " + short(p) +
				", want -" + strconv.Itoa(maxLogSNR) + " to " + strconv.Itoa(maxLogSNR))
		}
		if i > 0 && !(p <= points[i-1]-minDrop) {
			return errors.New("schedule: point " + strconv.Itoa(i+1) + " of the log SNR is " + short(p) +
				", want at least " + short(minDrop) + " below the one before, " + short(points[i-1]))
		}
	}
	return nil
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// monotoneSlopes returns the slope at each of some evenly spaced points, a unit
// apart: the harmonic mean of the slopes to either side, and at the ends that of
// the one piece there is.
func monotoneSlopes(points []float64) []float64 {
	n := len(points)
	slopes := make([]float64, n)
	slopes[0], slopes[n-1] = points[1]-points[0], points[n-1]-points[n-2]
	for i := 1; i < n-1; i++ {
		left, right := points[i]-points[i-1], points[i+1]-points[i]
		slopes[i] = 2 * left * right / (left + right)
	}
	return slopes
}

// hermite is the cubic from a to b with slopes m and n there, 0 ≤ u ≤ 1.
func hermite(a, b, m, n, u float64) float64 {
	d := b - a
	// In Horner's form about a: a + u(m + u(3d − 2m − n + u(m + n − 2d))).
	inner := float64(u * (m + n - float64(2*d)))
	inner = float64(u * (float64(3*d) - float64(2*m) - n + inner))
	return a + float64(u*(m+inner))
}

// exponential returns e^x for |x| ≤ 700, within 4 units of the last place. Like
// sine it is slower than math.Exp, and the same bits everywhere, which math.Exp
// is not: 2^n·e^r, where |r| ≤ ½·ln 2, by Taylor's series up to r¹⁶/16!.
func exponential(x float64) float64 {
	const ln2Hi, ln2Lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10 // n·ln2Hi is exact
	n := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(n*ln2Hi) - float64(n*ln2Lo)
	sum := 1.0
	for k := 16.0; k >= 1; k-- {
		sum = 1 + float64(r*sum)/k
	}
	return math.Ldexp(sum, int(n))
}
