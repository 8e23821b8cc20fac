package kernel

import "testing"

// TestChooseWinograd holds the choice for the layers of three networks against what
// BenchmarkConvolution says is fastest.
func TestChooseWinograd(t *testing.T) {
	for _, n := range benchLayers {
		for _, g := range n.layers {
			want := 4
			switch {
			case g.H == 8: // 4×4 squares take more time to read than they save
				want = 2
			case g.H == 4 && g.In == 1024:
				want = 0
			}
			if got := ChooseWinograd(g.H, g.W, g.In, g.Out); got != want {
				t.Errorf("base %d, %d×%d, %d to %d channels: F%d, want F%d", n.base, g.H, g.W, g.In, g.Out, got, want)
			}
		}
	}
	for _, odd := range []Winograd{{H: 28, W: 28, In: 1, Out: 32}, {H: 28, W: 28, In: 32, Out: 3}} {
		if got := ChooseWinograd(odd.H, odd.W, odd.In, odd.Out); got != 0 {
			t.Errorf("%d to %d channels: F%d, want the direct form", odd.In, odd.Out, got)
		}
	}
}

func TestChooseWinogradGrad(t *testing.T) {
	for size, want := range map[int]int{32: 4, 28: 4, 16: 4, 14: 2, 8: 2, 7: 2, 4: 0, 1: 0} {
		if got := ChooseWinogradGrad(size, size, 64, 64); got != want {
			t.Errorf("%d×%d: F%d, want F%d", size, size, got, want)
		}
	}
	if got := ChooseWinogradGrad(28, 28, 64, 3); got != 0 {
		t.Errorf("64 to 3 channels: F%d, want the direct form", got)
	}
}
