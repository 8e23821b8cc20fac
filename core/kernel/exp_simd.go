//go:build goexperiment.simd && (amd64 || wasm)

package kernel

// The vector forms of exp.go, step for step. They are small enough to be inlined
// into the loops that use them, which they must be: a call for each vector costs
// as much as the exponential. That is why the constants are loaded from a table.

// expTable has the constants of exp in every lane.
var expTable struct {
	low, high, log2e, shift, ln2Hi, ln2Lo, p0, p1, p2, p3, p4, p5, one vec
}

func init() {
	if !vector() {
		return
	}
	t := &expTable
	t.low, t.high, t.log2e, t.shift = splat(expLow), splat(expHigh), splat(log2e), splat(roundShift)
	t.ln2Hi, t.ln2Lo, t.one = splat(-ln2Hi), splat(-ln2Lo), splat(1)
	t.p0, t.p1, t.p2 = splat(expP0), splat(expP1), splat(expP2)
	t.p3, t.p4, t.p5 = splat(expP3), splat(expP4), splat(expP5)
}

func expVec(x vec) vec {
	t := &expTable
	x = x.Max(t.low).Min(t.high)
	shifted := x.MulAdd(t.log2e, t.shift)
	n := shifted.Sub(t.shift)
	r := n.MulAdd(t.ln2Lo, n.MulAdd(t.ln2Hi, x))
	p := r.MulAdd(t.p0, t.p1)
	p = r.MulAdd(p, t.p2)
	p = r.MulAdd(p, t.p3)
	p = r.MulAdd(p, t.p4)
	p = r.MulAdd(p, t.p5)
	p = r.Mul(r).MulAdd(p, r).Add(t.one)
	return p.Mul(power(shifted))
}

func logisticVec(x vec) vec {
	one := expTable.one
	return one.Div(one.Add(expVec(x.Neg())))
}

func siluVec(x vec) vec { return x.Mul(logisticVec(x)) }

func siluSlopeVec(x vec) vec {
	one := expTable.one
	s := logisticVec(x)
	return s.Mul(x.MulAdd(one.Sub(s), one))
}
