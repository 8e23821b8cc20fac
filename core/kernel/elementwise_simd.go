//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// Each kernel does whole vectors and leaves the rest to its plain form. Where there
// are no vectors it must not touch one, not even a constant.

// whole is the part of n elements that whole vectors cover.
func whole(n int) int { return n / lanes * lanes }

func add(dst, a []float32) {
	if !vector() {
		addGeneric(dst, a)
		return
	}
	n := whole(len(dst))
	d := vecs(dst[:n])
	av := vecs(a)[:len(d)]
	for i := range d {
		store(&d[i], load(&d[i]).Add(load(&av[i])))
	}
	addGeneric(dst[n:], a[n:])
}

func addScaled(dst, a []float32, s float32) {
	if !vector() {
		addScaledGeneric(dst, a, s)
		return
	}
	n, sv := whole(len(dst)), splat(s)
	d := vecs(dst[:n])
	av := vecs(a)[:len(d)]
	for i := range d {
		store(&d[i], load(&av[i]).MulAdd(sv, load(&d[i])))
	}
	addScaledGeneric(dst[n:], a[n:], s)
}

func scale(dst []float32, s float32) {
	if !vector() {
		scaleGeneric(dst, s)
		return
	}
	n, sv := whole(len(dst)), splat(s)
	d := vecs(dst[:n])
	for i := range d {
		store(&d[i], load(&d[i]).Mul(sv))
	}
	scaleGeneric(dst[n:], s)
}

func add4(dst, p, q, r, s []float32, scale float32) {
	if !vector() {
		add4Generic(dst, p, q, r, s, scale)
		return
	}
	n, sv := whole(len(dst)), splat(scale)
	d := vecs(dst[:n])
	pv, qv, rv, tv := vecs(p)[:len(d)], vecs(q)[:len(d)], vecs(r)[:len(d)], vecs(s)[:len(d)]
	for i := range d {
		sum := load(&pv[i]).Add(load(&qv[i])).Add(load(&rv[i])).Add(load(&tv[i]))
		store(&d[i], sum.Mul(sv))
	}
	add4Generic(dst[n:], p[n:], q[n:], r[n:], s[n:], scale)
}

func silu(dst, x []float32) {
	if !vector() {
		siluGeneric(dst, x)
		return
	}
	n := whole(len(dst))
	d := vecs(dst[:n])
	xv := vecs(x)[:len(d)]
	for i := range d {
		store(&d[i], siluVec(load(&xv[i])))
	}
	siluGeneric(dst[n:], x[n:])
}

func siluGrad(dx, dy, x []float32) {
	if !vector() {
		siluGradGeneric(dx, dy, x)
		return
	}
	n := whole(len(dx))
	d := vecs(dx[:n])
	yv, xv := vecs(dy)[:len(d)], vecs(x)[:len(d)]
	for i := range d {
		store(&d[i], load(&yv[i]).Mul(siluSlopeVec(load(&xv[i]))))
	}
	siluGradGeneric(dx[n:], dy[n:], x[n:])
}

func softmax(x []float32) {
	n := whole(len(x))
	if !vector() || n == 0 {
		softmaxGeneric(x)
		return
	}
	xv := vecs(x[:n])
	most := load(&xv[0])
	for i := range xv {
		most = most.Max(load(&xv[i]))
	}
	var each [lanes]float32
	store(&each, most)
	top := each[0]
	for _, v := range each {
		top = max(top, v)
	}
	for _, v := range x[n:] {
		top = max(top, v)
	}
	topVec, sumVec := splat(top), splat(0)
	for i := range xv {
		e := expVec(load(&xv[i]).Sub(topVec))
		store(&xv[i], e)
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
	if !vector() {
		softmaxGradGeneric(dx, dy, y)
		return
	}
	n, dotVec := whole(len(y)), splat(0)
	d := vecs(dx[:n])
	gv, yv := vecs(dy)[:len(d)], vecs(y)[:len(d)]
	for i := range gv {
		dotVec = load(&gv[i]).MulAdd(load(&yv[i]), dotVec)
	}
	dot := across(dotVec)
	for i := n; i < len(y); i++ {
		dot += dy[i] * y[i]
	}
	dotVec = splat(dot)
	for i := range d {
		store(&d[i], load(&gv[i]).Sub(dotVec).Mul(load(&yv[i])))
	}
	for i := n; i < len(y); i++ {
		dx[i] = y[i] * (dy[i] - dot)
	}
}

// across is the sum of a vector's elements.
func across(v vec) float32 {
	var each [lanes]float32
	store(&each, v)
	var sum float32
	for _, x := range each {
		sum += x
	}
	return sum
}
