package nn

import (
	"slices"
	"testing"
)

// TestLayouts puts every number where the definition says, and back, over numbers
// of outputs that fill the lanes and that do not.
func TestLayouts(t *testing.T) {
	for _, shape := range [][]int{{1, 1, 3, 3}, {8, 3, 3, 3}, {19, 5, 3, 3}, {24, 7}, {3, 16, 1, 1}} {
		p := Param{Shape: shape, outLast: true}
		torch, own, back := make([]float32, p.Len()), make([]float32, p.Len()), make([]float32, p.Len())
		for i := range torch {
			torch[i] = float32(i + 1)
		}
		out, in, rest := p.dims()
		fromTorch(own, torch, out, in, rest)
		for o := range out {
			for i := range in {
				for r := range rest {
					if got, want := own[(r*in+i)*out+o], torch[(o*in+i)*rest+r]; got != want {
						t.Fatalf("%v: place %d from %d to %d is %v, want %v", shape, r, i, o, got, want)
					}
				}
			}
		}
		if p.toTorch(back, own); !slices.Equal(back, torch) {
			t.Errorf("%v: there and back is %v", shape, back)
		}
	}
}
