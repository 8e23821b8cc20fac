//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// Each kernel does whole vectors and leaves the rest to its plain form.

// whole is the part of n elements that whole vectors cover.
func whole(n int) int {
	if !vector() {
		return 0
	}
	return n / lanes * lanes
}

func add(dst, a []float32) {
	n := whole(len(dst))
	for i := 0; i < n; i += lanes {
		store(dst[i:], load(dst[i:]).Add(load(a[i:])))
	}
	addGeneric(dst[n:], a[n:])
}

func addScaled(dst, a []float32, s float32) {
	n, sv := whole(len(dst)), splat(s)
	for i := 0; i < n; i += lanes {
		store(dst[i:], load(a[i:]).MulAdd(sv, load(dst[i:])))
	}
	addScaledGeneric(dst[n:], a[n:], s)
}

func scale(dst []float32, s float32) {
	n, sv := whole(len(dst)), splat(s)
	for i := 0; i < n; i += lanes {
		store(dst[i:], load(dst[i:]).Mul(sv))
	}
	scaleGeneric(dst[n:], s)
}

func add4(dst, p, q, r, s []float32, scale float32) {
	n, sv := whole(len(dst)), splat(scale)
	for i := 0; i < n; i += lanes {
		sum := load(p[i:]).Add(load(q[i:])).Add(load(r[i:])).Add(load(s[i:]))
		store(dst[i:], sum.Mul(sv))
	}
	add4Generic(dst[n:], p[n:], q[n:], r[n:], s[n:], scale)
}

func silu(dst, x []float32) {
	n := whole(len(dst))
	for i := 0; i < n; i += lanes {
		store(dst[i:], siluVec(load(x[i:])))
	}
	siluGeneric(dst[n:], x[n:])
}

func siluGrad(dx, dy, x []float32) {
	n := whole(len(dx))
	for i := 0; i < n; i += lanes {
		store(dx[i:], load(dy[i:]).Mul(siluSlopeVec(load(x[i:]))))
	}
	siluGradGeneric(dx[n:], dy[n:], x[n:])
}

func softmax(x []float32) {
	n := whole(len(x))
	if n == 0 {
		softmaxGeneric(x)
		return
	}
	most := load(x)
	for i := lanes; i < n; i += lanes {
		most = most.Max(load(x[i:]))
	}
	var each [lanes]float32
	store(each[:], most)
	top := each[0]
	for _, v := range each {
		top = max(top, v)
	}
	for _, v := range x[n:] {
		top = max(top, v)
	}
	topVec, sumVec := splat(top), splat(0)
	for i := 0; i < n; i += lanes {
		e := expVec(load(x[i:]).Sub(topVec))
		store(x[i:], e)
		sumVec = sumVec.Add(e)
	}
	sum := across(sumVec)
	for i, v := range x[n:] {
		e := exp(v - top)
		x[n+i] = e
		sum += e
	}
	scale(x, 1/sum)
}

func softmaxGrad(dx, dy, y []float32) {
	n, dotVec := whole(len(y)), splat(0)
	for i := 0; i < n; i += lanes {
		dotVec = load(dy[i:]).MulAdd(load(y[i:]), dotVec)
	}
	dot := across(dotVec)
	for i := n; i < len(y); i++ {
		dot += dy[i] * y[i]
	}
	dotVec = splat(dot)
	for i := 0; i < n; i += lanes {
		store(dx[i:], load(dy[i:]).Sub(dotVec).Mul(load(y[i:])))
	}
	for i := n; i < len(y); i++ {
		dx[i] = y[i] * (dy[i] - dot)
	}
}

// across is the sum of a vector's elements.
func across(v vec) float32 {
	var each [lanes]float32
	store(each[:], v)
	var sum float32
	for _, x := range each {
		sum += x
	}
	return sum
}
