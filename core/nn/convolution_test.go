package nn

import "testing"

func TestConvolutionText(t *testing.T) {
	for _, way := range []Convolution{Auto, Direct, Winograd2, Winograd4} {
		text, err := way.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		got := Convolution(-1)
		if err := got.UnmarshalText(text); err != nil || got != way {
			t.Errorf("%s is read as %d, %v", text, got, err)
		}
	}
	var way Convolution
	if err := way.UnmarshalText([]byte("winograd3")); err == nil {
		t.Error("there is no winograd3")
	}
}

// TestSetConvolution: weights take the room that the forced way needs, and the
// layers that Winograd cannot do stay as they are.
func TestSetConvolution(t *testing.T) {
	for way, places := range map[Convolution]int{Direct: 9, Winograd2: 16, Winograd4: 36} {
		w := &Weights{}
		full, odd, one := w.Conv("full", 3, 28, 8, 16, Linear), w.Conv("odd", 3, 28, 1, 8, Linear), w.Conv("one", 1, 28, 8, 8, Linear)
		w.SetConvolution(way)
		w.Allocate()
		w.Train()
		if got, want := len(full.packed), places*8*16; got != want || len(full.flipped) != want {
			t.Errorf("%s: weights of %d and %d elements, want %d", way, got, len(full.flipped), want)
		}
		if len(odd.packed) != 9*8 || len(one.packed) != 8*8 {
			t.Errorf("%s: the layers without Winograd have %d and %d elements", way, len(odd.packed), len(one.packed))
		}
	}
}
