//go:build wasip1

package main

import (
	"strconv"
	"unsafe"

	"github.com/ddpm-go/ddpm/core/bench"
	"github.com/ddpm-go/ddpm/core/kernel"
)

// layers are those of the network that Open has named.
var layers []bench.Layer

// text holds the network's name on its way in and the list of layers on its way
// out. It does not move.
var text [16 << 10]byte

// Text is where the network's name is put before Open, and where the list of its
// layers begins after.
//
//go:wasmexport Text
func Text() unsafe.Pointer { return unsafe.Pointer(&text) }

// Open takes apart the network whose name, of n bytes, is at Text, and leaves its
// layers there, a line each: name, count, multiply-adds and bytes, tabs between.
// It returns the length of that, or −1 if there is no such network.
//
//go:wasmexport Open
func Open(n uint32) int32 {
	network, ok := bench.Find(string(text[:n]))
	if !ok {
		return -1
	}
	var err error
	if layers, err = bench.Layers(network.Config); err != nil {
		panic("bench: a network to measure has no valid shape")
	}
	list := text[:0]
	for _, l := range layers {
		list = append(list, l.Name...)
		for _, v := range []int64{int64(l.Count), l.MulAdds, l.Bytes} {
			list = strconv.AppendInt(append(list, '\t'), v, 10)
		}
		list = append(list, '\n')
	}
	if len(list) > len(text) {
		panic("bench: the list of layers is too long")
	}
	return int32(len(list))
}

// Run computes layer i n times.
//
//go:wasmexport Run
func Run(i, n uint32) {
	for range n {
		layers[i].Run()
	}
}

// Ceiling runs n rounds of multiply-adds in registers alone and returns how many
// floating-point operations that were.
//
//go:wasmexport Ceiling
func Ceiling(n uint32) float64 { return float64(kernel.Ceiling(int(n))) }
