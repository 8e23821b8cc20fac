package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// channelCase is what the kernels over pixels of channels work on: `in` are three
// images [h][w][c], coef three vectors [c].
type channelCase struct {
	h, w, c int
	in      [3]guarded
	coef    [3]guarded
}

func eachChannelCase(t *testing.T, f func(t *testing.T, x channelCase)) {
	eachForm(t, func(t *testing.T) {
		for _, c := range []int{1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 32, 33, 40} {
			for _, s := range [][2]int{{0, 3}, {1, 1}, {2, 3}, {3, 5}} {
				t.Run(fmt.Sprintf("%dx%dx%d", s[0], s[1], c), func(t *testing.T) {
					x := channelCase{h: s[0], w: s[1], c: c}
					r := rand.New(rand.NewPCG(uint64(c), uint64(s[0])))
					for i := range x.in {
						x.in[i] = newGuarded(x.h*x.w*c, normals(r))
						x.coef[i] = newGuarded(c, normals(r))
					}
					f(t, x)
				})
			}
		}
	})
}

// at is element i of an image, as a float64, and the coefficients of its channel.
func (x channelCase) at(image, i int) float64 { return float64(x.in[image].Values[i]) }

func (x channelCase) coefAt(k, i int) float64 { return float64(x.coef[k].Values[i%x.c]) }

func TestChannelSums(t *testing.T) {
	eachChannelCase(t, func(t *testing.T, x channelCase) {
		r := rand.New(rand.NewPCG(9, 9))
		var got [4]guarded
		var want, scale [4][]float64
		for k := range got {
			got[k] = newGuarded(x.c, normals(r))
			want[k], scale[k] = make([]float64, x.c), make([]float64, x.c)
			for ch, v := range got[k].Values {
				want[k][ch], scale[k][ch] = float64(v), 1
			}
		}
		for i := range x.in[0].Values {
			v, dz, mean := x.at(0, i), x.at(1, i), x.coefAt(0, i)
			for k, term := range []float64{v, (v - mean) * (v - mean), dz, dz * v} {
				want[k][i%x.c] += term
				scale[k][i%x.c] += 1 + v*v + dz*dz + mean*mean
			}
		}
		ChannelSum(got[0].Values, x.in[0].Values, x.c)
		ChannelCentred(got[1].Values, x.in[0].Values, x.coef[0].Values, x.c)
		ChannelDot(got[2].Values, got[3].Values, x.in[1].Values, x.in[0].Values, x.c)
		for k, name := range []string{"ChannelSum", "ChannelCentred", "ChannelDot's sum", "ChannelDot's dot"} {
			near(t, name, got[k].Values, want[k], scale[k], sumTolerance)
			got[k].intact(t)
		}
	})
}

func TestChannelMaps(t *testing.T) {
	kernels := []struct {
		name string
		// run writes to dst, whose rows are `row` apart.
		run  func(x channelCase, dst []float32, row int)
		want func(x, y, a, b, d float64) float64
	}{
		{"Affine", func(x channelCase, dst []float32, row int) {
			Affine(dst, x.in[0].Values, x.coef[0].Values, x.coef[1].Values, x.w, x.c, row)
		}, func(x, _, a, b, _ float64) float64 { return x*a + b }},
		{"AffineSiLU", func(x channelCase, dst []float32, row int) {
			AffineSiLU(dst, x.in[0].Values, x.coef[0].Values, x.coef[1].Values, x.w, x.c, row)
		}, func(x, _, a, b, _ float64) float64 { return (x*a + b) * sigma(x*a+b) }},
		{"Combine", func(x channelCase, dst []float32, row int) {
			Combine(dst, x.in[1].Values, x.in[0].Values, x.coef[0].Values, x.coef[1].Values, x.coef[2].Values, x.w, x.c, row)
		}, func(x, dz, a, b, d float64) float64 { return a*dz + b*x + d }},
	}
	for _, k := range kernels {
		t.Run(k.name, func(t *testing.T) {
			eachChannelCase(t, func(t *testing.T, x channelCase) {
				for _, border := range []int{0, 2} {
					row := (x.w + border) * x.c
					n := max(0, (x.h-1)*row+x.w*x.c)
					r := rand.New(rand.NewPCG(1, uint64(n)))
					dst := newGuarded(n, normals(r))
					want, scale := make([]float64, n), make([]float64, n)
					for i, v := range dst.Values {
						want[i] = float64(v) // the border stays
					}
					for i := range x.in[0].Values {
						at := i/(x.w*x.c)*row + i%(x.w*x.c)
						v, y := x.at(0, i), x.at(1, i)
						a, b, d := x.coefAt(0, i), x.coefAt(1, i), x.coefAt(2, i)
						want[at] = k.want(v, y, a, b, d)
						scale[at] = 1 + math.Abs(v*a) + math.Abs(y*a) + math.Abs(v*b) + math.Abs(b) + math.Abs(d)
					}
					k.run(x, dst.Values, row)
					near(t, k.name, dst.Values, want, scale, elementTolerance)
					dst.intact(t)
				}
			})
		})
	}
}

func TestChannelGradients(t *testing.T) {
	eachChannelCase(t, func(t *testing.T, x channelCase) {
		a, b, d := x.coef[0].Values, x.coef[1].Values, x.coef[2].Values
		n := len(x.in[0].Values)
		dz, added := newGuarded(n, zeros), x.in[2].clone()
		want, sum := make([]float64, n), make([]float64, n)
		scale := make([]float64, n)
		for i := range n {
			v, y, p, q := x.at(0, i), x.at(1, i), x.coefAt(0, i), x.coefAt(1, i)
			want[i] = y * siluSlope64(v*p+q)
			sum[i] = x.at(2, i) + p*y + q*v + x.coefAt(2, i)
			scale[i] = 5 + v*v + y*y + p*p + q*q + want[i]*want[i]
		}
		AffineSiLUGrad(dz.Values, x.in[1].Values, x.in[0].Values, a, b, x.c)
		near(t, "AffineSiLUGrad", dz.Values, want, scale, elementTolerance)
		CombineAdd(added.Values, x.in[1].Values, x.in[0].Values, a, b, d, x.c)
		near(t, "CombineAdd", added.Values, sum, scale, elementTolerance)
		AffineSiLUGrad(x.in[1].Values, x.in[1].Values, x.in[0].Values, a, b, x.c)
		same(t, "AffineSiLUGrad in place", x.in[1].Values, dz.Values)
		dz.intact(t)
		added.intact(t)
	})
}
