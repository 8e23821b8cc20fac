package fit

import (
	"math"
	"slices"
	"testing"
)

// paint makes a grey picture.
func paint(w, h int, at func(x, y int) float64) []byte {
	rgba := make([]byte, 0, 4*w*h)
	for y := range h {
		for x := range w {
			v := byte(math.Round(at(x, y)))
			rgba = append(rgba, v, v, v, 255)
		}
	}
	return rgba
}

// A picture of the model's own size is itself, in one channel and in three.
func TestSquareKeepsItsOwnSize(t *testing.T) {
	const side = 7
	rgba := paint(side, side, func(x, y int) float64 { return float64((x*37 + y*91) % 256) })
	for i := range rgba { // colours
		if i%4 == 1 {
			rgba[i] = byte(i)
		}
	}
	three := make([]float32, side*side*3)
	Square(three, side, 3, rgba, side, side)
	one := make([]float32, side*side)
	Square(one, side, 1, rgba, side, side)
	for i := range side * side {
		var luma float64
		for c, weight := range []float64{0.299, 0.587, 0.114} {
			v := float64(rgba[4*i+c])
			luma += weight * v
			if want := float32(v/127.5 - 1); math.Abs(float64(three[3*i+c]-want)) > 1e-6 {
				t.Fatalf("channel %d of pixel %d is %v, want %v", c, i, three[3*i+c], want)
			}
		}
		if want := luma/127.5 - 1; math.Abs(float64(one[i])-want) > 1e-6 {
			t.Fatalf("pixel %d is %v, want %v", i, one[i], want)
		}
	}
}

// A larger picture's middle square is averaged, also where pixels do not fall together;
// the mean of all stays.
func TestSquareAverages(t *testing.T) {
	const w, h, side = 31, 22, 9
	inside := func(x int) bool { return x >= 4 && x < 4+h } // the square, but for half a pixel on both sides
	rgba := paint(w, h, func(x, y int) float64 {
		if !inside(x) && x != 3 && x != 4+h {
			return 255 // must not be seen
		}
		return float64(x*3 + y)
	})
	got := make([]float32, side*side)
	Square(got, side, 1, rgba, w, h)
	var mean float64
	for y := range side {
		for x := range side {
			// The mean of a slope over a pixel's area is the slope at its middle.
			k := float64(h) / side
			want := 3*(4.5+(float64(x)+0.5)*k-0.5) + (float64(y)+0.5)*k - 0.5
			v := 127.5 * (float64(got[y*side+x]) + 1)
			mean += v / (side * side)
			if math.Abs(v-want) > 1 {
				t.Errorf("pixel %d, %d is %.2f, want %.2f", x, y, v, want)
			}
		}
	}
	if want := 3*15.0 + 10.5; math.Abs(mean-want) > 0.1 {
		t.Errorf("the mean is %.2f, want %.2f", mean, want)
	}
}

// A smaller picture is enlarged.
func TestSquareEnlarges(t *testing.T) {
	rgba := paint(2, 2, func(x, y int) float64 { return float64(255 * (x ^ y)) })
	got := make([]float32, 16)
	Square(got, 4, 1, rgba, 2, 2)
	want := []float32{-1, -1, 1, 1, -1, -1, 1, 1, 1, 1, -1, -1, 1, 1, -1, -1}
	for i := range got {
		if math.Abs(float64(got[i]-want[i])) > 1e-6 {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

// Wherever a digit stands, however large it is, and on whichever ground, it comes out
// the same: 20 pixels long, its centre of mass in the middle.
func TestDigitHasMNISTsPlaceAndSize(t *testing.T) {
	const side = 28
	var first []float32
	for _, c := range []struct{ left, top, size int }{{10, 12, 60}, {100, 40, 120}, {70, 70, 180}} {
		for _, dark := range []bool{false, true} {
			rgba := paint(280, 280, func(x, y int) float64 {
				u, v := float64(x-c.left)/float64(c.size), float64(y-c.top)/float64(c.size)
				// A "7" of bars: half as wide as it is tall.
				ink := v >= 0 && v < 1 && (u >= 0.4 && u < 0.5 || v < 0.1 && u >= 0 && u < 0.5)
				if ink != dark {
					return 230
				}
				return 20
			})
			got := make([]float32, side*side)
			if err := Digit(got, side, rgba, 280, 280); err != nil {
				t.Fatal(err)
			}
			var mass, mx, my float64
			top, bottom := side, 0
			for i, v := range got {
				ink := (float64(v) + 1) / 2
				mass += ink
				mx += ink * (float64(i%side) + 0.5)
				my += ink * (float64(i/side) + 0.5)
				if ink > 0.5 {
					top, bottom = min(top, i/side), max(bottom, i/side+1)
				}
			}
			if math.Abs(mx/mass-14) > 0.2 || math.Abs(my/mass-14) > 0.2 {
				t.Errorf("%+v, dark %v: the centre of mass is at %.2f, %.2f, want 14, 14", c, dark, mx/mass, my/mass)
			}
			if height := bottom - top; height < 19 || height > 21 {
				t.Errorf("%+v, dark %v: %d pixels tall, want 20", c, dark, height)
			}
			if first == nil {
				first = slices.Clone(got)
			}
			for i := range got {
				if math.Abs(float64(got[i]-first[i])) > 0.12 {
					t.Fatalf("%+v, dark %v: pixel %d is %v, elsewhere %v", c, dark, i, got[i], first[i])
				}
			}
		}
	}
}

func TestDigitRefusesAnEmptyPicture(t *testing.T) {
	for _, grey := range []float64{0, 128, 255} {
		rgba := paint(40, 30, func(x, y int) float64 { return max(0, grey-float64(x%3)) })
		if err := Digit(make([]float32, 64), 8, rgba, 40, 30); err != ErrEmpty {
			t.Errorf("grey %v: %v, want ErrEmpty", grey, err)
		}
	}
}
