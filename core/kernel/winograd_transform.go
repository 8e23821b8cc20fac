package kernel

import "math"

// transform is one of Winograd's: its matrices, applied from the left. What Lavin &
// Gray call Bᵀ, Aᵀ and G are input, output and taps; a gradient goes through their
// transposes.
type transform struct {
	input    half // M+2 → M+2
	output   half // M+2 → M
	taps     half // 3 → M+2
	spread   half // M → M+2, the transpose of output
	weighing half // M+2 → 3, the transpose of taps
}

// transforms gives that of F(m×m, 3×3).
func transforms(m int) *transform {
	if m == 2 {
		return &transform2
	}
	return &transform4
}

// F(2×2, 3×3) interpolates at 0, ±1 and ∞.
var transform2 = newTransform(2,
	matrix{
		{1, 0, -1, 0},
		{0, 1, 1, 0},
		{0, -1, 1, 0},
		{0, 1, 0, -1},
	}, matrix{
		{1, 1, 1, 0},
		{0, 1, -1, -1},
	}, matrix{
		{1, 0, 0},
		{0.5, 0.5, 0.5},
		{0.5, -0.5, 0.5},
		{0, 0, 1},
	})

// F(4×4, 3×3) interpolates at 0, ±√2, ±1/√2 and ∞. The powers of these points stay
// near 1, and so the result is twice as exact as with the usual 0, ±1, ±2 and ∞.
var transform4 = newTransform(4,
	matrix{
		{1, 0, -2.5, 0, 1, 0},
		{0, -root / 2, -0.5, root, 1, 0},
		{0, root / 2, -0.5, -root, 1, 0},
		{0, -root, -2, root / 2, 1, 0},
		{0, root, -2, -root / 2, 1, 0},
		{0, 1, 0, -2.5, 0, 1},
	}, matrix{
		{1, 1, 1, 1, 1, 0},
		{0, root, -root, root / 2, -root / 2, 0},
		{0, 2, 2, 0.5, 0.5, 0},
		{0, 2 * root, -2 * root, root / 4, -root / 4, 1},
	}, matrix{
		{1, 0, 0},
		{1. / 6, root / 6, 1. / 3},
		{1. / 6, -root / 6, 1. / 3},
		{-2. / 3, -root / 3, -1. / 3},
		{-2. / 3, root / 3, -1. / 3},
		{0, 0, 1},
	})

const root = math.Sqrt2

type matrix [][]float32

func (m matrix) transposed() matrix {
	t := make(matrix, len(m[0]))
	for i := range t {
		for _, row := range m {
			t[i] = append(t[i], row[i])
		}
	}
	return t
}

func newTransform(m int, input, output, taps matrix) transform {
	return transform{
		input:    half{m + kindInput, input},
		output:   half{m + kindOutput, output},
		taps:     half{m + kindTaps, taps},
		spread:   half{m + kindSpread, output.transposed()},
		weighing: half{m + kindWeighing, taps.transposed()},
	}
}

// half is one half of a two-dimensional transform, along columns or along rows.
type half struct {
	kind   int // of the vector form: M plus one of those below
	matrix matrix
}

const (
	kindInput = 10 * iota
	kindOutput
	kindTaps
	kindSpread
	kindWeighing
)

// lines are the places that a half reads or writes, line k beginning at
// data[k·apart:]. On each there are runs, the next one `next` elements on.
type lines struct {
	data        []float32
	apart, next int
}

// run computes, for each element of each run,
//
//	to[j] = plus[j] + Σ_k matrix[j][k]·from[k]
//
// where plus without data is zero; it may be to, or have all its lines and runs at
// one place. A run is a multiple of Panel.
func (h *half) run(to, plus, from lines, runs, run int) {
	if runs <= 0 || run <= 0 {
		return
	}
	need(run%Panel == 0)
	to.check(len(h.matrix), runs, run)
	from.check(len(h.matrix[0]), runs, run)
	if plus.data != nil {
		plus.check(len(h.matrix), runs, run)
	}
	if vector() {
		h.vectors(to, plus, from, runs, run)
		return
	}
	for x := range runs {
		for j, row := range h.matrix {
			dst := to.data[j*to.apart+x*to.next:][:run]
			for i := range dst {
				var sum float32
				for k, m := range row {
					if m != 0 {
						sum += m * from.data[k*from.apart+x*from.next+i]
					}
				}
				if plus.data != nil {
					sum += plus.data[j*plus.apart+x*plus.next+i]
				}
				dst[i] = sum
			}
		}
	}
}

// check panics unless all that a half reads or writes is there.
func (l lines) check(n, runs, run int) {
	need(l.apart >= 0 && l.next >= 0 && len(l.data) >= (n-1)*l.apart+(runs-1)*l.next+run)
}
