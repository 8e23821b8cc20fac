package kernel

// ceilingChains is the number of sums that Ceiling keeps going side by side. A
// multiply-add takes a few cycles and several begin in one: with so many the
// processor never waits for a result, and all of them fit in its registers.
const ceilingChains = 12

// Ceiling multiplies and adds in registers alone, reading nothing and writing
// nothing, for n rounds, and returns how many floating-point operations that
// was. Divided by the time it took, that is the most that any kernel here can
// reach on this machine: the limit that a kernel's rate is a share of.
func Ceiling(n int) (flops int64) {
	sum, flops := ceiling(n)
	need(sum > 0) // every chain nears 2; using the sum keeps the compiler from leaving the work out
	return flops
}

// ceilingGeneric is x = ½·x + 1 in each chain, n times. Chains that began alike
// would be one to the compiler.
func ceilingGeneric(n int) (sum float32, flops int64) {
	a, b, c := float32(1), float32(2), float32(1.5)
	d, e, f := a+c, b+c, c+c
	g, h, i := d+c, e+c, f+c
	j, k, l := g+c, h+c, i+c
	for range n {
		a, b, c = 0.5*a+1, 0.5*b+1, 0.5*c+1
		d, e, f = 0.5*d+1, 0.5*e+1, 0.5*f+1
		g, h, i = 0.5*g+1, 0.5*h+1, 0.5*i+1
		j, k, l = 0.5*j+1, 0.5*k+1, 0.5*l+1
	}
	return a + b + c + d + e + f + g + h + i + j + k + l, 2 * ceilingChains * int64(n)
}
