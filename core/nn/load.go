package nn

// Load takes every parameter from read, which writes it to dst in PyTorch's layout,
// and keeps no more of it than forward passes read: of a matrix or a kernel the
// packed form alone. It stands in for Allocate; there is no Flat then, and no
// training. The first error of read ends it.
func (w *Weights) Load(read func(p Param, dst []float32) error) error {
	l := loader{read: read, params: make(map[int]Param, len(w.params))}
	for _, p := range w.params {
		l.params[p.Offset] = p
	}
	for _, layer := range w.layers {
		layer.load(&l)
	}
	return l.err
}

// loader reads parameters for layers. After an error it gives out zeros.
type loader struct {
	read        func(p Param, dst []float32) error
	params      map[int]Param // by offset
	raw, native []float32     // of a matrix
	err         error
}

// vector returns a parameter that lies as in PyTorch, to keep.
func (l *loader) vector(s span) []float32 {
	v := make([]float32, s.n)
	l.take(s, v)
	return v
}

// matrix returns a matrix or a kernel, [kh][kw][in][out], valid until the next.
func (l *loader) matrix(s span) []float32 {
	if cap(l.raw) < s.n {
		l.raw, l.native = make([]float32, s.n), make([]float32, s.n)
	}
	raw, native := l.raw[:s.n], l.native[:s.n]
	l.take(s, raw)
	l.params[s.off].fromTorch(native, raw)
	return native
}

func (l *loader) take(s span, dst []float32) {
	if l.err == nil {
		l.err = l.read(l.params[s.off], dst)
	}
}
