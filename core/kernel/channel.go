package kernel

// The passes of normalisation. x, dy, dz… are [n][c]: n pixels of c channels.

// ChannelSum computes sum[ch] += Σ_n x[n][ch]: the first moment, and the gradient
// of a bias.
func ChannelSum(sum, x []float32, c int) {
	need(c > 0 && len(x)%c == 0 && len(sum) >= c)
	channelSum(sum[:c], x)
}

// ChannelCentred computes sum[ch] += Σ_n (x[n][ch] - mean[ch])².
func ChannelCentred(sum, x, mean []float32, c int) {
	need(c > 0 && len(x)%c == 0 && len(sum) >= c && len(mean) >= c)
	channelCentred(sum[:c], x, mean[:c])
}

// ChannelDot computes sum[ch] += Σ_n dz[n][ch] and dot[ch] += Σ_n dz[n][ch]·x[n][ch],
// which is all that the gradient of a normalisation needs to know of its input.
func ChannelDot(sum, dot, dz, x []float32, c int) {
	need(c > 0 && len(x)%c == 0 && len(dz) == len(x) && len(sum) >= c && len(dot) >= c)
	channelDot(sum[:c], dot[:c], dz, x)
}

// Affine computes y = x·a[ch] + b[ch] from x, [h][w][c], into an image whose rows
// are dstRow elements apart: with dst at the first pixel inside the border and
// dstRow = (w+2)·c that is the input of a 3×3 convolution. The border is not
// touched.
func Affine(dst, x, a, b []float32, w, c, dstRow int) {
	checkRows(dst, x, w, c, dstRow)
	a, b = a[:c], b[:c]
	for i := 0; len(x) > 0; i += dstRow {
		affine(dst[i:i+w*c], x[:w*c], a, b)
		x = x[w*c:]
	}
}

// AffineSiLU is Affine followed by SiLU: y = SiLU(x·a[ch] + b[ch]).
func AffineSiLU(dst, x, a, b []float32, w, c, dstRow int) {
	checkRows(dst, x, w, c, dstRow)
	a, b = a[:c], b[:c]
	for i := 0; len(x) > 0; i += dstRow {
		affineSiLU(dst[i:i+w*c], x[:w*c], a, b)
		x = x[w*c:]
	}
}

// AffineBy is Affine with the work shared out.
func AffineBy(team *Team, dst, x, a, b []float32, w, c, dstRow int) {
	if team == nil || len(x) < leastElements {
		Affine(dst, x, a, b, w, c, dstRow)
		return
	}
	affineBy(team, Affine, dst, x, a, b, w, c, dstRow)
}

// AffineSiLUBy is AffineSiLU with the work shared out.
func AffineSiLUBy(team *Team, dst, x, a, b []float32, w, c, dstRow int) {
	if team == nil || len(x) < leastElements {
		AffineSiLU(dst, x, a, b, w, c, dstRow)
		return
	}
	affineBy(team, AffineSiLU, dst, x, a, b, w, c, dstRow)
}

func affineBy(team *Team, do func(dst, x, a, b []float32, w, c, dstRow int), dst, x, a, b []float32, w, c, dstRow int) {
	checkRows(dst, x, w, c, dstRow)
	t := &team.affine
	*t = affineTask{do: do, dst: dst, x: x, a: a, b: b, w: w, c: c, dstRow: dstRow}
	t.parts = team.parts(len(x)/(w*c), 1)
	team.share(t.parts, t)
}

// affineTask is Affine or AffineSiLU, cut by rows.
type affineTask struct {
	do           func(dst, x, a, b []float32, w, c, dstRow int)
	dst, x, a, b []float32
	w, c, dstRow int
	parts        int
}

func (t *affineTask) part(_, i int) {
	row := t.w * t.c
	from, to := cut(len(t.x)/row, 1, t.parts, i)
	if from < to {
		t.do(t.dst[from*t.dstRow:], t.x[from*row:to*row], t.a, t.b, t.w, t.c, t.dstRow)
	}
}

// AffineSiLUGrad computes dz = dy·SiLU'(x·a[ch] + b[ch]), the gradient of what
// AffineSiLU applies SiLU to. All are [n][c]; dz may be dy.
func AffineSiLUGrad(dz, dy, x, a, b []float32, c int) {
	need(c > 0 && len(x)%c == 0 && len(dz) == len(x) && len(dy) == len(x))
	affineSiLUGrad(dz, dy, x, a[:c], b[:c])
}

// Combine computes dx = a[ch]·dz + b[ch]·x + d[ch], the gradient of a
// normalisation once its sums are known, from dz and x, [h][w][c], into an image
// whose rows are dxRow elements apart (see Affine).
func Combine(dx, dz, x, a, b, d []float32, w, c, dxRow int) {
	checkRows(dx, x, w, c, dxRow)
	need(len(dz) == len(x))
	a, b, d = a[:c], b[:c], d[:c]
	for i := 0; len(x) > 0; i += dxRow {
		combine(dx[i:i+w*c], dz[:w*c], x[:w*c], a, b, d)
		dz, x = dz[w*c:], x[w*c:]
	}
}

// CombineAdd is Combine that adds to dx, all [n][c].
func CombineAdd(dx, dz, x, a, b, d []float32, c int) {
	need(c > 0 && len(x)%c == 0 && len(dx) == len(x) && len(dz) == len(x))
	combineAdd(dx, dz, x, a[:c], b[:c], d[:c])
}

// checkRows panics unless x is whole rows of w pixels and dst has room for them.
func checkRows(dst, x []float32, w, c, dstRow int) {
	need(w > 0 && c > 0 && len(x)%(w*c) == 0 && dstRow >= w*c)
	if rows := len(x) / (w * c); rows > 0 {
		need(len(dst) >= (rows-1)*dstRow+w*c)
	}
}
