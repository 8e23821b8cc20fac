//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import (
	"math"
	"testing"
)

// TestBoxMullerBlocks: the vector form gives boxMuller's bits for every pair of
// hard words, which no counter at hand would bring.
func TestBoxMullerBlocks(t *testing.T) {
	if !vector() {
		t.Skip("no vectors here")
	}
	var words []uint32
	for _, radius := range hardWords {
		for _, angle := range hardWords {
			words = append(words, radius, angle)
		}
	}
	for len(words)%(4*philoxLanes) != 0 {
		words = append(words, 12345)
	}
	blocks := make([][4]uint32, len(words)/4)
	for i := range words {
		blocks[i/4][i%4] = words[i]
	}
	boxMullerBlocks(blocks)
	for i := 0; i < len(words); i += 2 {
		x, y := boxMuller(words[i], words[i+1])
		b := &blocks[i/4]
		if b[i%4] != math.Float32bits(x) || b[i%4+1] != math.Float32bits(y) {
			t.Errorf("words %#x, %#x: got %v, %v, want %v, %v", words[i], words[i+1],
				math.Float32frombits(b[i%4]), math.Float32frombits(b[i%4+1]), x, y)
		}
	}
}
