package train

import "testing"

// TestStepAllocatesNothing: a run of any length stays as large as it began.
func TestStepAllocatesNothing(t *testing.T) {
	for _, workers := range []int{1, 3} {
		c := tiny()
		c.Steps = 1000
		trainer := begin(t, c, workers)
		steps(t, trainer, 5) // goroutines, once begun, are used again
		if n := testing.AllocsPerRun(40, func() { steps(t, trainer, 1) }); n != 0 {
			t.Errorf("%d workers: %v allocations a step", workers, n)
		}
	}
}
