package kernel

// winogradStrip is the work on some rows of squares, and where it is done.
type winogradStrip struct {
	g                     Winograd
	out, in, packed, bias []float32
	y, rows               int // of squares
	squares, products     planes
	held                  []float32 // heldFloats for each hand
	accumulate            bool
}

// planes are the transformed squares of an image, place by place.
type planes struct {
	data  []float32
	apart int
}

func (p planes) at(place int) []float32 { return p.data[place*p.apart:][:p.apart-planeGap] }

// from is the planes without their first n elements.
func (p planes) from(n int) planes { return planes{p.data[n:], p.apart} }

// input transforms the squares in rows from … to−1 of the strip.
func (s *winogradStrip) input(from, to, hand int) {
	g := s.g
	g.transformInput(s.squares.from(from*g.across()*g.In), s.in, s.heldBy(hand), s.y+from, to-from)
}

// multiply computes the products at the places from … to−1.
func (s *winogradStrip) multiply(from, to int) {
	g := s.g
	plane := PackedLen(g.In, g.Out)
	product := Conv{H: 1, W: s.rows * g.across(), R: 1, K: g.In, Out: g.Out, InPix: g.In, OutPix: g.Out}
	for p := from; p < to; p++ {
		product.Forward(s.products.at(p), s.squares.at(p), s.packed[p*plane:][:plane], nil)
	}
}

// output transforms the products of the squares in rows from … to−1 of the strip.
func (s *winogradStrip) output(from, to, hand int) {
	g := s.g
	g.transformOutput(s.out, s.products.from(from*g.across()*g.Out), s.bias, s.heldBy(hand), s.y+from, to-from, s.accumulate)
}

func (s *winogradStrip) heldBy(hand int) []float32 {
	n := s.g.heldFloats()
	return s.held[hand*n:][:n]
}

// shareOut does the strip in three tasks: every product reads all squares of its
// place, and every square all products.
func (s *winogradStrip) shareOut(team *Team) {
	t := &team.winograd
	t.winogradStrip = *s
	t.cut(team, stageInput, s.rows)
	t.cut(team, stageMultiply, s.g.places())
	t.cut(team, stageOutput, s.rows)
}

// winogradTask is one stage of a strip.
type winogradTask struct {
	winogradStrip
	stage, n, parts int
}

const (
	stageInput = iota
	stageMultiply
	stageOutput
)

func (t *winogradTask) cut(team *Team, stage, n int) {
	t.stage, t.n, t.parts = stage, n, team.parts(n, 1)
	team.share(t.parts, t)
}

func (t *winogradTask) part(hand, i int) {
	from, to := cut(t.n, 1, t.parts, i)
	switch t.stage {
	case stageInput:
		t.input(from, to, hand)
	case stageMultiply:
		t.multiply(from, to)
	case stageOutput:
		t.output(from, to, hand)
	}
}
