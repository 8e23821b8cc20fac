package kernel

// fewOutputs is how many output channels are too few for a panel. The vectors go
// over the inputs then, and the packed form is the transpose, [out][k].
const fewOutputs = Panel / 2

// forwardFewGeneric is forwardGeneric for few outputs.
func (c Conv) forwardFewGeneric(out, in, packed, bias []float32, accumulate bool) {
	k := c.R * c.K
	for y := range c.H {
		for x := range c.W {
			dst := out[y*c.OutRow+x*c.OutPix:][:c.Out]
			for o := range dst {
				sum := startOf(dst, bias, o, accumulate)
				for r := range c.R {
					w := packed[o*k+r*c.K:][:c.K]
					for j, v := range in[(y+r)*c.InRow+x*c.InPix:][:c.K] {
						sum += v * w[j]
					}
				}
				dst[o] = sum
			}
		}
	}
}

// startOf is what the sum of output o begins with.
func startOf(dst, bias []float32, o int, accumulate bool) float32 {
	switch {
	case accumulate:
		return dst[o]
	case bias != nil:
		return bias[o]
	}
	return 0
}
