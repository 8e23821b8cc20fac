package tensor

import "github.com/ddpm-go/ddpm/core/kernel"

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
		dst[i] = kernel.Level(x)
	}
}
