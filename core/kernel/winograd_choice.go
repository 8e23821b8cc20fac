package kernel

// ChooseWinograd says which form of a 3×3 convolution serves a layer best: squares
// of 4×4, of 2×2, or 0, Conv itself. It depends on nothing but the shape, so that a
// network computes alike everywhere.
func ChooseWinograd(h, w, in, out int) (m int) {
	if in%Panel != 0 || out%Panel != 0 {
		return 0
	}
	if h*w >= 196 || in*out <= 128*128 {
		return 4
	}
	return 2
}
