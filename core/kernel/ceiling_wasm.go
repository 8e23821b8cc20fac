//go:build goexperiment.simd

package kernel

// ceiling has a product and a sum where there is no fused multiply-add, and four
// rounds in one: loop heads are costly in WebAssembly.
func ceiling(n int) (sum float32, flops int64) {
	const rounds = 4
	half, one := splat(0.5), splat(1)
	a, b, c := one, one.Add(one), one.Add(half)
	d, e, f := a.Add(c), b.Add(c), c.Add(c)
	g, h, i := d.Add(c), e.Add(c), f.Add(c)
	j, k, l := g.Add(c), h.Add(c), i.Add(c)
	for range n {
		a, b, c = a.Mul(half).Add(one), b.Mul(half).Add(one), c.Mul(half).Add(one)
		d, e, f = d.Mul(half).Add(one), e.Mul(half).Add(one), f.Mul(half).Add(one)
		g, h, i = g.Mul(half).Add(one), h.Mul(half).Add(one), i.Mul(half).Add(one)
		j, k, l = j.Mul(half).Add(one), k.Mul(half).Add(one), l.Mul(half).Add(one)

		a, b, c = a.Mul(half).Add(one), b.Mul(half).Add(one), c.Mul(half).Add(one)
		d, e, f = d.Mul(half).Add(one), e.Mul(half).Add(one), f.Mul(half).Add(one)
		g, h, i = g.Mul(half).Add(one), h.Mul(half).Add(one), i.Mul(half).Add(one)
		j, k, l = j.Mul(half).Add(one), k.Mul(half).Add(one), l.Mul(half).Add(one)

		a, b, c = a.Mul(half).Add(one), b.Mul(half).Add(one), c.Mul(half).Add(one)
		d, e, f = d.Mul(half).Add(one), e.Mul(half).Add(one), f.Mul(half).Add(one)
		g, h, i = g.Mul(half).Add(one), h.Mul(half).Add(one), i.Mul(half).Add(one)
		j, k, l = j.Mul(half).Add(one), k.Mul(half).Add(one), l.Mul(half).Add(one)

		a, b, c = a.Mul(half).Add(one), b.Mul(half).Add(one), c.Mul(half).Add(one)
		d, e, f = d.Mul(half).Add(one), e.Mul(half).Add(one), f.Mul(half).Add(one)
		g, h, i = g.Mul(half).Add(one), h.Mul(half).Add(one), i.Mul(half).Add(one)
		j, k, l = j.Mul(half).Add(one), k.Mul(half).Add(one), l.Mul(half).Add(one)
	}
	var last [lanes]float32
	store(&last, a.Add(b).Add(c).Add(d).Add(e).Add(f).Add(g).Add(h).Add(i).Add(j).Add(k).Add(l))
	return last[0], 2 * lanes * ceilingChains * rounds * int64(n)
}
