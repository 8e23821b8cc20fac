package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// square is the 3×3 (side 3) or 1×1 (side 1) convolution over an h × w image that
// is padded by side/2.
func square(side, h, w, in, out int) Conv {
	return Conv{H: h, W: w, R: side, K: side * in, Out: out,
		InRow: (w + side - 1) * in, InPix: in, OutRow: w * out, OutPix: out}
}

// linear is n vectors through an in × out matrix.
func linear(n, in, out int) Conv {
	return Conv{H: 1, W: n, R: 1, K: in, Out: out, InPix: in, OutPix: out}
}

var convCases = []struct {
	name string
	Conv
}{
	{"first", square(3, 5, 7, 1, 32)},
	{"first colour", square(3, 4, 6, 3, 16)},
	{"last", square(3, 6, 5, 16, 1)},
	{"last colour", square(3, 3, 4, 8, 3)},
	{"last of odd width", square(3, 2, 5, 13, 4)},
	{"body", square(3, 7, 7, 32, 64)},
	{"odd", square(3, 3, 5, 5, 13)},
	{"half panels", square(3, 2, 3, 12, 24)},
	{"all widths", square(3, 3, 3, 4, 32+16+8+5)},
	{"skip", square(1, 5, 5, 24, 40)},
	{"one pixel", square(3, 1, 1, 8, 16)},
	{"three pixels", square(3, 1, 3, 8, 16)},
	{"five by five", square(5, 4, 4, 3, 9)},
	{"one vector", linear(1, 32, 128)},
	{"five vectors", linear(5, 7, 20)},
	{"blocks of weights", linear(6, 64+32+5, 64)},
	{"rows of blocks", square(3, 3, 5, 33, 40)},
	{"one in", linear(9, 1, 1)},
	{"into a wider image", Conv{H: 4, W: 3, R: 3, K: 24, Out: 16, InRow: 5 * 8, InPix: 8, OutRow: 3 * 33, OutPix: 33}},
	{"into a padded image", Conv{H: 4, W: 3, R: 3, K: 24, Out: 9, InRow: 5 * 8, InPix: 8, OutRow: 5 * 9, OutPix: 9}},
	{"some channels of a wider image", Conv{H: 1, W: 9, R: 1, K: 4, Out: 9, InPix: 24, OutPix: 9}},
	{"part of a last pixel", Conv{H: 3, W: 4, R: 2, K: 11, Out: 8, InRow: 24, InPix: 4, OutRow: 32, OutPix: 8}},
	{"the same pixel", Conv{H: 1, W: 6, R: 1, K: 4, Out: 8, OutPix: 8}},
	{"a column", Conv{H: 6, W: 1, R: 3, K: 5, Out: 8, InRow: 5, InPix: 2, OutRow: 8, OutPix: 8}},
	{"no pixels", Conv{H: 0, W: 4, R: 1, K: 4, Out: 8, InPix: 4, OutPix: 8}},
}

func (c Conv) lengths() (in, out int) {
	if c.H*c.W == 0 {
		return 0, 0
	}
	return (c.H+c.R-2)*c.InRow + (c.W-1)*c.InPix + c.K, (c.H-1)*c.OutRow + (c.W-1)*c.OutPix + c.Out
}

// each calls f for every product of the convolution's definition.
func (c Conv) each(f func(out, in, weight int)) {
	for y := range c.H {
		for x := range c.W {
			for r := range c.R {
				for j := range c.K {
					for o := range c.Out {
						f(y*c.OutRow+x*c.OutPix+o, (y+r)*c.InRow+x*c.InPix+j, (r*c.K+j)*c.Out+o)
					}
				}
			}
		}
	}
}

// sumTolerance is for sums of products in float32, relative to the sum of the
// products' sizes.
const sumTolerance = 1e-6

func TestConv(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for _, test := range convCases {
			for _, mode := range []string{"bias", "no bias", "accumulate"} {
				t.Run(test.name+"/"+mode, func(t *testing.T) {
					c := test.Conv
					r := rand.New(rand.NewPCG(1, 2))
					nin, nout := c.lengths()
					in, w := newGuarded(nin, normals(r)), newGuarded(c.R*c.K*c.Out, normals(r))
					out, bias := newGuarded(nout, normals(r)), newGuarded(c.Out, normals(r))
					packed := newGuarded(PackedLen(c.R*c.K, c.Out), normals(r))
					want, scale := make([]float64, nout), make([]float64, nout)
					for i, v := range out.Values {
						want[i] = float64(v) // between the pixels nothing changes
					}
					for y := range c.H {
						for x := range c.W {
							for o := range c.Out {
								at := y*c.OutRow + x*c.OutPix + o
								switch mode {
								case "bias":
									want[at] = float64(bias.Values[o])
								case "no bias":
									want[at] = 0
								}
								scale[at] = math.Abs(want[at])
							}
						}
					}
					c.each(func(o, i, k int) {
						p := float64(in.Values[i]) * float64(w.Values[k])
						want[o] += p
						scale[o] += math.Abs(p)
					})

					Pack(packed.Values, w.Values, c.R*c.K, c.Out)
					switch mode {
					case "bias":
						c.Forward(out.Values, in.Values, packed.Values, bias.Values)
					case "no bias":
						c.Forward(out.Values, in.Values, packed.Values, nil)
					default:
						c.Accumulate(out.Values, in.Values, packed.Values)
					}
					near(t, "out", out.Values, want, scale, sumTolerance)
					out.intact(t)
					packed.intact(t)
				})
			}
		}
	})
}

func TestWeightGrad(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for _, test := range convCases {
			t.Run(test.name, func(t *testing.T) {
				c := test.Conv
				r := rand.New(rand.NewPCG(3, 4))
				nin, nout := c.lengths()
				in, dout := newGuarded(nin, normals(r)), newGuarded(nout, normals(r))
				dw := newGuarded(c.R*c.K*c.Out, normals(r))
				scratch := newGuarded(c.WeightGradScratch(), func(int) float32 { return float32(math.NaN()) })
				want, scale := make([]float64, len(dw.Values)), make([]float64, len(dw.Values))
				for i, v := range dw.Values {
					want[i], scale[i] = float64(v), math.Abs(float64(v))
				}
				c.each(func(o, i, k int) {
					p := float64(in.Values[i]) * float64(dout.Values[o])
					want[k] += p
					scale[k] += math.Abs(p)
				})
				c.WeightGrad(dw.Values, in.Values, dout.Values, scratch.Values)
				near(t, "dw", dw.Values, want, scale, sumTolerance)
				dw.intact(t)
				scratch.intact(t)
			})
		}
	})
}

// TestPackings: every way of packing gives what Pack gives for the matrix written out.
func TestPackings(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for _, out := range []int{1, 3, 8, 9, 16, 17, 24, 31, 32, 33, 40, 61, 64} {
			for _, k := range []int{1, 5, 12} {
				w := newGuarded(k*out, normals(r)).Values
				row := newGuarded(k*(out+3), normals(r)).Values
				transposed := make([]float32, out*k)
				wide := newGuarded(out*(k+2), normals(r)).Values
				for j := range k {
					for o := range out {
						row[j*(out+3)+o] = w[j*out+o]
						transposed[o*k+j] = w[j*out+o]
						wide[o*(k+2)+j] = w[j*out+o]
					}
				}
				want := make([]float32, PackedLen(k, out))
				Pack(want, w, k, out)
				for name, pack := range map[string]func(dst []float32){
					"PackRows":           func(dst []float32) { PackRows(dst, row, k, out, out+3) },
					"PackTransposed":     func(dst []float32) { PackTransposed(dst, transposed, k, out) },
					"PackTransposedRows": func(dst []float32) { PackTransposedRows(dst, wide, k, out, k+2) },
				} {
					got := newGuarded(len(want), normals(r))
					pack(got.Values)
					same(t, fmt.Sprintf("%s of %d × %d", name, k, out), got.Values, want)
					got.intact(t)
				}
			}
		}
	})
}

// TestPackFlipped: <dout, conv(x)> = <flipped conv(dout), x>, for all x and dout.
func TestPackFlipped(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for _, s := range []struct{ side, h, w, in, out int }{{3, 4, 5, 3, 7}, {3, 3, 3, 32, 24}, {1, 4, 2, 9, 5}, {5, 5, 4, 2, 3}} {
			r := rand.New(rand.NewPCG(7, 8))
			weights := newGuarded(s.side*s.side*s.in*s.out, normals(r)).Values
			pad := s.side / 2
			padded := func(c int, inner []float32) []float32 {
				all := make([]float32, (s.h+2*pad)*(s.w+2*pad)*c)
				for y := range s.h {
					copy(all[((y+pad)*(s.w+2*pad)+pad)*c:], inner[y*s.w*c:][:s.w*c])
				}
				return all
			}
			x := newGuarded(s.h*s.w*s.in, normals(r)).Values
			dout := newGuarded(s.h*s.w*s.out, normals(r)).Values
			out, dx := make([]float32, len(dout)), make([]float32, len(x))
			packed := make([]float32, PackedLen(s.side*s.side*s.in, s.out))
			Pack(packed, weights, s.side*s.side*s.in, s.out)
			square(s.side, s.h, s.w, s.in, s.out).Forward(out, padded(s.in, x), packed, nil)
			flipped := make([]float32, PackedLen(s.side*s.side*s.out, s.in))
			PackFlipped(flipped, weights, s.side, s.in, s.out)
			square(s.side, s.h, s.w, s.out, s.in).Forward(dx, padded(s.out, dout), flipped, nil)
			a, size := product(dout, out)
			b, _ := product(dx, x)
			if math.Abs(a-b) > 1e-6*size {
				t.Errorf("%+v: %v, adjoint %v", s, a, b)
			}
		}
	})
}

func product(a, b []float32) (sum, size float64) {
	for i := range a {
		p := float64(a[i]) * float64(b[i])
		sum += p
		size += math.Abs(p)
	}
	return sum, size
}

func same(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: [%d] = %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestConvRefusesShortSlices(t *testing.T) {
	c := square(3, 4, 4, 8, 8)
	nin, nout := c.lengths()
	in, out := make([]float32, nin), make([]float32, nout)
	packed, scratch := make([]float32, PackedLen(72, 8)), make([]float32, c.WeightGradScratch())
	for name, f := range map[string]func(){
		"in":     func() { c.Forward(out, in[1:], packed, nil) },
		"out":    func() { c.Forward(out[1:], in, packed, nil) },
		"packed": func() { c.Accumulate(out, in, packed[1:]) },
		"bias":   func() { c.Forward(out, in, packed, make([]float32, 7)) },
		"dw":     func() { c.WeightGrad(make([]float32, 72*8-1), in, out, scratch) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s one short: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestNoAllocation(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		c := square(3, 4, 5, 8, 13)
		nin, nout := c.lengths()
		in, out, dw := make([]float32, nin), make([]float32, nout), make([]float32, 72*13)
		packed, scratch := make([]float32, PackedLen(72, 13)), make([]float32, c.WeightGradScratch())
		if n := testing.AllocsPerRun(10, func() {
			c.Forward(out, in, packed, nil)
			c.Accumulate(out, in, packed)
			c.WeightGrad(dw, in, out, scratch)
			SiLU(out, out)
			Softmax(out, len(out))
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}
