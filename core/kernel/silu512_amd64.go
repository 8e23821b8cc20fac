//go:build goexperiment.simd

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// The passes of normalisation that have an exponential in them, for AVX-512: half
// as many instructions as with vectors of eight, and their number is what these
// passes wait for. 2^n is one instruction too.

// wide says whether pixels of c channels fill the vectors of these.
func wide(c int) bool { return level == levelAVX512 && c%16 == 0 }

// expTable512 is expTable.
var expTable512 struct {
	low, high, log2e, ln2Hi, ln2Lo, p0, p1, p2, p3, p4, p5, one, zero archsimd.Float32x16
}

func init() {
	if level != levelAVX512 {
		return
	}
	t, splat := &expTable512, archsimd.BroadcastFloat32x16
	t.low, t.high, t.log2e = splat(expLow), splat(expHigh), splat(log2e)
	t.ln2Hi, t.ln2Lo, t.one = splat(-ln2Hi), splat(-ln2Lo), splat(1)
	t.p0, t.p1, t.p2 = splat(expP0), splat(expP1), splat(expP2)
	t.p3, t.p4, t.p5 = splat(expP3), splat(expP4), splat(expP5)
}

func exp512(x archsimd.Float32x16) archsimd.Float32x16 {
	t := &expTable512
	x = x.Max(t.low).Min(t.high)
	n := x.Mul(t.log2e).RoundScaled(0)
	r := n.MulAdd(t.ln2Lo, n.MulAdd(t.ln2Hi, x))
	p := r.MulAdd(t.p0, t.p1)
	p = r.MulAdd(p, t.p2)
	p = r.MulAdd(p, t.p3)
	p = r.MulAdd(p, t.p4)
	p = r.MulAdd(p, t.p5)
	return r.Mul(r).MulAdd(p, r).Add(t.one).Scale(n)
}

// vecs512 is vecs.
func vecs512(x []float32) [][16]float32 {
	return unsafe.Slice((*[16]float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x)/16)
}

func load512(v *[16]float32) archsimd.Float32x16 { return archsimd.LoadFloat32x16Array(v) }

func affineSiLU512(dst, x, a, b []float32) {
	t := &expTable512
	aVecs := vecs512(a)
	bVecs := vecs512(b)[:len(aVecs)]
	dstVecs, xVecs := vecs512(dst), vecs512(x)
	for len(xVecs) >= len(aVecs) {
		dstPix, xPix := dstVecs[:len(aVecs)], xVecs[:len(aVecs)]
		for i := range aVecs {
			z := load512(&xPix[i]).MulAdd(load512(&aVecs[i]), load512(&bVecs[i]))
			z.Div(t.one.Add(exp512(t.zero.Sub(z)))).StoreArray(&dstPix[i])
		}
		dstVecs, xVecs = dstVecs[len(aVecs):], xVecs[len(aVecs):]
	}
}

func affineSiLUGrad512(dz, dy, x, a, b []float32) {
	t := &expTable512
	aVecs := vecs512(a)
	bVecs := vecs512(b)[:len(aVecs)]
	dzVecs, dyVecs, xVecs := vecs512(dz), vecs512(dy), vecs512(x)
	for len(xVecs) >= len(aVecs) {
		dzPix, dyPix, xPix := dzVecs[:len(aVecs)], dyVecs[:len(aVecs)], xVecs[:len(aVecs)]
		for i := range aVecs {
			z := load512(&xPix[i]).MulAdd(load512(&aVecs[i]), load512(&bVecs[i]))
			s := t.one.Div(t.one.Add(exp512(t.zero.Sub(z))))
			slope := s.Mul(z.MulAdd(t.one.Sub(s), t.one))
			load512(&dyPix[i]).Mul(slope).StoreArray(&dzPix[i])
		}
		dzVecs, dyVecs, xVecs = dzVecs[len(aVecs):], dyVecs[len(aVecs):], xVecs[len(aVecs):]
	}
}
