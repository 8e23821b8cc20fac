package tensor

// FromBytes maps a picture's bytes to [−1, 1]: x/127.5 − 1.
func FromBytes(dst []float32, src []byte) {
	for i, b := range src[:len(dst)] {
		dst[i] = float32(b)/127.5 - 1
	}
}

// Bytes maps values back to bytes: (x + 1)·127.5, rounded to nearest and
// clamped to 0…255. NaN becomes 0.
func Bytes(dst []byte, src []float32) {
	for i, x := range src[:len(dst)] {
		switch v := (x + 1) * 127.5; {
		case v >= 255:
			dst[i] = 255
		case v > 0:
			dst[i] = byte(float64(v) + 0.5)
		default:
			dst[i] = 0
		}
	}
}
