package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkProduct runs the matrix products inside Winograd's convolutions: n
// squares of K channels times [K][Out], for as many places, with weights of their
// own, as the layer has. Those of one place are the register tile alone, its
// weights in the nearest cache or, for the largest K, in the next.
func BenchmarkProduct(b *testing.B) {
	for _, s := range []struct{ places, n, k, out int }{
		{1, 48, 32, 32}, {1, 48, 128, 32}, {1, 48, 1024, 32}, {36, 49, 32, 64}, {36, 49, 64, 64}, {36, 49, 128, 32}, {36, 49, 128, 128}, {36, 49, 256, 64},
		{36, 16, 64, 128}, {36, 16, 128, 128}, {36, 16, 256, 256}, {36, 16, 512, 128},
		{36, 4, 128, 128}, {16, 16, 128, 128}, {36, 4, 256, 256},
		{36, 64, 256, 256}, {36, 16, 512, 512}, {16, 64, 512, 512}, {16, 16, 1024, 1024}, {16, 4, 1024, 1024},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d-%d", s.places, s.n, s.k, s.out), func(b *testing.B) {
			c := Conv{H: 1, W: s.n, R: 1, K: s.k, Out: s.out, InPix: s.k, OutPix: s.out}
			in, out := make([]float32, s.places*s.n*s.k), make([]float32, s.places*s.n*s.out)
			w := make([]float32, s.places*PackedLen(s.k, s.out))
			for b.Loop() {
				for p := range s.places {
					c.Forward(out[p*s.n*s.out:], in[p*s.n*s.k:], w[p*PackedLen(s.k, s.out):], nil)
				}
			}
			b.ReportMetric(2*float64(s.places*c.MulAdds())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
