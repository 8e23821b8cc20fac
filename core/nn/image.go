// Package nn has the layers that networks over images are made of, each with
// its forward and backward pass side by side. A layer holds parameters and
// nothing else: what a pass computes lies in memory planned beforehand (Plan),
// so that passes allocate nothing and several may share one set of weights.
//
// Everything is float32 and NHWC, one image at a time. A backward method takes
// the gradient of its output, writes that of its input, and adds those of its
// parameters to a flat slice laid out like Weights.Flat.
package nn

// Image is a view of H×W pixels of C channels: channel c of pixel (y, x) is
// Data[(y+Pad)*Row+(x+Pad)*Pix+c]. A 3×3 convolution reads images with Pad 1,
// whose border is zero; other views may be some channels of a wider image
// (Pix > C).
type Image struct {
	Data         []float32
	H, W, C, Pad int
	Pix, Row     int
}

// Plain is the view of data as h×w×c numbers without a border.
func Plain(data []float32, h, w, c int) Image {
	return Image{Data: data, H: h, W: w, C: c, Pix: c, Row: w * c}
}

// Channels is the view of channels from…from+c of an image without a border.
func (m Image) Channels(from, c int) Image {
	if m.Pad != 0 || from+c > m.C {
		panic("nn: no such channels")
	}
	m.Data = m.Data[from:]
	m.C = c
	return m
}

// At is Data from pixel (0, 0) on.
func (m Image) At() []float32 { return m.Data[m.Pad*(m.Row+m.Pix):] }

// contiguous is the H·W·C numbers of an image that has neither border nor gaps.
func (m Image) contiguous() []float32 {
	if m.Pad != 0 || m.Pix != m.C {
		panic("nn: image is not contiguous")
	}
	return m.Data[:m.H*m.W*m.C]
}

// whole is the numbers of an image without gaps, its zero border included.
func (m Image) whole() []float32 {
	if m.Pix != m.C {
		panic("nn: image has gaps")
	}
	return m.Data[:(m.H+2*m.Pad)*m.Row]
}

// Copy copies the pixels of src to dst, whatever their borders and gaps.
func Copy(dst, src Image) {
	if dst.H != src.H || dst.W != src.W || dst.C != src.C {
		panic("nn: copy between images of different shape")
	}
	run, runs := dst.C, dst.W
	if dst.Pix == dst.C && src.Pix == src.C {
		run, runs = dst.W*dst.C, 1
	}
	to, from := dst.At(), src.At()
	for y := range dst.H {
		for x := range runs {
			i, j := y*dst.Row+x*dst.Pix, y*src.Row+x*src.Pix
			copy(to[i:i+run], from[j:j+run])
		}
	}
}

// ClearBorder makes the border zero, which memory used before may not be.
func (m Image) ClearBorder() {
	if m.Pad == 0 {
		return
	}
	data, side := m.whole(), m.Pad*m.Pix
	clear(data[:m.Pad*m.Row])
	for y := m.Pad; y < m.Pad+m.H; y++ {
		row := data[y*m.Row : (y+1)*m.Row]
		clear(row[:side])
		clear(row[len(row)-side:])
	}
	clear(data[(m.Pad+m.H)*m.Row:])
}
