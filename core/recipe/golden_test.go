package recipe

import (
	"encoding/hex"
	"testing"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// The pictures of two recipes, as first drawn by the plain loops. Noise is the
// same bits everywhere; the network's sums are not, so a platform may be one
// level off.
var golden = []struct{ text, pictures string }{
	{"count=2&steps=4&classes=0,none&guidance=1.5&seed=3",
		"c9bf994613601c3991687cb5ffff9e5d739c462fc7fe4ea7969f625d7bd719deffd7a3c06fff63dcadfc9f5a4ea92ebbffbdff80d3728198ff00beffd534733bff546dc48a85ffbda2004ec3b95a8eff7bb1b42685c0804a61ffad30a255ff6cc4a44795ff60e37ff49e3dcf84c1e0ba3f5365a30013204bb71182e800bed273"},
	{"count=2&steps=5&sampler=ddpm&spacing=quadratic&classes=2&seed=18446744073709551615",
		"f9b3af78ffa98f9b92fff5c3c1d23d3a1865ae2dc6beb2a5cf7168c69876963df9b95a4f4a3dbc886736ae9177f8ef7b94880f3666d7f647bbff958d979b54a4b0e0c7df6856ffe334ff946c1f80b586d0ff5bba38c4c9925bf5f6d0c5d2d1b3cf8ae7b688ff4c8627f7478a5a9e78ab00ac85d26701b2c89fa8808ffdb6ba50"},
}

func TestGoldenPictures(t *testing.T) {
	m := opened(t, saved(t, small, card(), checkpoint.F32))
	for _, c := range golden {
		x := finish(t, m, c.text, Part{})
		got := make([]byte, len(x))
		tensor.Bytes(got, x)
		want, err := hex.DecodeString(c.pictures)
		if err != nil {
			t.Fatal(err)
		}
		if len(want) != len(got) {
			t.Fatalf("%s: %d pixels are\n%x", c.text, len(got), got)
		}
		for i := range want {
			if d := int(got[i]) - int(want[i]); d < -1 || d > 1 {
				t.Errorf("%s: pixel %d is %d, want %d", c.text, i, got[i], want[i])
			}
		}
	}
}
