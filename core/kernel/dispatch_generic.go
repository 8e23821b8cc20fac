//go:build !goexperiment.simd || !(amd64 || wasm)

package kernel

func panelMax() int { return Panel }

const stripFloats = 96 << 10

func form() string { return "generic" }

func (c Conv) forward(out, in, packed, bias []float32, accumulate bool) {
	c.forwardGeneric(out, in, packed, bias, accumulate)
}

func (c Conv) weightGrad(dw, in, dout, _ []float32) { c.weightGradGeneric(dw, in, dout) }

func (c Conv) weightGradScratch() int { return 0 }

func ceiling(n int) (sum float32, flops int64) { return ceilingGeneric(n) }

func add(dst, a []float32)                          { addGeneric(dst, a) }
func addScaled(dst, a []float32, s float32)         { addScaledGeneric(dst, a, s) }
func scale(dst []float32, s float32)                { scaleGeneric(dst, s) }
func silu(dst, x []float32)                         { siluGeneric(dst, x) }
func siluGrad(dx, dy, x []float32)                  { siluGradGeneric(dx, dy, x) }
func softmax(x []float32)                           { softmaxGeneric(x) }
func softmaxGrad(dx, dy, y []float32)               { softmaxGradGeneric(dx, dy, y) }
func channelSum(sum, x []float32)                   { channelSumGeneric(sum, x) }
func channelCentred(sum, x, mean []float32)         { channelCentredGeneric(sum, x, mean) }
func channelDot(sum, dot, dz, x []float32)          { channelDotGeneric(sum, dot, dz, x) }
func affine(dst, x, a, b []float32)                 { affineGeneric(dst, x, a, b) }
func affineSiLU(dst, x, a, b []float32)             { affineSiLUGeneric(dst, x, a, b) }
func affineSiLUGrad(dz, dy, x, a, b []float32)      { affineSiLUGradGeneric(dz, dy, x, a, b) }
func combine(dx, dz, x, a, b, d []float32)          { combineGeneric(dx, dz, x, a, b, d) }
func combineAdd(dx, dz, x, a, b, d []float32)       { combineAddGeneric(dx, dz, x, a, b, d) }
func add4(dst, p, q, r, s []float32, scale float32) { add4Generic(dst, p, q, r, s, scale) }

func vector() bool { return false }

func (h *half) vectors(_, _, _ lines, _, _ int) {}

func outer(dw, x, grad []float32, in, out int, accumulate bool) {
	outerGeneric(dw, x, grad, in, out, accumulate)
}

func normal(dst []float32, counter [4]uint32, key [2]uint32) { normalGeneric(dst, counter, key) }

func blend(dst, x, y []float32, a, b float32)            { blendGeneric(dst, x, y, a, b) }
func blendRGBA(dst []byte, x, y []float32, a, b float32) { blendRGBAGeneric(dst, x, y, a, b) }

func (a *Adam) step(w, m, v, grad []float32) { a.stepGeneric(w, m, v, grad) }
func approach(dst, x []float32, by float32)  { approachGeneric(dst, x, by) }
