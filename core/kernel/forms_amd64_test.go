//go:build goexperiment.simd

package kernel

import "testing"

// eachForm runs f once with every form that this machine can run.
func eachForm(t *testing.T, f func(t *testing.T)) {
	best := level
	defer func() { level = best }()
	for level = levelGeneric; level <= best; level++ {
		t.Run(Form(), f)
	}
}
