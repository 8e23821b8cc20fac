// Package tensor is shape and storage: a dense row-major array of float32 and
// an arena that plans the memory of a run once.
package tensor

import (
	"errors"
	"math"
	"strconv"
)

// Tensor is a dense row-major array: the last dimension of Shape is contiguous
// in Data, and len(Data) is the product of Shape.
type Tensor struct {
	Shape []int
	Data  []float32
}

// New returns a tensor of zeros. It panics if the shape is not one Elements
// accepts: shapes from outside are checked there first.
func New(shape ...int) *Tensor {
	n, err := Elements(shape)
	if err != nil {
		panic("tensor: New with an impossible shape")
	}
	return &Tensor{Shape: append([]int(nil), shape...), Data: make([]float32, n)}
}

// Elements returns the product of shape (1 for the empty shape, a scalar). It
// refuses negative dimensions and products that do not fit an int.
func Elements(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, errors.New("shape " + FormatShape(shape) + " has a negative dimension")
		}
	}
	for _, d := range shape {
		if d == 0 {
			return 0, nil
		}
	}
	for _, d := range shape {
		if n > math.MaxInt/d {
			return 0, errors.New("shape " + FormatShape(shape) + " has more elements than an integer can count")
		}
		n *= d
	}
	return n, nil
}

// FormatShape writes a shape as messages show it: [64,32,3,3].
func FormatShape(shape []int) string {
	b := []byte{'['}
	for i, d := range shape {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(d), 10)
	}
	return string(append(b, ']'))
}

// Arena hands out consecutive pieces of one allocation, so that memory is
// planned from a network's config and a run allocates nothing.
type Arena struct {
	buf  []float32
	used int
}

// NewArena returns an arena of n floats, all zero.
func NewArena(n int) *Arena {
	return &Arena{buf: make([]float32, n)}
}

// Alloc returns the next n floats, with whatever an earlier use left in them.
// It panics when the plan was too small: that is a fault of the planner.
func (a *Arena) Alloc(n int) []float32 {
	if n < 0 || n > len(a.buf)-a.used {
		panic("tensor: arena exhausted")
	}
	s := a.buf[a.used : a.used+n : a.used+n]
	a.used += n
	return s
}

// Reset takes every piece back; slices handed out earlier must not be used on.
func (a *Arena) Reset() { a.used = 0 }
