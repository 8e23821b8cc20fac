package kernel

func addGeneric(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] += a[i]
	}
}

func addScaledGeneric(dst, a []float32, s float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] += s * a[i]
	}
}

func scaleGeneric(dst []float32, s float32) {
	for i := range dst {
		dst[i] *= s
	}
}

func siluGeneric(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = siluOf(v)
	}
}

func siluGradGeneric(dx, dy, x []float32) {
	dy, x = dy[:len(dx)], x[:len(dx)]
	for i, v := range x {
		dx[i] = dy[i] * siluSlope(v)
	}
}

func softmaxGeneric(x []float32) {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	var sum float32
	for i, v := range x {
		x[i] = exp(v - top)
		sum += x[i]
	}
	scaleGeneric(x, 1/sum)
}

func softmaxGradGeneric(dx, dy, y []float32) {
	var dot float32
	for i, v := range y {
		dot += dy[i] * v
	}
	for i, v := range y {
		dx[i] = v * (dy[i] - dot)
	}
}
