package bench

import (
	"math"
	"math/rand/v2"

	"github.com/ddpm-go/ddpm/core/unet"
)

// Network is a network to measure, with the name that benchmarks know it by.
type Network struct {
	Name   string
	Config unet.Config
}

// Networks are the shapes that are measured: the topology at three widths, and
// the shipped digits model, whose shape is that of base32.
func Networks() []Network {
	small := unet.Config{ImageSize: 28, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 128, Depth: 2, NumClasses: 10}
	middle, large := small, small
	middle.BaseCh = 64
	large.ImageSize, large.InChannels, large.OutChannels, large.BaseCh = 32, 3, 3, 128
	large.Depth, large.AttentionLevels = 3, []int{1, 3}
	return []Network{{"base32", small}, {"base64", middle}, {"base128", large}, {"digits", small}}
}

// Find returns the network of a name.
func Find(name string) (n Network, ok bool) {
	for _, n := range Networks() {
		if n.Name == name {
			return n, true
		}
	}
	return Network{}, false
}

// New makes the network with random weights, the same every time. None of them
// is zero, as those of a network before its training are: what two programs make
// of it can be compared.
func (n Network) New() *unet.Net {
	net, err := unet.New(n.Config)
	if err != nil {
		panic("bench: a network that cannot be made")
	}
	net.Init(1)
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range net.Params() {
		w, spread := net.Weights()[p.Offset:][:p.Len()], 0.1
		if len(p.Shape) > 1 {
			if w[0] != 0 {
				continue
			}
			spread = 1 / math.Sqrt(float64(p.Len()/p.Shape[0])) // LeCun's
		}
		for i := range w {
			w[i] += float32(spread * r.NormFloat64())
		}
	}
	net.Pack()
	return net
}
