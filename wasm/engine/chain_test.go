package main

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// walk goes to x_t by at most `most` steps a call.
func (e *instance) walk(name string, T, t int, seed uint64, most int) {
	e.t.Helper()
	for e.mustWith("WalkChain", []byte(name), uint64(T), uint64(t), seed, uint64(most)) > 0 {
	}
}

// The walk in the module, its picture, the jump's and the numbers of both are what
// they are natively, wherever it came from.
func TestChainIsTheCores(t *testing.T) {
	const width, height, T = 21, 8, 1000
	rgba := make([]byte, 4*width*height)
	for i := range rgba {
		rgba[i] = byte(i * 31)
	}
	rgb := make([]byte, 0, 3*width*height)
	for i := 0; i < len(rgba); i += 4 {
		rgb = append(rgb, rgba[i:i+3]...)
	}
	x0, eps, jump := make([]float32, len(rgb)), make([]float32, len(rgb)), make([]float32, len(rgb))
	tensor.FromBytes(x0, rgb)
	bytes := make([]byte, len(rgb))
	mean0, variance0 := diffusion.Moments(x0)

	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustWith("SetChain", rgba, width, height)
		for _, c := range []struct {
			schedule string
			t        int
			seed     uint64
		}{{"linear", 0, 7}, {"linear", 333, 7}, {"linear", 120, 7}, {"cosine", 120, 7}, {"cosine", 121, 1<<63 + 5}, {"logsnr:9,0,-9", 1000, 1}, {"logsnr:9,3,-9", 1000, 1}} {
			e.walk(c.schedule, T, c.t, c.seed, 100)
			s, err := schedule.New(c.schedule, T)
			if err != nil {
				t.Fatal(err)
			}
			chain := diffusion.NewChain(x0, s, c.seed)
			chain.Walk(c.t, T)
			_, walked := chain.At()
			recipe.PictureNoise(eps, c.seed)
			diffusion.QSample(jump, x0, eps, s, c.t)

			e.must("ChainNumbers")
			numbers := e.doubles()
			mean, variance := diffusion.QMoments(mean0, variance0, s, c.t)
			want := []float64{float64(c.t), mean, variance, 1 - s.AlphaBar[c.t]}
			histograms := make([]float64, 3*64)
			for i, x := range [][]float32{walked, jump} {
				mean, variance := diffusion.Moments(x)
				want = append(want, mean, variance, diffusion.NoiseVariance(x0, x, s, c.t))
				diffusion.Histogram(histograms[64*i:][:64], x, -4, 4)
			}
			diffusion.NormalHistogram(histograms[128:], -4, 4)
			want = append(want, histograms...)
			same := func(a, b float64) bool { return math.Abs(a-b) < 1e-12 } // math.Exp may differ in the last bit
			if !slices.EqualFunc(numbers, want, same) {
				t.Errorf("%+v: the numbers are %v, want %v", c, numbers[:10], want[:10])
			}
			for which, x := range [][]float32{walked, jump} {
				e.must("ChainBytes", uint64(which))
				picture := e.reply()
				tensor.Bytes(bytes, x)
				for i, want := range bytes {
					if got := picture[i/3*4+i%3]; got != want {
						t.Fatalf("%+v: byte %d of picture %d is %d, want %d", c, i, which, got, want)
					}
				}
			}
		}
	})
}

// A walk is done in as small parts as the caller wants.
func TestWalkStopsAndGoesOn(t *testing.T) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustWith("SetChain", make([]byte, 4*9), 3, 3)
		for _, want := range []int32{60, 20, 0, 0} {
			if left := e.mustWith("WalkChain", []byte("linear"), 1000, 100, 1, 40); left != want {
				t.Errorf("%d steps are left, want %d", left, want)
			}
		}
		e.must("ChainNumbers")
		if at := e.doubles()[0]; at != 100 {
			t.Errorf("the walk stands at %v, want 100", at)
		}
	})
}

// Bending a schedule and walking back and forth take no more memory however long
// it goes on.
func TestWalkingDoesNotGrowMemory(t *testing.T) {
	const side = 64
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.full = 8 << 20 // less than the page's, to see what is collected
		e.mustWith("SetPicture", make([]byte, 4*side*side), side, side)
		e.mustWith("SetChain", make([]byte, 4*side*side), side, side)
		bend := func(i int) {
			name := "logsnr:9," + strconv.Itoa(i%8) + ",-9"
			e.walk(name, 1000, 100+i%50, uint64(i/10), 40)
			e.mustWith("Noise", []byte(name), 1000, uint64(i), 1)
			e.must("ChainBytes", 0)
			e.must("ChainNumbers")
		}
		for i := range 80 {
			bend(i)
		}
		before := e.module.Memory().Size()
		for i := range 160 {
			bend(i)
		}
		// Crumbs are less than 2 KB a bend; one picture kept of each would be 48.
		if after := e.module.Memory().Size(); after > before+(256<<10) {
			t.Errorf("memory grew from %d to %d bytes in 160 bends", before, after)
		}
	})
}

func TestChainRefuses(t *testing.T) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.refused("a walk before a picture", "no chain", e.with("WalkChain", []byte("linear"), 1000, 1, 1, 1))
		e.refused("a picture cut short", "15 bytes", e.with("SetChain", make([]byte, 15), 2, 2))
		e.mustWith("SetChain", make([]byte, 16), 2, 2)
		e.refused("numbers before a walk", "walked", e.call("ChainNumbers"))
		e.refused("a picture before a walk", "walked", e.call("ChainBytes", 0))
		e.refused("t above T", "0 to 50", e.with("WalkChain", []byte("linear"), 50, 51, 1, 1))
		e.refused("an unknown schedule", "linear, cosine, sigmoid", e.with("WalkChain", []byte("sine"), 50, 5, 1, 1))
		e.refused("a schedule without a name", "linear, cosine, sigmoid", e.with("WalkChain", nil, 50, 5, 1, 1))
		e.mustWith("WalkChain", []byte("linear"), 50, 50, 1, 1)
	})
}
