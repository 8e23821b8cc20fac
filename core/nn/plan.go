package nn

import "github.com/ddpm-go/ddpm/core/kernel"

// Plan lays out the memory of a pass before it runs. The code that plans takes
// pieces in the order in which the pass will use them and releases them where
// their last use is; Allocate then makes one allocation as large as the most
// that was in use at once.
type Plan struct {
	// Keep makes Release do nothing: each piece stays its own, as the backward
	// pass needs, and borders once zero stay zero.
	Keep bool
	// Team shares out the work of what is planned; nil for nobody.
	Team *kernel.Team

	size   int
	free   []piece // by offset, never adjacent
	pieces []planned
}

type piece struct{ off, n int }

type planned struct {
	piece
	len      int // of *data; the piece may be longer
	data     *[]float32
	released bool
}

// Floats plans n floats for *data.
func (p *Plan) Floats(data *[]float32, n int) {
	p.pieces = append(p.pieces, planned{piece: p.take(n), len: n, data: data})
}

// Room is what a convolution works in, and with whom.
type Room struct {
	Floats []float32
	Team   *kernel.Team
}

// Room plans n floats, for *r.
func (p *Plan) Room(r *Room, n int) {
	r.Team = p.Team
	p.Floats(&r.Floats, n)
}

// Image plans an h×w×c image with a border of pad pixels for *m.
func (p *Plan) Image(m *Image, h, w, c, pad int) {
	*m = Image{H: h, W: w, C: c, Pad: pad, Pix: c, Row: (w + 2*pad) * c}
	p.Floats(&m.Data, (h+2*pad)*m.Row)
}

// Release says that the pieces planned for these are not used from here on.
func (p *Plan) Release(data ...*[]float32) {
	if p.Keep {
		return
	}
	for _, d := range data {
		p.release(d)
	}
}

func (p *Plan) release(data *[]float32) {
	for i := range p.pieces {
		if q := &p.pieces[i]; q.data == data && !q.released {
			q.released = true
			p.give(q.piece)
			return
		}
	}
	panic("nn: released what was not planned")
}

// take finds the smallest free piece that n fits in, or grows the plan.
func (p *Plan) take(n int) piece {
	n = (n + 15) &^ 15 // pieces begin on cache lines
	best := -1
	for i, f := range p.free {
		if f.n >= n && (best < 0 || f.n < p.free[best].n) {
			best = i
		}
	}
	if best < 0 {
		off := p.size
		if k := len(p.free); k > 0 && p.free[k-1].off+p.free[k-1].n == p.size {
			off = p.free[k-1].off // extend the free piece at the end
			p.free = p.free[:k-1]
		}
		p.size = off + n
		return piece{off, n}
	}
	f := p.free[best]
	if f.n == n {
		p.free = append(p.free[:best], p.free[best+1:]...)
	} else {
		p.free[best] = piece{f.off + n, f.n - n}
	}
	return piece{f.off, n}
}

func (p *Plan) give(f piece) {
	if f.n == 0 {
		return
	}
	i := 0
	for i < len(p.free) && p.free[i].off < f.off {
		i++
	}
	p.free = append(p.free, piece{})
	copy(p.free[i+1:], p.free[i:])
	p.free[i] = f
	for j := max(i-1, 0); j+1 < len(p.free) && j <= i; {
		if a, b := p.free[j], p.free[j+1]; a.off+a.n == b.off {
			p.free[j].n += b.n
			p.free = append(p.free[:j+1], p.free[j+2:]...)
		} else {
			j++
		}
	}
}

// Size is the number of floats planned so far.
func (p *Plan) Size() int { return p.size }

// Allocate makes the memory, all zero, and gives every piece its part of it.
func (p *Plan) Allocate() {
	memory := make([]float32, p.size)
	for _, q := range p.pieces {
		*q.data = memory[q.off : q.off+q.len : q.off+q.len]
	}
}
