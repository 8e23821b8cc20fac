// Package bench takes a network apart for measuring: each of its layers alone,
// run as the network runs it, with what it multiplies and what memory it has to
// move. The caller has the clock, so that the same measurements are made on the
// command line, in Go benchmarks and, as WebAssembly, in a page.
package bench

import (
	"strconv"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Layer is one layer of a network.
type Layer struct {
	// Name says what it is and its shape: "conv 3×3 28×28 64→64".
	Name string
	// Count is how many like it the network has.
	Count int
	// MulAdds is the number of multiply-adds that its definition asks for,
	// whatever way it is computed: twice that over the time is the effective
	// rate. Norms and pooling have none that are counted.
	MulAdds int64
	// Bytes is the least that has to move: parameters, input and output, each
	// once. With the machine's bandwidth it bounds the time from below, as
	// MulAdds does with its arithmetic.
	Bytes int64
	// Run computes the layer once, on weights drawn at random. The first call
	// makes its memory, which lasts as long as Run is held.
	Run func()
}

// Layers returns every distinct layer of a network of this shape, in the order
// in which they first run. The error is that of a config that is not valid.
func Layers(c unet.Config) ([]Layer, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	var list []Layer
	at := map[unet.Layer]int{}
	for _, shape := range c.Layers() {
		if i, known := at[shape]; known {
			list[i].Count++
			continue
		}
		at[shape] = len(list)
		list = append(list, newLayer(shape))
	}
	return list, nil
}

func newLayer(shape unet.Layer) Layer {
	p := newPiece(shape)
	ready := false
	return Layer{
		Name: name(shape), Count: 1, MulAdds: p.mulAdds, Bytes: p.bytes(),
		Run: func() {
			if !ready {
				p.allocate()
				ready = true
			}
			p.run()
		},
	}
}

func name(l unet.Layer) string {
	from, to := strconv.Itoa(l.In), strconv.Itoa(l.Out)
	size := strconv.Itoa(l.Size)
	size += "×" + size
	switch l.Kind {
	case unet.Conv3:
		return "conv 3×3 " + size + " " + from + "→" + to
	case unet.Conv1:
		if l.Size == 1 {
			return "linear " + from + "→" + to
		}
		return "conv 1×1 " + size + " " + from + "→" + to
	case unet.NormSiLU:
		return "norm+SiLU " + size + "×" + from
	case unet.Attention:
		return "attention " + size + "×" + from
	case unet.Pool:
		return "pool " + size + "×" + from
	case unet.Upsample:
		return "upsample " + size + "×" + from
	}
	return "time " + from + "→" + to
}
