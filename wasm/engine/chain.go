//go:build wasip1

package main

import (
	"errors"
	"strings"
	"unsafe"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// chain is the forward process walked step by step, beside the jump to where the
// walk stands, of a picture of its own: small, as a walk computes a thousand.
var chain struct {
	x0, eps, jump []float32 // [height][width][3]
	walk          *diffusion.Chain
	schedule      *schedule.Schedule
	name          string // of the schedule, as it was asked for
	seed          uint64
	rgba          []byte
	numbers       []float64
	mean0, var0   float64 // of x0
}

// The bins of ChainNumbers' histograms: x_T is beyond ±4 for one value in 16,000.
const (
	histogramBins = 64
	histogramEdge = 4
)

var errNoChain = errors.New("engine: there is no chain yet, set its picture first")

// SetChain takes a picture of n bytes, RGBA, as the chain's x_0; its alpha is
// ignored.
//
//go:wasmexport SetChain
func SetChain(rgba unsafe.Pointer, length, width, height uint32) int32 {
	n, err := pixelsOf(length, width, height)
	if err != nil {
		return fail(err)
	}
	c := &chain
	if len(c.x0) != 3*n {
		c.x0, c.eps, c.jump = make([]float32, 3*n), make([]float32, 3*n), make([]float32, 3*n)
		c.rgba = make([]byte, 4*n)
	}
	fromRGBA(c.x0, bytesAt(rgba, length))
	c.mean0, c.var0 = diffusion.Moments(c.x0)
	c.walk = nil
	return ok
}

// WalkChain goes towards x_t of the chain of that schedule, T and seed by at most
// the given number of steps. Its status is how many are left.
//
//go:wasmexport WalkChain
func WalkChain(name string, T, t uint32, seed uint64, most uint32) int32 {
	c := &chain
	if c.x0 == nil {
		return fail(errNoChain)
	}
	s, err := scheduleAt(name, T, t)
	if err != nil {
		return fail(err)
	}
	if c.walk == nil || c.seed != seed {
		recipe.PictureNoise(c.eps, seed)
	}
	switch {
	case c.walk == nil:
		c.walk = diffusion.NewChain(c.x0, s, seed)
	case c.seed != seed || c.name != name || c.schedule.T != s.T:
		c.walk.Restart(s, seed)
	}
	c.schedule, c.name, c.seed = s, strings.Clone(name), seed
	left := c.walk.Walk(int(t), int(most))
	at, _ := c.walk.At()
	diffusion.QSample(c.jump, c.x0, c.eps, s, at)
	return int32(left)
}

// ChainBytes replies with a picture as opaque RGBA, of the t where the walk
// stands: 0 the chain's x_t, 1 the jump's.
//
//go:wasmexport ChainBytes
func ChainBytes(which uint32) int32 {
	c := &chain
	if c.walk == nil {
		return fail(errNoWalk)
	}
	values := c.jump
	if which == 0 {
		_, values = c.walk.At()
	}
	for i := range len(c.rgba) / 4 {
		tensor.Bytes(c.rgba[4*i:4*i+3], values[3*i:3*i+3])
		c.rgba[4*i+3] = 255
	}
	return answer(c.rgba)
}

var errNoWalk = errors.New("engine: the chain has not been walked yet")

// ChainNumbers replies with float64 values of where the walk stands: t; the mean
// and variance of x_t's values and the variance of the noise in them, as they are
// to be expected, as the chain's are and as the jump's are; and densities in 64
// bins from −4 to 4, of the chain's values, of the jump's, and of N(0, 1).
//
//go:wasmexport ChainNumbers
func ChainNumbers() int32 {
	c := &chain
	if c.walk == nil {
		return fail(errNoWalk)
	}
	at, walked := c.walk.At()
	mean, variance := diffusion.QMoments(c.mean0, c.var0, c.schedule, at)
	c.numbers = append(c.numbers[:0], float64(at), mean, variance, 1-c.schedule.AlphaBar[at])
	for _, x := range [][]float32{walked, c.jump} {
		mean, variance := diffusion.Moments(x)
		c.numbers = append(c.numbers, mean, variance, diffusion.NoiseVariance(c.x0, x, c.schedule, at))
	}
	var density [histogramBins]float64
	for _, x := range [][]float32{walked, c.jump} {
		diffusion.Histogram(density[:], x, -histogramEdge, histogramEdge)
		c.numbers = append(c.numbers, density[:]...)
	}
	diffusion.NormalHistogram(density[:], -histogramEdge, histogramEdge)
	c.numbers = append(c.numbers, density[:]...)
	return answer(c.numbers)
}
