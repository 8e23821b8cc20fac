package kernel

// Add computes dst[i] += a[i]; the lengths are equal.
func Add(dst, a []float32) {
	need(len(dst) == len(a))
	add(dst, a)
}

// AddScaled computes dst[i] += s·a[i]; the lengths are equal.
func AddScaled(dst, a []float32, s float32) {
	need(len(dst) == len(a))
	addScaled(dst, a, s)
}

// Scale computes dst[i] *= s.
func Scale(dst []float32, s float32) { scale(dst, s) }

// SiLU computes dst[i] = x[i]·σ(x[i]), σ the logistic function. dst may be x.
func SiLU(dst, x []float32) {
	need(len(dst) == len(x))
	silu(dst, x)
}

// SiLUGrad computes dx[i] = dy[i]·SiLU'(x[i]), with
// SiLU'(x) = σ(x)·(1 + x·(1-σ(x))). dx may be dy.
func SiLUGrad(dx, dy, x []float32) {
	need(len(dx) == len(x) && len(dy) == len(x))
	siluGrad(dx, dy, x)
}

// Softmax replaces each row of n by exp(x_i - max)/Σ exp(x_j - max).
func Softmax(x []float32, n int) {
	need(n > 0 && len(x)%n == 0)
	for ; len(x) > 0; x = x[n:] {
		softmax(x[:n])
	}
}

// SoftmaxGrad computes, for each row of n, dx_i = y_i·(dy_i - Σ_j dy_j·y_j),
// where y is what Softmax gave. dx may be dy.
func SoftmaxGrad(dx, dy, y []float32, n int) {
	need(n > 0 && len(y)%n == 0 && len(dx) == len(y) && len(dy) == len(y))
	for i := 0; i < len(y); i += n {
		softmaxGrad(dx[i:i+n], dy[i:i+n], y[i:i+n])
	}
}
