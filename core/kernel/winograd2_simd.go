//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

func input2(to, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1, p := take(p, srcApart)
			d2, p := take(p, srcApart)
			d3 := last(p)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0.Sub(d2))
			q = put(q, dstApart, d1.Add(d2))
			q = put(q, dstApart, d2.Sub(d1))
			put(q, dstApart, d1.Sub(d3))
		}
	}
}

func output2(to, plus, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	if plus.data != nil {
		add, addApart, addNext := plus.walk()
		for x := range runs {
			for i := 0; i < run*floatBytes; i += lanes * floatBytes {
				p := unsafe.Add(src, x*srcNext+i)
				d0, p := take(p, srcApart)
				d1, p := take(p, srcApart)
				d2, p := take(p, srcApart)
				d3 := last(p)
				p = unsafe.Add(add, x*addNext+i)
				s0, p := take(p, addApart)
				s1 := last(p)
				q := unsafe.Add(dst, x*dstNext+i)
				q = put(q, dstApart, s0.Add(d0.Add(d1).Add(d2)))
				put(q, dstApart, s1.Add(d1.Sub(d2).Sub(d3)))
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
			d3 := last(p)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0.Add(d1).Add(d2))
			put(q, dstApart, d1.Sub(d2).Sub(d3))
		}
	}
}

func taps2(to, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	half := splat(0.5)
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1, p := take(p, srcApart)
			d2 := last(p)
			sum, mid := d0.Add(d2).Mul(half), d1.Mul(half)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0)
			q = put(q, dstApart, sum.Add(mid))
			q = put(q, dstApart, sum.Sub(mid))
			put(q, dstApart, d2)
		}
	}
}

func spread2(to, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	for x := range runs {
		for i := 0; i < run*floatBytes; i += lanes * floatBytes {
			p := unsafe.Add(src, x*srcNext+i)
			d0, p := take(p, srcApart)
			d1 := last(p)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0)
			q = put(q, dstApart, d0.Add(d1))
			q = put(q, dstApart, d0.Sub(d1))
			put(q, dstApart, d1.Neg())
		}
	}
}

func weighing2(to, plus, from lines, runs, run int) {
	dst, dstApart, dstNext := to.walk()
	src, srcApart, srcNext := from.walk()
	half := splat(0.5)
	if plus.data != nil {
		add, addApart, addNext := plus.walk()
		for x := range runs {
			for i := 0; i < run*floatBytes; i += lanes * floatBytes {
				p := unsafe.Add(src, x*srcNext+i)
				d0, p := take(p, srcApart)
				d1, p := take(p, srcApart)
				d2, p := take(p, srcApart)
				d3 := last(p)
				h1, h2 := d1.Mul(half), d2.Mul(half)
				sum := h1.Add(h2)
				p = unsafe.Add(add, x*addNext+i)
				s0, p := take(p, addApart)
				s1, p := take(p, addApart)
				s2 := last(p)
				q := unsafe.Add(dst, x*dstNext+i)
				q = put(q, dstApart, s0.Add(d0.Add(sum)))
				q = put(q, dstApart, s1.Add(h1.Sub(h2)))
				put(q, dstApart, s2.Add(sum.Add(d3)))
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
			d3 := last(p)
			h1, h2 := d1.Mul(half), d2.Mul(half)
			sum := h1.Add(h2)
			q := unsafe.Add(dst, x*dstNext+i)
			q = put(q, dstApart, d0.Add(sum))
			q = put(q, dstApart, h1.Sub(h2))
			put(q, dstApart, sum.Add(d3))
		}
	}
}
