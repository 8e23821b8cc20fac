package evaluate

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/ddpm-go/ddpm/core/kernel"
)

// The sizes of the blocks in which distances are computed: a block of points,
// packed, stays in a core's cache while the queries go by.
const (
	queryBlock = 64
	pointBlock = 512
)

// vectors are n vectors of d numbers, [n][d], with their squared lengths.
type vectors struct {
	data    []float32
	d       int
	squares []float32
}

func newVectors(data []float32, d int) vectors {
	v := vectors{data: data, d: d, squares: make([]float32, len(data)/d)}
	for i := range v.squares {
		var sum float64
		for _, x := range v.at(i) {
			sum += float64(x) * float64(x)
		}
		v.squares[i] = float32(sum)
	}
	return v
}

func (v vectors) len() int           { return len(v.squares) }
func (v vectors) at(i int) []float32 { return v.data[i*v.d : (i+1)*v.d] }

// eachDistance calls visit with the squared distances from every query to some of
// the points, first first+len(row)−1, ‖q‖² + ‖p‖² − 2q·p in float32, until it has
// seen all. Calls for one query come one after the other; those for different
// queries may come from several goroutines. The only error is that of ctx.
func eachDistance(ctx context.Context, queries, points vectors, workers int, visit func(query, first int, row []float32), observe func(n int)) error {
	d := queries.d
	packed := make([]float32, 0, points.len()*d+pointBlock*d)
	var starts []int // of the blocks, in packed
	for first := 0; first < points.len(); first += pointBlock {
		n := min(pointBlock, points.len()-first)
		starts = append(starts, len(packed))
		packed = append(packed, make([]float32, kernel.PackedLen(d, n))...)
		kernel.PackTransposed(packed[starts[len(starts)-1]:], points.data[first*d:(first+n)*d], d, n)
	}
	var next atomic.Int64
	var telling sync.Mutex
	var all sync.WaitGroup
	for range max(1, workers) {
		all.Go(func() {
			products := make([]float32, queryBlock*pointBlock)
			for {
				first := int(next.Add(1)-1) * queryBlock
				if first >= queries.len() || ctx.Err() != nil {
					return
				}
				rows := min(queryBlock, queries.len()-first)
				for block, start := range starts {
					n := min(pointBlock, points.len()-block*pointBlock)
					kernel.Conv{H: 1, W: rows, R: 1, K: d, Out: n, InPix: d, OutPix: n}.
						Forward(products, queries.data[first*d:], packed[start:], nil)
					for i := range rows {
						row := products[i*n : (i+1)*n]
						for j, product := range row {
							row[j] = max(0, queries.squares[first+i]+points.squares[block*pointBlock+j]-2*product)
						}
						visit(first+i, block*pointBlock, row)
					}
				}
				if observe != nil {
					telling.Lock()
					observe(rows)
					telling.Unlock()
				}
			}
		})
	}
	all.Wait()
	return ctx.Err()
}
