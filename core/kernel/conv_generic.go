package kernel

// forwardGeneric is the definition of Conv.Forward and Conv.Accumulate as a loop,
// a panel of Panel output channels at a time.
func (c Conv) forwardGeneric(out, in, packed, bias []float32, accumulate bool) {
	if c.Out <= fewOutputs {
		c.forwardFewGeneric(out, in, packed, bias, accumulate)
		return
	}
	k := c.R * c.K
	for p := range c.H * c.W {
		y, x := p/c.W, p%c.W
		at := y*c.OutRow + x*c.OutPix
		for first := 0; first < c.Out; first += Panel {
			dst := out[at+first:][:min(Panel, c.Out-first)]
			var sum [Panel]float32
			if accumulate {
				copy(sum[:], dst)
			} else if bias != nil {
				copy(sum[:], bias[first:c.Out])
			}
			column, step := packedAt(first, k, c.Out)
			w := packed[column:]
			for r := range c.R {
				run := in[(y+r)*c.InRow+x*c.InPix:][:c.K]
				for j, v := range run {
					row := (*[Panel]float32)(w[(r*c.K+j)*step:])
					for o := range sum {
						sum[o] += v * row[o]
					}
				}
			}
			copy(dst, sum[:])
		}
	}
}

// weightGradGeneric is the definition of Conv.WeightGrad as a loop.
func (c Conv) weightGradGeneric(dw, in, dout []float32) {
	for y := range c.H {
		for x := range c.W {
			g := dout[y*c.OutRow+x*c.OutPix:][:c.Out]
			for r := range c.R {
				run := in[(y+r)*c.InRow+x*c.InPix:][:c.K]
				for j, v := range run {
					row := dw[(r*c.K+j)*c.Out:][:c.Out]
					for o, d := range g {
						row[o] += v * d
					}
				}
			}
		}
	}
}
