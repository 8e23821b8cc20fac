package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestResample(t *testing.T) {
	eachForm(t, func(t *testing.T) {
		for _, s := range []struct{ h, w, c, pix int }{
			{1, 1, 1, 1}, {2, 3, 3, 3}, {2, 2, 8, 8}, {3, 2, 5, 11}, {2, 3, 17, 40}, {0, 3, 4, 4},
		} {
			t.Run(fmt.Sprint(s), func(t *testing.T) {
				r := rand.New(rand.NewPCG(1, 1))
				n := s.h * s.w * s.c
				small := newGuarded(n, normals(r))
				big := newGuarded(max(0, (4*s.h*s.w-1)*s.pix+s.c), normals(r))
				under := func(i int) [4]int {
					y, x, ch := 2*(i/s.c/s.w), 2*(i/s.c%s.w), i%s.c
					at := func(y, x int) int { return (y*2*s.w+x)*s.pix + ch }
					return [4]int{at(y, x), at(y, x+1), at(y+1, x), at(y+1, x+1)}
				}
				mean, sum, scale := make([]float64, n), make([]float64, n), make([]float64, n)
				copied, added := make([]float64, len(big.Values)), make([]float64, len(big.Values))
				bigScale := make([]float64, len(big.Values))
				for i, v := range big.Values {
					copied[i], added[i], bigScale[i] = float64(v), float64(v), 3
				}
				for i := range n {
					for _, at := range under(i) {
						sum[i] += float64(big.Values[at])
						copied[at] = float64(small.Values[i])
						added[at] += float64(small.Values[i]) / 4
					}
					mean[i], scale[i] = sum[i]/4, 8
				}

				got := newGuarded(n, normals(r))
				AvgPool2(got.Values, big.Values, s.h, s.w, s.c, s.pix)
				near(t, "AvgPool2", got.Values, mean, scale, 1e-7)
				Upsample2Grad(got.Values, big.Values, s.h, s.w, s.c, s.pix)
				near(t, "Upsample2Grad", got.Values, sum, scale, 1e-7)
				got.intact(t)
				large := big.clone()
				AvgPool2Grad(large.Values, small.Values, s.h, s.w, s.c, s.pix)
				near(t, "AvgPool2Grad", large.Values, added, bigScale, 1e-7)
				large.intact(t)
				large = big.clone()
				Upsample2(large.Values, small.Values, s.h, s.w, s.c, s.pix)
				near(t, "Upsample2", large.Values, copied, bigScale, 0)
				large.intact(t)
			})
		}
	})
}
