package tensor

// FromBytes maps a picture's bytes to [−1, 1]: x/127.5 − 1.
func FromBytes(dst []float32, src []byte) {
	for i, b := range src[:len(dst)] {
		dst[i] = fromByte[b]
	}
}

// fromByte is x/127.5 − 1 for each byte: a look-up is cheaper than a division.
var fromByte = func() (table [256]float32) {
	for b := range table {
		table[b] = float32(b)/127.5 - 1
	}
	return table
}()

// Bytes maps values back to bytes: (x + 1)·127.5, rounded to nearest and
// clamped to 0…255. NaN becomes 0.
func Bytes(dst []byte, src []float32) {
	for i, x := range src[:len(dst)] {
		dst[i] = toByte(x)
	}
}

// RGBA is Bytes for [n][3] values that become [n][4] bytes, the fourth, alpha,
// being 255. It follows a slider, so it is unrolled to pay for one bounds check
// in four pixels.
func RGBA(dst []byte, src []float32) {
	if len(src)%3 != 0 || len(dst)/4 != len(src)/3 || len(dst)%4 != 0 {
		panic("tensor: RGBA wants three values for every four bytes")
	}
	for len(src) >= 12 && len(dst) >= 16 {
		x, b := (*[12]float32)(src), (*[16]byte)(dst)
		b[0], b[1], b[2], b[3] = toByte(x[0]), toByte(x[1]), toByte(x[2]), 255
		b[4], b[5], b[6], b[7] = toByte(x[3]), toByte(x[4]), toByte(x[5]), 255
		b[8], b[9], b[10], b[11] = toByte(x[6]), toByte(x[7]), toByte(x[8]), 255
		b[12], b[13], b[14], b[15] = toByte(x[9]), toByte(x[10]), toByte(x[11]), 255
		src, dst = src[12:], dst[16:]
	}
	for len(src) >= 3 && len(dst) >= 4 {
		dst[0], dst[1], dst[2], dst[3] = toByte(src[0]), toByte(src[1]), toByte(src[2]), 255
		src, dst = src[3:], dst[4:]
	}
}

// toByte rounds and clamps as integers, since clamping noise by branches costs
// a misprediction every few values: with h halves of a level, (h+1)>>1 levels.
func toByte(x float32) byte {
	h := (x + 1) * 255
	if !(h < 1<<30) { // beyond integers, where conversions differ between platforms
		if h > 0 {
			return 255
		}
		return 0 // NaN
	}
	if h < -1<<30 {
		return 0
	}
	return byte((min(max(int64(h), 0), 510) + 1) >> 1)
}
