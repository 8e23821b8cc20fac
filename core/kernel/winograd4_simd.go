//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// What a pair of points ±p has in common is computed once: even is what stays the
// same when the sign changes, odd what changes with it.

func input4(to, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	two := splat(-2)
	half := splat(-0.5)
	middle := splat(-2.5)
	up := splat(root)
	down := splat(root / 2)
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1, p := take(p, srcApart)
			d2, p := take(p, srcApart)
			d3, p := take(p, srcApart)
			d4, p := take(p, srcApart)
			d5 := last(p)
			even, odd := half.MulAdd(d2, d4), half.MulAdd(d1, d3).Mul(up)
			evenInv, oddInv := two.MulAdd(d2, d4), two.MulAdd(d1, d3).Mul(down)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, middle.MulAdd(d2, d0.Add(d4)))
			q = put(q, dstApart, even.Add(odd))
			q = put(q, dstApart, even.Sub(odd))
			q = put(q, dstApart, evenInv.Add(oddInv))
			q = put(q, dstApart, evenInv.Sub(oddInv))
			put(q, dstApart, middle.MulAdd(d3, d1.Add(d5)))
		}
	}
}

func output4(to, plus, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	two := splat(2)
	half := splat(0.5)
	up := splat(root)
	down := splat(root / 2)
	up3 := splat(2 * root)
	down3 := splat(root / 4)
	if plus.data != nil {
		add, addApart, addNext := plus.walk()
		for x := range runs {
			for i := 0; i < run*floatBytes; i += lanes * floatBytes {
				p := unsafe.Add(src, x*srcNext+i)
				d0, p := take(p, srcApart)
				d1, p := take(p, srcApart)
				d2, p := take(p, srcApart)
				d3, p := take(p, srcApart)
				d4, p := take(p, srcApart)
				d5 := last(p)
				even, odd := d1.Add(d2), d1.Sub(d2)
				evenInv, oddInv := d3.Add(d4), d3.Sub(d4)
				p = unsafe.Add(add, x*addNext+i)
				s0, p := take(p, addApart)
				s1, p := take(p, addApart)
				s2, p := take(p, addApart)
				s3 := last(p)
				q := unsafe.Add(dst, x*dstNext+i)
				q = put(q, dstApart, s0.Add(d0.Add(even).Add(evenInv)))
				q = put(q, dstApart, s1.Add(up.MulAdd(odd, down.Mul(oddInv))))
				q = put(q, dstApart, s2.Add(two.MulAdd(even, half.Mul(evenInv))))
				put(q, dstApart, s3.Add(up3.MulAdd(odd, down3.MulAdd(oddInv, d5))))
			}
		}
		return
	}
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1, p := take(p, srcApart)
			d2, p := take(p, srcApart)
			d3, p := take(p, srcApart)
			d4, p := take(p, srcApart)
			d5 := last(p)
			even, odd := d1.Add(d2), d1.Sub(d2)
			evenInv, oddInv := d3.Add(d4), d3.Sub(d4)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0.Add(even).Add(evenInv))
			q = put(q, dstApart, up.MulAdd(odd, down.Mul(oddInv)))
			q = put(q, dstApart, two.MulAdd(even, half.Mul(evenInv)))
			put(q, dstApart, up3.MulAdd(odd, down3.MulAdd(oddInv, d5)))
		}
	}
}

func taps4(to, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	third := splat(1. / 3)
	sixth := splat(1. / 6)
	twoThirds := splat(-2. / 3)
	up := splat(root / 6)
	down := splat(-root / 3)
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1, p := take(p, srcApart)
			d2 := last(p)
			even, odd := sixth.MulAdd(d0, third.Mul(d2)), up.Mul(d1)
			evenInv, oddInv := twoThirds.MulAdd(d0, third.Mul(d2).Neg()), down.Mul(d1)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0)
			q = put(q, dstApart, even.Add(odd))
			q = put(q, dstApart, even.Sub(odd))
			q = put(q, dstApart, evenInv.Add(oddInv))
			q = put(q, dstApart, evenInv.Sub(oddInv))
			put(q, dstApart, d2)
		}
	}
}

func spread4(to, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	two := splat(2)
	half := splat(0.5)
	up := splat(root)
	down := splat(root / 2)
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1, p := take(p, srcApart)
			d2, p := take(p, srcApart)
			d3 := last(p)
			even, odd := two.MulAdd(d2, d0), two.MulAdd(d3, d1).Mul(up)
			evenInv, oddInv := half.MulAdd(d2, d0), half.MulAdd(d3, d1).Mul(down)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0)
			q = put(q, dstApart, even.Add(odd))
			q = put(q, dstApart, even.Sub(odd))
			q = put(q, dstApart, evenInv.Add(oddInv))
			q = put(q, dstApart, evenInv.Sub(oddInv))
			put(q, dstApart, d3)
		}
	}
}

func weighing4(to, plus, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	third := splat(1. / 3)
	sixth := splat(1. / 6)
	twoThirds := splat(-2. / 3)
	up := splat(root / 6)
	down := splat(-root / 3)
	if plus.data != nil {
		add, addApart, addNext := plus.walk()
		for x := range runs {
			for i := 0; i < run*floatBytes; i += lanes * floatBytes {
				p := unsafe.Add(src, x*srcNext+i)
				d0, p := take(p, srcApart)
				d1, p := take(p, srcApart)
				d2, p := take(p, srcApart)
				d3, p := take(p, srcApart)
				d4, p := take(p, srcApart)
				d5 := last(p)
				even, odd := d1.Add(d2), d1.Sub(d2)
				evenInv, oddInv := d3.Add(d4), d3.Sub(d4)
				p = unsafe.Add(add, x*addNext+i)
				s0, p := take(p, addApart)
				s1, p := take(p, addApart)
				s2 := last(p)
				q := unsafe.Add(dst, x*dstNext+i)
				q = put(q, dstApart, s0.Add(sixth.MulAdd(even, twoThirds.MulAdd(evenInv, d0))))
				q = put(q, dstApart, s1.Add(up.MulAdd(odd, down.Mul(oddInv))))
				put(q, dstApart, s2.Add(third.MulAdd(even.Sub(evenInv), d5)))
			}
		}
		return
	}
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1, p := take(p, srcApart)
			d2, p := take(p, srcApart)
			d3, p := take(p, srcApart)
			d4, p := take(p, srcApart)
			d5 := last(p)
			even, odd := d1.Add(d2), d1.Sub(d2)
			evenInv, oddInv := d3.Add(d4), d3.Sub(d4)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, sixth.MulAdd(even, twoThirds.MulAdd(evenInv, d0)))
			q = put(q, dstApart, up.MulAdd(odd, down.Mul(oddInv)))
			put(q, dstApart, third.MulAdd(even.Sub(evenInv), d5))
		}
	}
}
