package nn

import (
	"math/rand/v2"
	"testing"
	"unsafe"
)

// TestPlan takes and releases at random: pieces in use at the same time must not
// overlap, and memory must not grow beyond what a plan without reuse needs.
func TestPlan(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 0))
		var p Plan
		const n = 60
		data := make([][]float32, n)
		sizes := make([]int, n)
		last := make([]int, n) // the moment of release
		var live []int
		var taken int
		for i := range n {
			sizes[i], last[i] = r.IntN(100), n
			taken += (sizes[i] + 15) &^ 15
			p.Floats(&data[i], sizes[i])
			live = append(live, i)
			for len(live) > 0 && r.IntN(5) < 2 {
				k := r.IntN(len(live))
				p.Release(&data[live[k]])
				last[live[k]] = i
				live = append(live[:k], live[k+1:]...)
			}
		}
		if p.Size() >= taken {
			t.Errorf("seed %d: a plan of %d floats for %d, nothing was used again", seed, p.Size(), taken)
		}
		p.Allocate()
		place := func(i int) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(data[i]))) }
		for i := range n {
			if len(data[i]) != sizes[i] || cap(data[i]) != sizes[i] {
				t.Fatalf("seed %d: piece %d has %d floats, want %d", seed, i, len(data[i]), sizes[i])
			}
			for j := range i {
				if last[j] < i || sizes[i] == 0 || sizes[j] == 0 {
					continue
				}
				a, b := place(i), place(j)
				if a < b+4*uintptr(sizes[j]) && b < a+4*uintptr(sizes[i]) {
					t.Errorf("seed %d: pieces %d and %d overlap", seed, j, i)
				}
			}
		}
	}
}

func TestPlanKeep(t *testing.T) {
	p := Plan{Keep: true}
	var a, b []float32
	p.Floats(&a, 16)
	p.Release(&a)
	p.Floats(&b, 16)
	p.Allocate()
	if p.Size() != 32 || &a[0] == &b[0] {
		t.Error("a plan that keeps used a piece again")
	}
	defer func() {
		if recover() == nil {
			t.Error("releasing what was not planned does not panic")
		}
	}()
	p.Keep = false
	p.Release(new([]float32))
}

// TestInferenceKeepsNoAdjoints: the weights that only backward passes read take
// no memory until Train.
func TestInferenceKeepsNoAdjoints(t *testing.T) {
	w := &Weights{}
	c := w.Conv("c", 3, 28, 8, 16, Linear)
	w.Allocate()
	w.Init(1)
	if c.flipped != nil {
		t.Error("flipped weights without Train")
	}
	w.Train()
	if c.flipped == nil {
		t.Error("no flipped weights after Train")
	}
}

func TestImage(t *testing.T) {
	m := image(3, 4, 2, 1)
	fill(m.Data, 7)
	src := make([]float32, 3*4*2)
	for i := range src {
		src[i] = float32(i)
	}
	Copy(m, Plain(src, 3, 4, 2))
	m.ClearBorder()
	for y := -1; y <= 3; y++ {
		for x := -1; x <= 4; x++ {
			for c := range 2 {
				want := float32(0)
				if y >= 0 && y < 3 && x >= 0 && x < 4 {
					want = float32((y*4+x)*2 + c)
				}
				if got := m.Data[(y+1)*m.Row+(x+1)*m.Pix+c]; got != want {
					t.Errorf("pixel %d,%d channel %d is %g, want %g", y, x, c, got, want)
				}
			}
		}
	}
}
