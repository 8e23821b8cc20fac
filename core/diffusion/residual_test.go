package diffusion

import (
	"math"
	"testing"
)

// A residual has variance 1 where x_0 and ε have it. Where noise is far above Detail it is
// x_0, and where it is far below it changes little of what x_t says.
func TestResidual(t *testing.T) {
	for name, s := range schedules(t) {
		for at := 1; at <= s.T; at++ {
			signal, sigma, k, c, rest := skip(s, at)
			if got := 1 - signal*k; math.Abs(got-rest) > 1e-9 {
				t.Fatalf("%s, t = %d: 1 − √ᾱ·k is %v, want %v", name, at, rest, got)
			}
			ofX0, ofEps := rest/c, -k*sigma/c
			noise := sigma / signal
			if v := ofX0*ofX0 + ofEps*ofEps; math.Abs(v-1) > 1e-9 {
				t.Fatalf("%s, t = %d: the residual's variance is %v, want 1", name, at, v)
			}
			if noise > 10*Detail && math.Abs(ofX0-1) > 0.01 {
				t.Errorf("%s, t = %d: noise of %.3f, and x_0's share in the residual is %v", name, at, noise, ofX0)
			}
			if noise < 0.1*Detail && c > 0.2*Detail {
				t.Errorf("%s, t = %d: noise of %.4f, and a residual of 1 changes x_0 by %v", name, at, noise, c)
			}
		}
	}
}
