package bench

import "github.com/ddpm-go/ddpm/core/kernel"

// Machine is what this machine can do at most, in this program.
type Machine struct {
	Form      string      `json:"form"` // of the kernels: avx512, avx2, generic
	Ceiling   []Ceiling   `json:"ceiling"`
	Bandwidth []Bandwidth `json:"bandwidth"`
}

// Ceiling is the rate of multiply-adds in registers alone (kernel.Ceiling).
type Ceiling struct {
	Threads int     `json:"threads"`
	GFLOPs  float64 `json:"gflops"` // of all threads together
}

// Bandwidth is the rate of dst += s·src over two slices, on one thread: two
// reads and a write.
type Bandwidth struct {
	Bytes int     `json:"bytes"` // of the two slices together
	GBs   float64 `json:"gb_per_s"`
}

// footprints are those of a core's own cache, of a shared one, and of more than
// any cache holds.
var footprints = []int{256 << 10, 4 << 20, 128 << 20}

// MeasureMachine measures on up to `threads` threads.
func MeasureMachine(c Clock, threads int) Machine {
	m := Machine{Form: kernel.Form(), Ceiling: MeasureCeiling(c, threadCounts(threads)...)}
	for _, bytes := range footprints {
		dst, src := make([]float32, bytes/8), make([]float32, bytes/8)
		seconds := c.Seconds(func() { kernel.AddScaled(dst, src, 0.5) })[0]
		m.Bandwidth = append(m.Bandwidth, Bandwidth{bytes, 1e-9 * 1.5 * float64(bytes) / seconds})
	}
	return m
}

// MeasureCeiling measures the ceiling of each of some numbers of threads.
func MeasureCeiling(c Clock, counts ...int) []Ceiling {
	const rounds = 1 << 20 // milliseconds: beside them the start of a thread is nothing
	flops := float64(kernel.Ceiling(rounds))
	var runs []func()
	for _, n := range counts {
		runs = append(runs, func() { together(n, func(int) { kernel.Ceiling(rounds) }) })
	}
	var list []Ceiling
	for i, seconds := range c.Seconds(runs...) {
		list = append(list, Ceiling{counts[i], 1e-9 * flops * float64(counts[i]) / seconds})
	}
	return list
}

// peak is the ceiling of this many threads.
func (m Machine) peak(threads int) float64 {
	for _, c := range m.Ceiling {
		if c.Threads == threads {
			return c.GFLOPs
		}
	}
	panic("bench: no ceiling for so many threads")
}

// bandwidth is that of the smallest measured footprint that holds so many bytes.
func (m Machine) bandwidth(bytes int64) float64 {
	for _, b := range m.Bandwidth {
		if bytes <= int64(b.Bytes) {
			return b.GBs
		}
	}
	return m.Bandwidth[len(m.Bandwidth)-1].GBs
}

// roofline is the highest rate, in GFLOP/s, of work that does so many operations
// on so many bytes: min(peak, bandwidth · intensity) (Williams, Waterman &
// Patterson, 2009).
func (m Machine) roofline(flops, bytes int64) float64 {
	return min(m.peak(1), m.bandwidth(bytes)*float64(flops)/float64(bytes))
}
