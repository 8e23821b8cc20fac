package kernel

// Blend computes dst[i] = a·x[i] + b·y[i], each product rounded before the sum, so
// that all forms give the same bits. The lengths are equal; dst may be x or y.
func Blend(dst, x, y []float32, a, b float32) {
	need(len(x) == len(dst) && len(y) == len(dst))
	blend(dst, x, y, a, b)
}

// BlendRGBA is Blend for [n][3] values that become the levels of [n][4] bytes, the
// fourth, alpha, being 255. It follows a slider over millions of values, and reads
// them once.
func BlendRGBA(dst []byte, x, y []float32, a, b float32) {
	need(len(dst)%4 == 0 && len(x) == len(dst)/4*3 && len(y) == len(x))
	blendRGBA(dst, x, y, a, b)
}

// Level is the byte that a value in [−1, 1] is shown as: (x + 1)·127.5 rounded to
// nearest, halves up, and clamped to 0…255. NaN becomes 0.
func Level(x float32) byte {
	// Rounded and clamped as an integer, since clamping noise by branches costs a
	// misprediction every few values: with h halves of a level, (h+1)>>1 levels.
	h := (x + 1) * levelHalves
	if !(h < 1<<30) { // beyond integers, where conversions differ between platforms
		if h > 0 {
			return 255
		}
		return 0 // NaN
	}
	if h < -1<<30 {
		return 0
	}
	return byte((min(max(int64(h), 0), 2*levelHalves) + 1) >> 1)
}

// levelHalves is how many halves of a level there are in a unit.
const levelHalves = 255
