//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// The vector forms of exp.go, step for step.

func expVec(x vec) vec {
	x = x.Max(splat(expLow)).Min(splat(expHigh))
	n := x.Mul(splat(log2e)).Round()
	r := n.MulAdd(splat(-ln2Hi), x)
	r = n.MulAdd(splat(-ln2Lo), r)
	p := r.MulAdd(splat(expP0), splat(expP1))
	p = r.MulAdd(p, splat(expP2))
	p = r.MulAdd(p, splat(expP3))
	p = r.MulAdd(p, splat(expP4))
	p = r.MulAdd(p, splat(expP5))
	p = r.Mul(r).MulAdd(p, r).Add(splat(1))
	power := n.ConvertToInt32().Add(splatInt(127)).ShiftAllLeft(23)
	return p.Mul(power.ToBits().BitsToFloat32())
}

func logisticVec(x vec) vec {
	one := splat(1)
	return one.Div(one.Add(expVec(splat(0).Sub(x))))
}

func siluVec(x vec) vec { return x.Mul(logisticVec(x)) }

func siluSlopeVec(x vec) vec {
	one := splat(1)
	s := logisticVec(x)
	return s.Mul(x.MulAdd(one.Sub(s), one))
}
