//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// Whole vectors of a pixel's channels; a kernel whose channels do not fill them
// goes through the plain form. So one check decides for the whole pass.

func filled(c int) bool { return vector() && c%lanes == 0 }

func channelSum(sum, x []float32) {
	if !filled(len(sum)) {
		channelSumGeneric(sum, x)
		return
	}
	for ; len(x) >= len(sum); x = x[len(sum):] {
		for i := 0; i < len(sum); i += lanes {
			store(sum[i:], load(sum[i:]).Add(load(x[i:])))
		}
	}
}

func channelCentred(sum, x, mean []float32) {
	if !filled(len(sum)) {
		channelCentredGeneric(sum, x, mean)
		return
	}
	for ; len(x) >= len(sum); x = x[len(sum):] {
		for i := 0; i < len(sum); i += lanes {
			d := load(x[i:]).Sub(load(mean[i:]))
			store(sum[i:], d.MulAdd(d, load(sum[i:])))
		}
	}
}

func channelDot(sum, dot, dz, x []float32) {
	if !filled(len(sum)) {
		channelDotGeneric(sum, dot, dz, x)
		return
	}
	for ; len(x) >= len(sum); dz, x = dz[len(sum):], x[len(sum):] {
		for i := 0; i < len(sum); i += lanes {
			d := load(dz[i:])
			store(sum[i:], load(sum[i:]).Add(d))
			store(dot[i:], d.MulAdd(load(x[i:]), load(dot[i:])))
		}
	}
}

func affine(dst, x, a, b []float32) {
	if !filled(len(a)) {
		affineGeneric(dst, x, a, b)
		return
	}
	for ; len(x) >= len(a); dst, x = dst[len(a):], x[len(a):] {
		for i := 0; i < len(a); i += lanes {
			store(dst[i:], load(x[i:]).MulAdd(load(a[i:]), load(b[i:])))
		}
	}
}

func affineSiLU(dst, x, a, b []float32) {
	if !filled(len(a)) {
		affineSiLUGeneric(dst, x, a, b)
		return
	}
	for ; len(x) >= len(a); dst, x = dst[len(a):], x[len(a):] {
		for i := 0; i < len(a); i += lanes {
			store(dst[i:], siluVec(load(x[i:]).MulAdd(load(a[i:]), load(b[i:]))))
		}
	}
}

func affineSiLUGrad(dz, dy, x, a, b []float32) {
	if !filled(len(a)) {
		affineSiLUGradGeneric(dz, dy, x, a, b)
		return
	}
	for ; len(x) >= len(a); dz, dy, x = dz[len(a):], dy[len(a):], x[len(a):] {
		for i := 0; i < len(a); i += lanes {
			slope := siluSlopeVec(load(x[i:]).MulAdd(load(a[i:]), load(b[i:])))
			store(dz[i:], load(dy[i:]).Mul(slope))
		}
	}
}

func combine(dx, dz, x, a, b, d []float32) {
	if !filled(len(a)) {
		combineGeneric(dx, dz, x, a, b, d)
		return
	}
	for ; len(x) >= len(a); dx, dz, x = dx[len(a):], dz[len(a):], x[len(a):] {
		for i := 0; i < len(a); i += lanes {
			store(dx[i:], load(x[i:]).MulAdd(load(b[i:]), load(dz[i:]).MulAdd(load(a[i:]), load(d[i:]))))
		}
	}
}

func combineAdd(dx, dz, x, a, b, d []float32) {
	if !filled(len(a)) {
		combineAddGeneric(dx, dz, x, a, b, d)
		return
	}
	for ; len(x) >= len(a); dx, dz, x = dx[len(a):], dz[len(a):], x[len(a):] {
		for i := 0; i < len(a); i += lanes {
			sum := load(x[i:]).MulAdd(load(b[i:]), load(dz[i:]).MulAdd(load(a[i:]), load(d[i:])))
			store(dx[i:], load(dx[i:]).Add(sum))
		}
	}
}
