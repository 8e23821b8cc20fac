package tensor

import (
	"math"
	"testing"
)

func TestBytesRoundTrip(t *testing.T) {
	src := make([]byte, 256)
	for i := range src {
		src[i] = byte(i)
	}
	x := make([]float32, 256)
	FromBytes(x, src)
	if x[0] != -1 || x[255] != 1 {
		t.Errorf("0 and 255 become %v and %v", x[0], x[255])
	}
	back := make([]byte, 256)
	Bytes(back, x)
	for i, b := range back {
		if b != byte(i) {
			t.Errorf("%d comes back as %d", i, b)
		}
	}
}

func TestBytesRoundsAndClamps(t *testing.T) {
	step := float32(1) / 127.5
	src := []float32{-2, 2, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), -1 + 0.49*step, -1 + 0.51*step, 1 - 0.51*step, 1 - 0.49*step}
	want := []byte{0, 255, 255, 0, 0, 0, 1, 254, 255}
	got := make([]byte, len(src))
	Bytes(got, src)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v becomes %d, want %d", src[i], got[i], want[i])
		}
	}
}
