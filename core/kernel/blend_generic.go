package kernel

func blendGeneric(dst, x, y []float32, a, b float32) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i := range dst {
		dst[i] = float32(a*x[i]) + float32(b*y[i])
	}
}

func blendRGBAGeneric(dst []byte, x, y []float32, a, b float32) {
	for len(dst) >= 4 && len(x) >= 3 && len(y) >= 3 {
		dst[0] = Level(float32(a*x[0]) + float32(b*y[0]))
		dst[1] = Level(float32(a*x[1]) + float32(b*y[1]))
		dst[2] = Level(float32(a*x[2]) + float32(b*y[2]))
		dst[3] = 255
		dst, x, y = dst[4:], x[3:], y[3:]
	}
}
