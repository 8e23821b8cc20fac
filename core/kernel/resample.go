package kernel

// Halving and doubling of images. In all four, h × w is the size of the smaller
// image, which is [h][w][c]; the pixels of the larger one, 2h × 2w, are pix ≥ c
// elements apart (and its rows 2w·pix), so that it can be some of the channels of
// a wider image.

// AvgPool2 computes dst[y][x] = mean of x[2y…2y+1][2x…2x+1].
func AvgPool2(dst, x []float32, h, w, c, pix int) {
	checkResample(dst, x, h, w, c, pix)
	for i := range h * w {
		p := large(i, w, pix)
		q := p + 2*w*pix
		add4(dst[i*c:][:c], x[p:][:c], x[p+pix:][:c], x[q:][:c], x[q+pix:][:c], 0.25)
	}
}

// AvgPool2Grad adds a quarter of dy to each of the four pixels of dx under it.
func AvgPool2Grad(dx, dy []float32, h, w, c, pix int) {
	checkResample(dy, dx, h, w, c, pix)
	for i := range h * w {
		p := large(i, w, pix)
		q := p + 2*w*pix
		for _, at := range [4]int{p, p + pix, q, q + pix} {
			addScaled(dx[at:][:c], dy[i*c:][:c], 0.25)
		}
	}
}

// Upsample2 copies each pixel of x to the four of dst that it covers.
func Upsample2(dst, x []float32, h, w, c, pix int) {
	checkResample(x, dst, h, w, c, pix)
	for i := range h * w {
		p := large(i, w, pix)
		q := p + 2*w*pix
		for _, at := range [4]int{p, p + pix, q, q + pix} {
			copy(dst[at:][:c], x[i*c:])
		}
	}
}

// Upsample2Grad sets each pixel of dx to the sum of the four of dy that it covers.
func Upsample2Grad(dx, dy []float32, h, w, c, pix int) {
	checkResample(dx, dy, h, w, c, pix)
	for i := range h * w {
		p := large(i, w, pix)
		q := p + 2*w*pix
		add4(dx[i*c:][:c], dy[p:][:c], dy[p+pix:][:c], dy[q:][:c], dy[q+pix:][:c], 1)
	}
}

// large is the index in the larger image of the first pixel under pixel i of the
// smaller.
func large(i, w, pix int) int { return (2*(i/w)*2*w + 2*(i%w)) * pix }

func checkResample(small, big []float32, h, w, c, pix int) {
	need(h >= 0 && w >= 0 && c > 0 && pix >= c && len(small) >= h*w*c)
	need(h*w == 0 || len(big) >= (4*h*w-1)*pix+c)
}

// add4Generic computes dst[i] = (p[i] + q[i] + r[i] + s[i])·scale.
func add4Generic(dst, p, q, r, s []float32, scale float32) {
	p, q, r, s = p[:len(dst)], q[:len(dst)], r[:len(dst)], s[:len(dst)]
	for i := range dst {
		dst[i] = (p[i] + q[i] + r[i] + s[i]) * scale
	}
}
