package main

import (
	"slices"
	"testing"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// What the forward process gives in the module is what it gives natively: noise
// to the bit, and bytes that are at most one apart.
func TestNoiseIsTheCores(t *testing.T) {
	const width, height, T = 33, 20, 1000
	rgba := make([]byte, 4*width*height)
	for i := range rgba {
		rgba[i] = byte(i * 31)
	}
	rgb := make([]byte, 0, 3*width*height)
	for i := 0; i < len(rgba); i += 4 {
		rgb = append(rgb, rgba[i:i+3]...)
	}
	x0, eps, xt := make([]float32, len(rgb)), make([]float32, len(rgb)), make([]float32, len(rgb))
	tensor.FromBytes(x0, rgb)
	bytes := make([]byte, len(rgb))

	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustWith("SetPicture", rgba, width, height)
		for _, c := range []struct {
			schedule string
			t        int
			seed     uint64
		}{{"linear", 0, 7}, {"linear", 1, 7}, {"cosine", 500, 7}, {"linear", 500, 7}, {"cosine", 1000, 1<<63 + 5}, {"cosine", 3, 0}, {"logsnr:9,0,-9", 250, 7}, {"logsnr:9,2,-9", 250, 7}} {
			e.mustWith("Noise", []byte(c.schedule), T, uint64(c.t), c.seed)
			picture := e.reply()

			s, err := schedule.New(c.schedule, T)
			if err != nil {
				t.Fatal(err)
			}
			recipe.PictureNoise(eps, c.seed)
			diffusion.QSample(xt, x0, eps, s, c.t)
			tensor.Bytes(bytes, xt)

			for which, want := range [][]float32{x0, eps, xt} {
				e.must("PictureValues", uint64(which))
				if got := e.floats(); !slices.Equal(got, want) {
					t.Errorf("%+v: values %d differ from the core's", c, which)
				}
			}
			for i, want := range bytes {
				if got := picture[i/3*4+i%3]; got != want {
					t.Fatalf("%+v: byte %d is %d, want %d", c, i, got, want)
				}
			}
			for i := 3; i < len(picture); i += 4 {
				if picture[i] != 255 {
					t.Fatalf("%+v: pixel %d is not opaque", c, i/4)
				}
			}
		}
	})
}

func TestPictureCanChange(t *testing.T) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		for _, side := range []uint64{4, 9, 4} {
			rgba := make([]byte, 4*side*side)
			for i := range rgba {
				rgba[i] = byte(side)
			}
			e.mustWith("SetPicture", rgba, side, side)
			e.mustWith("Noise", []byte("linear"), 1000, 0, 1)
			if got := e.reply(); len(got) != len(rgba) || got[0] != byte(side) || got[len(got)-2] != byte(side) {
				t.Errorf("at t = 0 the picture of side %d is not itself", side)
			}
		}
	})
}

// Moving the slider, drawing the noise again and asking for values take no more
// memory however long it goes on.
func TestNoisingDoesNotGrowMemory(t *testing.T) {
	const side = 128
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.mustWith("SetPicture", make([]byte, 4*side*side), side, side)
		noise := func(i int) {
			for _, name := range []string{"linear", "cosine"} {
				e.mustWith("Noise", []byte(name), 1000, uint64(i), uint64(i/10))
			}
			e.must("PictureValues", 2)
		}
		for i := range 3 {
			noise(i)
		}
		before := e.module.Memory().Size()
		for i := range 60 {
			noise(i)
		}
		if after := e.module.Memory().Size(); after != before {
			t.Errorf("memory grew from %d to %d bytes in 60 positions of the slider", before, after)
		}
	})
}

func TestPictureRefuses(t *testing.T) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		e.refused("noise before a picture", "no picture", e.with("Noise", []byte("linear"), 1000, 1, 1))
		e.refused("values before a picture", "no picture", e.call("PictureValues", 0))
		e.refused("a picture of no width", "0×3", e.with("SetPicture", nil, 0, 3))
		e.refused("a picture whose area overflows", "pixels", e.with("SetPicture", nil, 1<<16, 1<<16))
		e.refused("a picture cut short", "15 bytes", e.with("SetPicture", make([]byte, 15), 2, 2))
		e.mustWith("SetPicture", make([]byte, 16), 2, 2)
		e.refused("values before noise", "noised", e.call("PictureValues", 2))
		e.refused("t above T", "0 to 50", e.with("Noise", []byte("linear"), 50, 51, 1))
		e.refused("an unknown schedule", "linear, cosine, sigmoid", e.with("Noise", []byte("sine"), 50, 5, 1))
		e.mustWith("Noise", []byte("linear"), 50, 50, 1)
	})
}

// A picture takes the room of those before it, whatever their sizes.
func TestPicturesDoNotGrowMemory(t *testing.T) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		set := func(times int) uint32 {
			for i := range times {
				side := uint64(400 + 10*(i%2))
				e.mustWith("SetPicture", make([]byte, 4*side*side), side, side)
			}
			return e.module.Memory().Size()
		}
		// What is left in pieces between them is less than a picture, of 32 bytes a pixel.
		if before, after := set(6), set(24); after >= before+32*400*400 {
			t.Errorf("memory grew from %d to %d bytes", before, after)
		}
	})
}
