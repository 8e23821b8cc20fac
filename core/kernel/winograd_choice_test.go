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
	for _, c := range []struct{ size, images, want int }{
		{32, 1, 4}, {28, 1, 4}, {16, 1, 4}, {14, 1, 2}, {8, 1, 2}, {7, 1, 2}, {4, 1, 0}, {1, 1, 0},
		{14, 4, 4}, {7, 8, 4}, {4, 4, 2},
	} {
		if got := ChooseWinogradGrad(c.size, c.size, 64, 64, c.images); got != c.want {
			t.Errorf("%d of %d×%d: F%d, want F%d", c.images, c.size, c.size, got, c.want)
		}
	}
	if got := ChooseWinogradGrad(28, 28, 64, 3, 1); got != 0 {
		t.Errorf("64 to 3 channels: F%d, want the direct form", got)
	}
}
