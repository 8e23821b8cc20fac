package bench

import (
	"slices"
	"sync"
	"time"
)

// Clock measures how long things take.
type Clock struct {
	Time time.Duration // of one measurement, its warm-up aside
}

// bursts is the number of equal parts that a measurement is cut into: the median
// of their times is not moved by what else the machine did meanwhile.
const bursts = 7

// Seconds returns the time of one call of each run, the median over bursts of
// calls. The runs take turns, a burst each, so that what they are compared by is
// not which of them a slow moment met.
func (c Clock) Seconds(runs ...func()) []float64 {
	calls := make([]int, len(runs))
	for i, run := range runs {
		run() // makes memory, fills caches
		calls[i] = c.callsPerBurst(run)
	}
	times := make([][bursts]float64, len(runs))
	for burst := range bursts {
		for i, run := range runs {
			times[i][burst] = repeat(calls[i], run).Seconds() / float64(calls[i])
		}
	}
	medians := make([]float64, len(runs))
	for i := range times {
		slices.Sort(times[i][:])
		medians[i] = times[i][bursts/2]
	}
	return medians
}

// callsPerBurst is how many calls fill a burst's time.
func (c Clock) callsPerBurst(run func()) int {
	burst := c.Time / bursts
	for n := 1; ; n *= 2 {
		if took := repeat(n, run); took >= burst/2 {
			return max(1, int(float64(n)*float64(burst)/float64(max(took, 1))))
		}
	}
}

func repeat(n int, run func()) time.Duration {
	start := time.Now()
	for range n {
		run()
	}
	return time.Since(start)
}

// together runs f on that many threads at once, which it tells apart.
func together(threads int, f func(thread int)) {
	var wait sync.WaitGroup
	for i := 1; i < threads; i++ {
		wait.Go(func() { f(i) })
	}
	f(0)
	wait.Wait()
}

// threadCounts is 1, 2, 4… and the most.
func threadCounts(most int) []int {
	var counts []int
	for n := 1; n < most; n *= 2 {
		counts = append(counts, n)
	}
	return append(counts, most)
}
