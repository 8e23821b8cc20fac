package kernel

// ForwardBy is Forward with the work shared out.
func (c Conv) ForwardBy(team *Team, out, in, packed, bias []float32) {
	if team == nil || c.MulAdds() < leastMulAdds {
		c.Forward(out, in, packed, bias)
		return
	}
	need(bias == nil || len(bias) >= c.Out)
	c.shareOut(team, out, in, packed, bias, false)
}

// AccumulateBy is Accumulate with the work shared out.
func (c Conv) AccumulateBy(team *Team, out, in, packed []float32) {
	if team == nil || c.MulAdds() < leastMulAdds {
		c.Accumulate(out, in, packed)
		return
	}
	c.shareOut(team, out, in, packed, nil, true)
}

func (c Conv) shareOut(team *Team, out, in, packed, bias []float32, accumulate bool) {
	if !c.check(out, in) {
		return
	}
	need(len(packed) >= PackedLen(c.R*c.K, c.Out))
	t := &team.conv
	*t = convTask{conv: c, out: out, in: in, packed: packed, bias: bias, accumulate: accumulate}
	// Everybody reads all of what is not cut: the weights, or the image.
	switch weights := c.R * c.K * c.Out; {
	case c.Out >= 2*panelMax() && c.Out%Panel == 0 && (weights > c.H*c.W*c.K || c.H*c.W < team.Hands()*convPixels):
		t.by, t.parts = byChannels, team.parts(c.Out, panelMax())
	case c.H > 1:
		t.by, t.parts = byRows, team.parts(c.H, 1)
	default:
		t.by, t.parts = byPixels, team.parts(c.W, convPixels)
	}
	team.share(t.parts, t)
}

// convPixels is what rows are cut at, a multiple of the register tile.
const convPixels = 4

// How a convolution is cut.
const (
	byRows = iota
	byPixels
	byChannels
)

type convTask struct {
	conv                  Conv
	out, in, packed, bias []float32
	accumulate            bool
	by, parts             int
}

func (t *convTask) part(_, i int) {
	c, out, in, packed, bias := t.conv, t.out, t.in, t.packed, t.bias
	switch t.by {
	case byRows:
		from, to := cut(c.H, 1, t.parts, i)
		c.H, out, in = to-from, out[from*c.OutRow:], in[from*c.InRow:]
	case byPixels:
		from, to := cut(c.W, convPixels, t.parts, i)
		c.W, out, in = to-from, out[from*c.OutPix:], in[from*c.InPix:]
	case byChannels:
		from, to := cut(c.Out, panelMax(), t.parts, i)
		c.Out, out, packed = to-from, out[from:], packed[from*c.R*c.K:]
		if bias != nil {
			bias = bias[from:]
		}
	}
	if t.accumulate {
		c.Accumulate(out, in, packed)
		return
	}
	c.Forward(out, in, packed, bias)
}
