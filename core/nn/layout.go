package nn

// The two layouts of a matrix or a kernel: PyTorch's [out][in][kh·kw] and ours,
// [kh·kw][in][out].

// lanes is how many rows of the one, neighbours in the other, go together: enough
// that neither is read or written a number at a time.
const lanes = 8

// fromTorch sets own, a kernel with so many outputs, inputs and places, from
// PyTorch's layout.
func fromTorch(own, torch []float32, out, in, rest int) {
	row := in * rest
	o := 0
	for ; o+lanes <= out; o += lanes {
		var rows [lanes][]float32
		for k := range rows {
			rows[k] = torch[(o+k)*row:][:row]
		}
		for i := range in {
			for r := range rest {
				to := (*[lanes]float32)(own[(r*in+i)*out+o:])
				for k := range rows {
					to[k] = rows[k][i*rest+r]
				}
			}
		}
	}
	for ; o < out; o++ {
		for i := range in {
			for r := range rest {
				own[(r*in+i)*out+o] = torch[o*row+i*rest+r]
			}
		}
	}
}

// toTorch sets torch from our layout.
func (p Param) toTorch(torch, own []float32) {
	out, in, rest := p.dims()
	for o := range out {
		for i := range in {
			for r := range rest {
				torch[(o*in+i)*rest+r] = own[(r*in+i)*out+o]
			}
		}
	}
}

// dims are the outputs, the inputs and the places of a kernel.
func (p Param) dims() (out, in, rest int) {
	out, in = p.Shape[0], p.Shape[1]
	return out, in, p.Len() / (out * in)
}
