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
	sumVecs := vecs(sum)
	xVecs := vecs(x)
	for len(xVecs) >= len(sumVecs) {
		xPix := xVecs[:len(sumVecs)]
		for i := range sumVecs {
			store(&sumVecs[i], load(&sumVecs[i]).Add(load(&xPix[i])))
		}
		xVecs = xVecs[len(sumVecs):]
	}
}

func channelCentred(sum, x, mean []float32) {
	if !filled(len(sum)) {
		channelCentredGeneric(sum, x, mean)
		return
	}
	sumVecs := vecs(sum)
	meanVecs := vecs(mean)[:len(sumVecs)]
	xVecs := vecs(x)
	for len(xVecs) >= len(sumVecs) {
		xPix := xVecs[:len(sumVecs)]
		for i := range sumVecs {
			d := load(&xPix[i]).Sub(load(&meanVecs[i]))
			store(&sumVecs[i], d.MulAdd(d, load(&sumVecs[i])))
		}
		xVecs = xVecs[len(sumVecs):]
	}
}

func channelDot(sum, dot, dz, x []float32) {
	if !filled(len(sum)) {
		channelDotGeneric(sum, dot, dz, x)
		return
	}
	sumVecs := vecs(sum)
	dotVecs := vecs(dot)[:len(sumVecs)]
	dzVecs, xVecs := vecs(dz), vecs(x)
	for len(xVecs) >= len(sumVecs) {
		dzPix, xPix := dzVecs[:len(sumVecs)], xVecs[:len(sumVecs)]
		for i := range sumVecs {
			d := load(&dzPix[i])
			store(&sumVecs[i], load(&sumVecs[i]).Add(d))
			store(&dotVecs[i], d.MulAdd(load(&xPix[i]), load(&dotVecs[i])))
		}
		dzVecs, xVecs = dzVecs[len(sumVecs):], xVecs[len(sumVecs):]
	}
}

func affine(dst, x, a, b []float32) {
	if !filled(len(a)) {
		affineGeneric(dst, x, a, b)
		return
	}
	aVecs := vecs(a)
	bVecs := vecs(b)[:len(aVecs)]
	dstVecs, xVecs := vecs(dst), vecs(x)
	for len(xVecs) >= len(aVecs) {
		dstPix, xPix := dstVecs[:len(aVecs)], xVecs[:len(aVecs)]
		for i := range aVecs {
			store(&dstPix[i], load(&xPix[i]).MulAdd(load(&aVecs[i]), load(&bVecs[i])))
		}
		dstVecs, xVecs = dstVecs[len(aVecs):], xVecs[len(aVecs):]
	}
}

func affineSiLU(dst, x, a, b []float32) {
	if !filled(len(a)) {
		affineSiLUGeneric(dst, x, a, b)
		return
	}
	if wide(len(a)) {
		affineSiLU512(dst, x, a, b)
		return
	}
	aVecs := vecs(a)
	bVecs := vecs(b)[:len(aVecs)]
	dstVecs, xVecs := vecs(dst), vecs(x)
	for len(xVecs) >= len(aVecs) {
		dstPix, xPix := dstVecs[:len(aVecs)], xVecs[:len(aVecs)]
		for i := range aVecs {
			store(&dstPix[i], siluVec(load(&xPix[i]).MulAdd(load(&aVecs[i]), load(&bVecs[i]))))
		}
		dstVecs, xVecs = dstVecs[len(aVecs):], xVecs[len(aVecs):]
	}
}

func affineSiLUGrad(dz, dy, x, a, b []float32) {
	if !filled(len(a)) {
		affineSiLUGradGeneric(dz, dy, x, a, b)
		return
	}
	if wide(len(a)) {
		affineSiLUGrad512(dz, dy, x, a, b)
		return
	}
	aVecs := vecs(a)
	bVecs := vecs(b)[:len(aVecs)]
	dzVecs, dyVecs, xVecs := vecs(dz), vecs(dy), vecs(x)
	for len(xVecs) >= len(aVecs) {
		dzPix, dyPix, xPix := dzVecs[:len(aVecs)], dyVecs[:len(aVecs)], xVecs[:len(aVecs)]
		for i := range aVecs {
			slope := siluSlopeVec(load(&xPix[i]).MulAdd(load(&aVecs[i]), load(&bVecs[i])))
			store(&dzPix[i], load(&dyPix[i]).Mul(slope))
		}
		dzVecs, dyVecs, xVecs = dzVecs[len(aVecs):], dyVecs[len(aVecs):], xVecs[len(aVecs):]
	}
}

func combine(dx, dz, x, a, b, d []float32) {
	if !filled(len(a)) {
		combineGeneric(dx, dz, x, a, b, d)
		return
	}
	aVecs := vecs(a)
	bVecs, dVecs := vecs(b)[:len(aVecs)], vecs(d)[:len(aVecs)]
	dxVecs, dzVecs, xVecs := vecs(dx), vecs(dz), vecs(x)
	for len(xVecs) >= len(aVecs) {
		dxPix, dzPix, xPix := dxVecs[:len(aVecs)], dzVecs[:len(aVecs)], xVecs[:len(aVecs)]
		for i := range aVecs {
			store(&dxPix[i], load(&xPix[i]).MulAdd(load(&bVecs[i]), load(&dzPix[i]).MulAdd(load(&aVecs[i]), load(&dVecs[i]))))
		}
		dxVecs, dzVecs, xVecs = dxVecs[len(aVecs):], dzVecs[len(aVecs):], xVecs[len(aVecs):]
	}
}

func combineAdd(dx, dz, x, a, b, d []float32) {
	if !filled(len(a)) {
		combineAddGeneric(dx, dz, x, a, b, d)
		return
	}
	aVecs := vecs(a)
	bVecs, dVecs := vecs(b)[:len(aVecs)], vecs(d)[:len(aVecs)]
	dxVecs, dzVecs, xVecs := vecs(dx), vecs(dz), vecs(x)
	for len(xVecs) >= len(aVecs) {
		dxPix, dzPix, xPix := dxVecs[:len(aVecs)], dzVecs[:len(aVecs)], xVecs[:len(aVecs)]
		for i := range aVecs {
			sum := load(&xPix[i]).MulAdd(load(&bVecs[i]), load(&dzPix[i]).MulAdd(load(&aVecs[i]), load(&dVecs[i])))
			store(&dxPix[i], load(&dxPix[i]).Add(sum))
		}
		dxVecs, dzVecs, xVecs = dxVecs[len(aVecs):], dzVecs[len(aVecs):], xVecs[len(aVecs):]
	}
}
