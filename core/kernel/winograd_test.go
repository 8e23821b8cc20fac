package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var winogradCases = []Winograd{
	{H: 4, W: 6, In: 8, Out: 8},
	{H: 5, W: 7, In: 16, Out: 24},
	{H: 7, W: 7, In: 24, Out: 40},
	{H: 1, W: 1, In: 8, Out: 16},
	{H: 2, W: 1, In: 8, Out: 32},
	{H: 90, W: 56, In: 32, Out: 64}, // several strips, in every form
	{H: 0, W: 3, In: 8, Out: 8},
}

// eachSquare gives every shape both sizes of square.
func eachSquare(shapes []Winograd) (all []Winograd) {
	for _, g := range shapes {
		for _, g.M = range []int{2, 4} {
			all = append(all, g)
		}
	}
	return all
}

// laidOut gives g its strides: the input padded, the output between borders or
// beside the channels of another image.
func (g Winograd) laidOut(border, beside int) (Winograd, Conv) {
	g.InRow = (g.W + 2) * g.In
	g.OutPix = g.Out + beside
	g.OutRow = (g.W + border) * g.OutPix
	return g, Conv{H: g.H, W: g.W, R: 3, K: 3 * g.In, Out: g.Out, InRow: g.InRow, InPix: g.In, OutRow: g.OutRow, OutPix: g.OutPix}
}

// winogradTolerance is for any element, in units of the root mean square of what
// standard normal inputs and weights add up to. The transforms add up numbers that
// cancel, which costs more than the sums of the direct form.
const winogradTolerance = 2e-5

func TestWinograd(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for _, shape := range eachSquare(winogradCases) {
			for _, mode := range []string{"bias", "no bias", "accumulate"} {
				t.Run(fmt.Sprintf("F%d,%dx%dx%d-%d/%s", shape.M, shape.H, shape.W, shape.In, shape.Out, mode), func(t *testing.T) {
					g, c := shape.laidOut(2, 3)
					r := rand.New(rand.NewPCG(11, 12))
					nin, nout := c.lengths()
					in, w := newGuarded(nin, normals(r)), newGuarded(9*g.In*g.Out, normals(r))
					out, bias := newGuarded(nout, normals(r)), newGuarded(g.Out, normals(r))
					direct := out.clone()
					packed, plain := newGuarded(WinogradLen(g.M, g.In, g.Out), zeros), newGuarded(PackedLen(9*g.In, g.Out), zeros)
					scratch := newGuarded(g.Scratch(), func(int) float32 { return float32(math.NaN()) })
					PackWinograd(packed.Values, w.Values, g.M, g.In, g.Out)
					Pack(plain.Values, w.Values, 9*g.In, g.Out)
					switch mode {
					case "bias":
						g.Forward(out.Values, in.Values, packed.Values, bias.Values, scratch.Values)
						c.Forward(direct.Values, in.Values, plain.Values, bias.Values)
					case "no bias":
						g.Forward(out.Values, in.Values, packed.Values, nil, scratch.Values)
						c.Forward(direct.Values, in.Values, plain.Values, nil)
					default:
						g.Accumulate(out.Values, in.Values, packed.Values, scratch.Values)
						c.Accumulate(direct.Values, in.Values, plain.Values)
					}
					want, scale := make([]float64, nout), make([]float64, nout)
					for i, v := range direct.Values {
						want[i], scale[i] = float64(v), math.Sqrt(float64(9*g.In))
					}
					near(t, "out", out.Values, want, scale, winogradTolerance)
					out.intact(t)
					packed.intact(t)
					scratch.intact(t)
				})
			}
		}
	})
}

func TestWinogradWeightGrad(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for i, shape := range eachSquare(append(winogradCases, Winograd{H: 13, W: 120, In: 32, Out: 32}, Winograd{H: 11, W: 13, In: 24, Out: 40})) {
			images := 1 + i%3
			t.Run(fmt.Sprintf("F%d,%d of %dx%dx%d-%d", shape.M, images, shape.H, shape.W, shape.In, shape.Out), func(t *testing.T) {
				g, c := shape.laidOut(2, 3)
				r := rand.New(rand.NewPCG(15, 16))
				nin, nout := c.lengths()
				var in, dout [3]guarded
				dw := newGuarded(9*g.In*g.Out, normals(r))
				direct := dw.clone()
				for i := range images {
					in[i], dout[i] = newGuarded(nin, normals(r)), newGuarded(nout, normals(r))
					c.WeightGrad(direct.Values, in[i].Values, dout[i].Values, make([]float32, c.WeightGradScratch()))
				}
				scratch := newGuarded(g.WeightGradScratch(images), func(int) float32 { return float32(math.NaN()) })
				g.WeightGrad(dw.Values, images, func(i int) (_, _ []float32) { return in[i].Values, dout[i].Values }, scratch.Values)
				want, scale := make([]float64, len(dw.Values)), make([]float64, len(dw.Values))
				for i, v := range direct.Values {
					want[i], scale[i] = float64(v), math.Sqrt(float64(1+images*g.H*g.W))
				}
				near(t, "dw", dw.Values, want, scale, winogradTolerance)
				dw.intact(t)
				scratch.intact(t)
			})
		}
	})
}

func TestWinogradFlipped(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		const in, out = 16, 40
		r := rand.New(rand.NewPCG(13, 14))
		w := newGuarded(9*in*out, normals(r))
		turned := make([]float32, 9*in*out)
		for tap := range 9 {
			for i := range in {
				for o := range out {
					turned[((8-tap)*out+o)*in+i] = w.Values[(tap*in+i)*out+o]
				}
			}
		}
		for _, m := range []int{2, 4} {
			want := make([]float32, WinogradLen(m, out, in))
			PackWinograd(want, turned, m, out, in)
			got := newGuarded(len(want), zeros)
			PackWinogradFlipped(got.Values, w.Values, m, in, out)
			same(t, "PackWinogradFlipped", got.Values, want)
			got.intact(t)
		}
	})
}
