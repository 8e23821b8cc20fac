package main

import (
	"cmp"
	"slices"

	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/evaluate"
	"github.com/ddpm-go/ddpm/wasm/site"
)

// nearestColumns is how many pairs a row of the grid of nearest images has.
const nearestColumns = 20

// writeNearest draws samples above their nearest training images: in the first two
// rows those samples that are nearest of all, in which copies would show, and below
// them the first ones, as they come.
func writeNearest(path string, s *evaluate.Samples, train *dataset.Dataset, nearest []evaluate.Nearest) error {
	order := make([]int, len(nearest))
	for i := range order {
		order[i] = i
	}
	n := min(nearestColumns, len(order))
	asTheyCome := slices.Clone(order[:n])
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(nearest[a].Distance, nearest[b].Distance) })
	size := train.Size()
	var images []byte
	for _, row := range [][]int{order[:n], asTheyCome} {
		for _, i := range row {
			images = append(images, s.Images[i*size:][:size]...)
		}
		for _, i := range row {
			images = append(images, train.Pixels[nearest[i].Index*size:][:size]...)
		}
	}
	pixels, w, h := site.Grid(images, s.Width, s.Channels, n, 2)
	return writePNG(path, fromBytes(pixels, w, h, s.Channels))
}
