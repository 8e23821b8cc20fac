//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// normalBlocks is how many blocks are on their way at a time: all of their words
// first, and then in their place the values, while they are in the nearest cache.
const normalBlocks = 256

func normal(dst []float32, counter [4]uint32, key [2]uint32) {
	if vector() {
		for len(dst) >= 4*philoxLanes {
			n := min(len(dst)/(4*philoxLanes)*philoxLanes, normalBlocks)
			blocks := blocksOf(dst, n)
			philoxBlocks(blocks, counter, key)
			boxMullerBlocks(blocks)
			counter[0] += uint32(n)
			dst = dst[4*n:]
		}
	}
	normalGeneric(dst, counter, key)
}

// blocksOf sees the first 4·n elements of x as blocks of four words, or of the
// bits of four values.
func blocksOf(x []float32, n int) [][4]uint32 {
	x = x[:4*n]
	return unsafe.Slice((*[4]uint32)(unsafe.Pointer(unsafe.SliceData(x))), n)
}

// normalTable has the constants of boxMuller in every lane.
var normalTable struct {
	low, exponent52, exponent51, below, half, unity, bias, sign, turnEighth, turnRest bits64

	uShift, kShift, aShift                                                    vec64
	one, four, log3, log5, log7, log9, log11, log13, ln2                      vec64
	unit, sin3, sin5, sin7, sin9, sin11, cos2, cos4, cos6, cos8, cos10, cos12 vec64
}

func init() {
	if !vector() {
		return
	}
	t := &normalTable
	t.low, t.sign, t.unity = splatBits(1<<32-1), splatBits(1<<63), splatBits(1)
	t.exponent52, t.exponent51 = splatBits(0x433<<52), splatBits(0x432<<52)
	t.below, t.half = splatBits(1<<52-1), splatBits(sqrtHalf)
	t.bias = splatBits(sqrtHalf - 1<<52)
	t.turnEighth, t.turnRest = splatBits(1<<29), splatBits(1<<30-1)
	t.uShift, t.kShift, t.aShift = splat64(1<<52-0.5), splat64(1<<52+33), splat64(1<<51+1<<29-0.5)
	t.one, t.four, t.ln2, t.unit = splat64(1), splat64(logUnit), splat64(minusTwoLn2), splat64(angleUnit)
	t.log3, t.log5, t.log7 = splat64(log3), splat64(log5), splat64(log7)
	t.log9, t.log11, t.log13 = splat64(log9), splat64(log11), splat64(log13)
	t.sin3, t.sin5, t.sin7, t.sin9, t.sin11 = splat64(sin3), splat64(sin5), splat64(sin7), splat64(sin9), splat64(sin11)
	t.cos2, t.cos4, t.cos6 = splat64(cos2), splat64(cos4), splat64(cos6)
	t.cos8, t.cos10, t.cos12 = splat64(cos8), splat64(cos10), splat64(cos12)
}

// boxMullerBlocks replaces the words of each block by the bits of its values:
// boxMuller, step for step, on pairs of words in 64-bit lanes. There are no
// conversions between such lanes and float64, so an integer below 2⁵² is put
// behind the exponent of 2⁵², where it is the value 2⁵² more; what is to be taken
// away again is exact, and includes the ½.
func boxMullerBlocks(blocks [][4]uint32) {
	t := &normalTable
	for ; len(blocks) >= pairs/2; blocks = blocks[pairs/2:] {
		words := loadPairs(blocks)

		u := words.And(t.low).Or(t.exponent52).BitsToFloat64().Sub(t.uShift).ToBits()
		over := u.Sub(t.bias) // 2⁵² more than in boxMuller: never negative, and k one more
		k := over.ShiftAllRight(52).Or(t.exponent52).BitsToFloat64().Sub(t.kShift)
		m := over.And(t.below).Add(t.half).BitsToFloat64()

		s := m.Sub(t.one).Div(m.Add(t.one))
		v := s.Mul(s)
		vv := v.Mul(v)
		p01 := t.one.Add(v.Mul(t.log3))
		p23 := t.log5.Add(v.Mul(t.log7))
		p456 := t.log9.Add(v.Mul(t.log11)).Add(vv.Mul(t.log13))
		p := p01.Add(vv.Mul(p23.Add(vv.Mul(p456))))
		r := k.Mul(t.ln2).Sub(t.four.Mul(s).Mul(p)).Sqrt()

		// turned holds q in bits 30 and 31, and below them 2²⁹ more than the angle
		// that is left.
		turned := words.ShiftAllRight(32).Add(t.turnEighth)
		rest := turned.And(t.turnRest)
		a := rest.Add(rest).Or(t.exponent51).BitsToFloat64().Sub(t.aShift).Mul(t.unit)
		w := a.Mul(a)
		sin := t.sin7.Add(w.Mul(t.sin9.Sub(w.Mul(t.sin11))))
		sin = t.sin5.Add(w.Mul(sin))
		sin = t.sin3.Add(w.Mul(sin))
		sin = a.Mul(t.one.Add(w.Mul(sin)))
		cos := t.cos10.Add(w.Mul(t.cos12))
		cos = t.cos8.Add(w.Mul(cos))
		cos = t.cos6.Add(w.Mul(cos))
		cos = t.cos4.Add(w.Mul(cos))
		cos = t.cos2.Add(w.Mul(cos))
		cos = t.one.Add(w.Mul(cos))

		// An odd quarter turn swaps the two, and then x is negative in the second
		// and third quarter, y in the third and fourth: the products with 0 and ±1.
		odd := turned.ShiftAllRight(30).And(t.unity)
		swap := cos.ToBits().Xor(sin.ToBits()).And(odd.Sub(t.unity).Not())
		high := turned.ShiftAllLeft(32)
		signX, signY := high.Xor(high.Add(high)).And(t.sign), high.And(t.sign)
		x := cos.ToBits().Xor(swap).Xor(signX).BitsToFloat64()
		y := sin.ToBits().Xor(swap).Xor(signY).BitsToFloat64()
		storePairs(blocks, r.Mul(x), r.Mul(y))
	}
}
