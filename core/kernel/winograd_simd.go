//go:build goexperiment.simd && (amd64 || wasm)

package kernel

func differences(t0, t1, t2, t3, d0, d1, d2, d3 []float32) {
	if !vector() {
		differencesGeneric(t0, t1, t2, t3, d0, d1, d2, d3)
		return
	}
	o0 := vecs(t0)
	o1, o2, o3 := vecs(t1)[:len(o0)], vecs(t2)[:len(o0)], vecs(t3)[:len(o0)]
	v0, v1 := vecs(d0)[:len(o0)], vecs(d1)[:len(o0)]
	v2, v3 := vecs(d2)[:len(o0)], vecs(d3)[:len(o0)]
	for i := range o0 {
		x1, x2 := load(&v1[i]), load(&v2[i])
		store(&o0[i], load(&v0[i]).Sub(x2))
		store(&o1[i], x1.Add(x2))
		store(&o2[i], x2.Sub(x1))
		store(&o3[i], x1.Sub(load(&v3[i])))
	}
}

func sums(t0, t1, m0, m1, m2, m3 []float32) {
	if !vector() {
		sumsGeneric(t0, t1, m0, m1, m2, m3)
		return
	}
	o0 := vecs(t0)
	o1 := vecs(t1)[:len(o0)]
	v0, v1 := vecs(m0)[:len(o0)], vecs(m1)[:len(o0)]
	v2, v3 := vecs(m2)[:len(o0)], vecs(m3)[:len(o0)]
	for i := range o0 {
		x1, x2 := load(&v1[i]), load(&v2[i])
		store(&o0[i], load(&v0[i]).Add(x1).Add(x2))
		store(&o1[i], x1.Sub(x2).Sub(load(&v3[i])))
	}
}

func sumsPlus(t0, t1, s0, s1, m0, m1, m2, m3 []float32) {
	if !vector() {
		sumsPlusGeneric(t0, t1, s0, s1, m0, m1, m2, m3)
		return
	}
	o0 := vecs(t0)
	o1, a0, a1 := vecs(t1)[:len(o0)], vecs(s0)[:len(o0)], vecs(s1)[:len(o0)]
	v0, v1 := vecs(m0)[:len(o0)], vecs(m1)[:len(o0)]
	v2, v3 := vecs(m2)[:len(o0)], vecs(m3)[:len(o0)]
	for i := range o0 {
		x1, x2 := load(&v1[i]), load(&v2[i])
		store(&o0[i], load(&a0[i]).Add(load(&v0[i]).Add(x1).Add(x2)))
		store(&o1[i], load(&a1[i]).Add(x1.Sub(x2).Sub(load(&v3[i]))))
	}
}

func spread(t0, t1, t2, t3, y0, y1 []float32) {
	if !vector() {
		spreadGeneric(t0, t1, t2, t3, y0, y1)
		return
	}
	o0 := vecs(t0)
	o1, o2, o3 := vecs(t1)[:len(o0)], vecs(t2)[:len(o0)], vecs(t3)[:len(o0)]
	v0, v1 := vecs(y0)[:len(o0)], vecs(y1)[:len(o0)]
	for i := range o0 {
		x0, x1 := load(&v0[i]), load(&v1[i])
		store(&o0[i], x0)
		store(&o1[i], x0.Add(x1))
		store(&o2[i], x0.Sub(x1))
		store(&o3[i], x1.Neg())
	}
}
