package nn

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// Convolution says how 3×3 convolutions are computed. All ways compute the same, up
// to rounding; to force one is for comparing them.
type Convolution int

const (
	Auto      Convolution = iota // what is fastest for a layer's shape
	Direct                       // sums of products, as the definition says
	Winograd2                    // F(2×2, 3×3) wherever it can be
	Winograd4                    // F(4×4, 3×3) wherever it can be
)

var convolutions = [...]string{"auto", "direct", "winograd2", "winograd4"}

func (c Convolution) String() string { return convolutions[c] }

// MarshalText writes the way's name.
func (c Convolution) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads it. The error lists the names there are.
func (c *Convolution) UnmarshalText(text []byte) error {
	i := slices.Index(convolutions[:], string(text))
	if i < 0 {
		return errors.New("no convolution is called " + strconv.Quote(string(text)) + "; there are " + strings.Join(convolutions[:], ", "))
	}
	*c = Convolution(i)
	return nil
}

// squares is the size of the squares of kernel.Winograd for a layer, or 0 where
// kernel.Conv serves. Channels that do not fill the kernel's panels take the direct
// way.
func (c Convolution) squares(side, size, in, out int, auto func(h, w, in, out int) int) int {
	if side != 3 || in%kernel.Panel != 0 || out%kernel.Panel != 0 {
		return 0
	}
	switch c {
	case Direct:
		return 0
	case Winograd2:
		return 2
	case Winograd4:
		return 4
	}
	return auto(size, size, in, out)
}
