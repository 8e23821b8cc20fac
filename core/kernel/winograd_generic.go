package kernel

// inputSquareGeneric writes Bᵀ d B to dst, whose sixteen places are `plane` apart,
// for a 4×4 square of c channels that begins at d, its rows `row` apart.
func inputSquareGeneric(dst []float32, plane int, d []float32, row, c int) {
	for ch := range c {
		var half [places]float32
		for x := range 4 {
			at := x*c + ch
			d0, d1, d2, d3 := d[at], d[at+row], d[at+2*row], d[at+3*row]
			half[x], half[4+x], half[8+x], half[12+x] = d0-d2, d1+d2, d2-d1, d1-d3
		}
		for y := range 4 {
			d0, d1, d2, d3 := half[4*y], half[4*y+1], half[4*y+2], half[4*y+3]
			to := dst[4*y*plane+ch:]
			to[0], to[plane], to[2*plane], to[3*plane] = d0-d2, d1+d2, d2-d1, d1-d3
		}
	}
}

// outputSquareGeneric writes Aᵀ m A to the four pixels, plus bias (nil is zero) or
// what is there; the sixteen places of m are `plane` apart.
func outputSquareGeneric(pixel *[4][]float32, m []float32, plane int, bias []float32, accumulate bool) {
	for ch := range pixel[0] {
		var half [8]float32
		for x := range 4 {
			at := x*plane + ch
			m0, m1, m2, m3 := m[at], m[at+4*plane], m[at+8*plane], m[at+12*plane]
			half[x], half[4+x] = m0+m1+m2, m1-m2-m3
		}
		for y := range 2 {
			m0, m1, m2, m3 := half[4*y], half[4*y+1], half[4*y+2], half[4*y+3]
			for x, v := range [2]float32{m0 + m1 + m2, m1 - m2 - m3} {
				dst := pixel[2*y+x]
				switch {
				case accumulate:
					v += dst[ch]
				case bias != nil:
					v += bias[ch]
				}
				dst[ch] = v
			}
		}
	}
}
