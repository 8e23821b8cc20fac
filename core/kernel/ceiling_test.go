package kernel

import "testing"

// TestCeiling: every form does whole vectors of multiply-adds in every chain.
func TestCeiling(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		if Ceiling(0) != 0 {
			t.Error("no rounds have operations")
		}
		one := Ceiling(1)
		if one <= 0 || one%(2*ceilingChains) != 0 {
			t.Errorf("%d operations in a round of %d chains", one, ceilingChains)
		}
		if got := Ceiling(100); got != 100*one {
			t.Errorf("%d operations in 100 rounds of %d", got, one)
		}
		if sum, _ := ceiling(100); sum != 2*ceilingChains {
			t.Errorf("the chains sum to %v, want %d", sum, 2*ceilingChains)
		}
	})
}

// BenchmarkCeiling is what the other benchmarks' GFLOP/s are a share of.
func BenchmarkCeiling(b *testing.B) {
	var flops int64
	for b.Loop() {
		flops = Ceiling(10000)
	}
	b.ReportMetric(float64(flops)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
