//go:build goexperiment.simd

package kernel

import "simd/archsimd"

func ceiling(n int) (sum float32, flops int64) {
	switch level {
	case levelAVX512:
		return ceiling512(n)
	case levelAVX2:
		return ceiling256(n)
	}
	return ceilingGeneric(n)
}

func ceiling512(n int) (sum float32, flops int64) {
	half, one := archsimd.BroadcastFloat32x16(0.5), archsimd.BroadcastFloat32x16(1)
	a, b, c := one, one.Add(one), one.Add(half)
	d, e, f := a.Add(c), b.Add(c), c.Add(c)
	g, h, i := d.Add(c), e.Add(c), f.Add(c)
	j, k, l := g.Add(c), h.Add(c), i.Add(c)
	for range n {
		a, b, c = a.MulAdd(half, one), b.MulAdd(half, one), c.MulAdd(half, one)
		d, e, f = d.MulAdd(half, one), e.MulAdd(half, one), f.MulAdd(half, one)
		g, h, i = g.MulAdd(half, one), h.MulAdd(half, one), i.MulAdd(half, one)
		j, k, l = j.MulAdd(half, one), k.MulAdd(half, one), l.MulAdd(half, one)
	}
	var last [16]float32
	a.Add(b).Add(c).Add(d).Add(e).Add(f).Add(g).Add(h).Add(i).Add(j).Add(k).Add(l).StoreArray(&last)
	return last[0], 2 * 16 * ceilingChains * int64(n)
}

func ceiling256(n int) (sum float32, flops int64) {
	half, one := archsimd.BroadcastFloat32x8(0.5), archsimd.BroadcastFloat32x8(1)
	a, b, c := one, one.Add(one), one.Add(half)
	d, e, f := a.Add(c), b.Add(c), c.Add(c)
	g, h, i := d.Add(c), e.Add(c), f.Add(c)
	j, k, l := g.Add(c), h.Add(c), i.Add(c)
	for range n {
		a, b, c = a.MulAdd(half, one), b.MulAdd(half, one), c.MulAdd(half, one)
		d, e, f = d.MulAdd(half, one), e.MulAdd(half, one), f.MulAdd(half, one)
		g, h, i = g.MulAdd(half, one), h.MulAdd(half, one), i.MulAdd(half, one)
		j, k, l = j.MulAdd(half, one), k.MulAdd(half, one), l.MulAdd(half, one)
	}
	var last [8]float32
	a.Add(b).Add(c).Add(d).Add(e).Add(f).Add(g).Add(h).Add(i).Add(j).Add(k).Add(l).StoreArray(&last)
	return last[0], 2 * 8 * ceilingChains * int64(n)
}
