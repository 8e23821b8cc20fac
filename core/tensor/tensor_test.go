package tensor

import (
	"math"
	"strings"
	"testing"
)

func TestElements(t *testing.T) {
	for _, c := range []struct {
		shape []int
		want  int
		err   string
	}{
		{nil, 1, ""},
		{[]int{7}, 7, ""},
		{[]int{2, 3, 4}, 24, ""},
		{[]int{2, 0, 4}, 0, ""},
		{[]int{math.MaxInt, 0}, 0, ""},
		{[]int{math.MaxInt, 1}, math.MaxInt, ""},
		{[]int{2, -1}, 0, "[2,-1] has a negative dimension"},
		{[]int{0, -1}, 0, "negative dimension"},
		{[]int{math.MaxInt/2 + 1, 2}, 0, "more elements than an integer can count"},
		{[]int{1 << 32, 1 << 32}, 0, "more elements than an integer can count"},
	} {
		got, err := Elements(c.shape)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("Elements(%v): error %v, want one with %q", c.shape, err, c.err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("Elements(%v) = %d, %v; want %d", c.shape, got, err, c.want)
		}
	}
}

func TestNew(t *testing.T) {
	shape := []int{2, 3}
	x := New(shape...)
	if len(x.Data) != 6 {
		t.Fatalf("%d elements, want 6", len(x.Data))
	}
	shape[0] = 9
	if x.Shape[0] != 2 {
		t.Error("New keeps the caller's slice as its shape")
	}
	mustPanic(t, "tensor: New with an impossible shape", func() { New(-1) })
}

func TestArena(t *testing.T) {
	a := NewArena(10)
	x, y := a.Alloc(4), a.Alloc(6)
	x = append(x, 1)
	if y[0] != 0 {
		t.Error("appending to one piece wrote into the next")
	}
	mustPanic(t, "tensor: arena exhausted", func() { a.Alloc(1) })
	mustPanic(t, "tensor: arena exhausted", func() { a.Alloc(-1) })
	a.Reset()
	if z := a.Alloc(10); &z[4] != &y[0] {
		t.Error("Reset does not hand out the same memory again")
	}
}

func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		if got := recover(); got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	f()
}
