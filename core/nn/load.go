package nn

import (
	"cmp"
	"slices"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// Load takes every parameter from read, which writes rows of it, those from first on
// that fill dst, in PyTorch's layout, and keeps no more of it than forward passes
// read: of a matrix or a kernel the packed form alone, made panel by panel. It stands
// in for Allocate; there is no Flat then, and no training. Layers take their turns as
// their parameters stand in the file, which may be still on its way: at says where.
// The first error of read ends it.
func (w *Weights) Load(read func(p Param, first int, dst []float32) error, at func(Param) int64) error {
	l := loader{read: read, params: make(map[int]Param, len(w.params))}
	for _, p := range w.params {
		l.params[p.Offset] = p
	}
	place := func(of layer) int64 { return at(l.params[of.largest().off]) }
	layers := slices.Clone(w.layers)
	slices.SortStableFunc(layers, func(a, b layer) int { return cmp.Compare(place(a), place(b)) })
	for _, layer := range layers {
		layer.load(&l)
	}
	return l.err
}

// loader reads parameters for layers. After an error it gives out zeros.
type loader struct {
	read        func(p Param, first int, dst []float32) error
	params      map[int]Param // by offset
	raw, native []float32     // of a panel
	err         error
}

// vector returns a parameter that lies as in PyTorch, to keep.
func (l *loader) vector(s span) []float32 {
	v := make([]float32, s.n)
	l.take(l.params[s.off], 0, v)
	return v
}

// panels gives a matrix or a kernel panel by panel (kernel.Panels), as
// [kh][kw][in][n], each valid until the next.
func (l *loader) panels(s span, give func(first, n int, w []float32)) {
	p := l.params[s.off]
	out, in, rest := p.dims()
	for first, n := range kernel.Panels(out) {
		if size := n * in * rest; cap(l.raw) < size {
			l.raw, l.native = make([]float32, size), make([]float32, size)
		}
		raw, native := l.raw[:n*in*rest], l.native[:n*in*rest]
		l.take(p, first, raw)
		fromTorch(native, raw, n, in, rest)
		give(first, n, native)
	}
}

func (l *loader) take(p Param, first int, dst []float32) {
	if l.err == nil {
		l.err = l.read(p, first, dst)
	}
}
