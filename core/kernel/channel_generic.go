package kernel

// The number of channels is the length of the coefficient slices, and the other
// slices are a whole number of pixels.

func channelSumGeneric(sum, x []float32) {
	for ; len(x) > 0; x = x[len(sum):] {
		for ch := range sum {
			sum[ch] += x[ch]
		}
	}
}

func channelCentredGeneric(sum, x, mean []float32) {
	for ; len(x) > 0; x = x[len(sum):] {
		for ch := range sum {
			d := x[ch] - mean[ch]
			sum[ch] += d * d
		}
	}
}

func channelDotGeneric(sum, dot, dz, x []float32) {
	for i := 0; i < len(x); i += len(sum) {
		for ch := range sum {
			sum[ch] += dz[i+ch]
			dot[ch] += dz[i+ch] * x[i+ch]
		}
	}
}

func affineGeneric(dst, x, a, b []float32) {
	for i := 0; i < len(x); i += len(a) {
		for ch := range a {
			dst[i+ch] = x[i+ch]*a[ch] + b[ch]
		}
	}
}

func affineSiLUGeneric(dst, x, a, b []float32) {
	for i := 0; i < len(x); i += len(a) {
		for ch := range a {
			dst[i+ch] = siluOf(x[i+ch]*a[ch] + b[ch])
		}
	}
}

func affineSiLUGradGeneric(dz, dy, x, a, b []float32) {
	for i := 0; i < len(x); i += len(a) {
		for ch := range a {
			dz[i+ch] = dy[i+ch] * siluSlope(x[i+ch]*a[ch]+b[ch])
		}
	}
}

func combineGeneric(dx, dz, x, a, b, d []float32) {
	for i := 0; i < len(x); i += len(a) {
		for ch := range a {
			dx[i+ch] = a[ch]*dz[i+ch] + b[ch]*x[i+ch] + d[ch]
		}
	}
}

func combineAddGeneric(dx, dz, x, a, b, d []float32) {
	for i := 0; i < len(x); i += len(a) {
		for ch := range a {
			dx[i+ch] += a[ch]*dz[i+ch] + b[ch]*x[i+ch] + d[ch]
		}
	}
}
