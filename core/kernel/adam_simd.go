//go:build goexperiment.simd && (amd64 || wasm)

package kernel

func (a *Adam) step(w, m, v, grad []float32) {
	if !vector() {
		a.stepGeneric(w, m, v, grad)
		return
	}
	n := whole(len(w))
	beta1, rest1, beta2, rest2 := splat(a.Beta1), splat(a.Rest1), splat(a.Beta2), splat(a.Rest2)
	scale, keep, rate, by := splat(a.Scale), splat(a.Keep), splat(a.Rate), splat(a.By)
	wVecs := vecs(w[:n])
	mVecs, vVecs, gVecs := vecs(m)[:len(wVecs)], vecs(v)[:len(wVecs)], vecs(grad)[:len(wVecs)]
	for i := range wVecs {
		g := load(&gVecs[i]).Mul(scale)
		mi := beta1.Mul(load(&mVecs[i])).Add(rest1.Mul(g))
		vi := beta2.Mul(load(&vVecs[i])).Add(rest2.Mul(g.Mul(g)))
		store(&mVecs[i], mi)
		store(&vVecs[i], vi)
		store(&wVecs[i], load(&wVecs[i]).Mul(keep).Sub(rate.Mul(mi).Div(vi.Sqrt().Add(by))))
	}
	a.stepGeneric(w[n:], m[n:], v[n:], grad[n:])
}

func approach(dst, x []float32, by float32) {
	if !vector() {
		approachGeneric(dst, x, by)
		return
	}
	n, byVec := whole(len(dst)), splat(by)
	dstVecs := vecs(dst[:n])
	xVecs := vecs(x)[:len(dstVecs)]
	for i := range dstVecs {
		d := load(&dstVecs[i])
		store(&dstVecs[i], d.Add(byVec.Mul(load(&xVecs[i]).Sub(d))))
	}
	approachGeneric(dst[n:], x[n:], by)
}
