package evaluate

import (
	"math"
	"math/rand/v2"
	"testing"
)

func randomVectors(n, d int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	x := make([]float32, n*d)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// TestEachDistance compares with the definition, over sizes that fill blocks and
// that do not.
func TestEachDistance(t *testing.T) {
	for _, c := range []struct{ queries, points, d, workers int }{
		{1, 1, 3, 1}, {64, 512, 8, 2}, {130, 1100, 13, 3}, {7, 513, 64, 2},
	} {
		q, p := newVectors(randomVectors(c.queries, c.d, 1), c.d), newVectors(randomVectors(c.points, c.d, 2), c.d)
		got := make([][]float32, c.queries)
		told := 0
		err := eachDistance(t.Context(), q, p, c.workers, func(query, first int, row []float32) {
			if first != len(got[query]) {
				t.Errorf("query %d: points from %d, want %d", query, first, len(got[query]))
			}
			got[query] = append(got[query], row...)
		}, func(n int) { told += n })
		if err != nil || told != c.queries {
			t.Fatalf("%+v: told of %d; %v", c, told, err)
		}
		for i := range c.queries {
			if len(got[i]) != c.points {
				t.Fatalf("%+v: %d distances", c, len(got[i]))
			}
			for j, d := range got[i] {
				var want float64
				for k, x := range q.at(i) {
					want += float64(x-p.at(j)[k]) * float64(x-p.at(j)[k])
				}
				if math.Abs(float64(d)-want) > 1e-4*float64(c.d) {
					t.Fatalf("%+v: distance %d, %d is %v, want %v", c, i, j, d, want)
				}
			}
		}
	}
}

// TestManifold has sets on a line whose balls are known: three neighbours of
// 0, 1, 2, … lie within 2 at the inside and 3 at the ends.
func TestManifold(t *testing.T) {
	line := func(n int, from, step float32) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = from + step*float32(i)
		}
		return x
	}
	real := line(50, 0, 1)
	radii, err := radii(t.Context(), newVectors(real, 1), 2)
	if err != nil || radii[0] != 9 || radii[1] != 4 || radii[25] != 4 {
		t.Fatalf("squared radii %v, %v", radii, err)
	}
	for name, c := range map[string]struct {
		samples           []float32
		precision, recall float64
	}{
		"the set itself": {real, 1, 1},
		"far away":       {line(50, 1000, 1), 0, 0},
		"half of it":     {append(line(25, 0, 1), line(25, 500, 1)...), 0.5, 0.56}, // the ball around 24 reaches 27
		"a single place": {line(50, 25, 0), 1, 0.02},
	} {
		var m Manifold
		if err := m.measure(t.Context(), c.samples, real, real, 1, 2); err != nil {
			t.Fatal(err)
		}
		if m.Of != 50 || math.Abs(m.Precision-c.precision) > 1e-9 || math.Abs(m.Recall-c.recall) > 1e-9 || m.TestPrecision != 1 || m.TestRecall != 1 {
			t.Errorf("%s: %+v, want %v and %v", name, m, c.precision, c.recall)
		}
	}
}

// TestFindNearest finds copies, and copies that were changed a little.
func TestFindNearest(t *testing.T) {
	const size, n = 36, 700
	r := rand.New(rand.NewPCG(5, 6))
	training := make([]byte, n*size)
	for i := range training {
		training[i] = byte(r.IntN(256))
	}
	var images []byte
	from := []int{0, 699, 512, 77}
	for _, i := range from {
		images = append(images, training[i*size:(i+1)*size]...)
	}
	if v := &images[3*size]; *v < 128 { // one pixel of the last
		*v += 12
	} else {
		*v -= 12
	}
	near, err := FindNearest(t.Context(), images, training, size, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, i := range from {
		if near[k].Index != i || k < 3 && near[k].Distance != 0 {
			t.Errorf("image %d: %+v, want training image %d", k, near[k], i)
		}
	}
	if want := 12.0 / 6; math.Abs(near[3].Distance-want) > 1e-9 {
		t.Errorf("one pixel of 36 is off by 12: %v, want %v", near[3].Distance, want)
	}
	m := newMemory(near, []Nearest{{Distance: 1}, {Distance: 50}})
	if m.Closer != 0.75 || m.Samples.Least != 0 || m.Test.Median != 50 {
		t.Errorf("%+v", m)
	}
}

// TestDamages: blur by hand, and noise of the size that it says.
func TestDamages(t *testing.T) {
	soft := blurred([]byte{90, 0, 0, 0, 0, 0, 0, 0, 180}, 3, 3, 1)
	for i, want := range []byte{23, 15, 0, 15, 30, 30, 0, 30, 45} {
		if soft[i] != want {
			t.Errorf("pixel %d is %d, want %d", i, soft[i], want)
		}
	}
	grey := make([]byte, 1<<17)
	for i := range grey {
		grey[i] = 128
	}
	var square float64
	for _, v := range withNoise(grey) {
		square += (float64(v) - 128) * (float64(v) - 128) / float64(len(grey))
	}
	// Rounding to bytes adds a twelfth.
	if got, want := math.Sqrt(square-1.0/12), 127.5*0.05; math.Abs(got-want) > 0.05 {
		t.Errorf("noise of standard deviation %v bytes, want %v", got, want)
	}
}
