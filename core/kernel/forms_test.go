//go:build !goexperiment.simd || !amd64

package kernel

import "testing"

// eachForm runs f once with every form that this machine can run.
func eachForm(t *testing.T, f func(t *testing.T)) { t.Run(Form(), f) }
