package evaluate

import (
	"fmt"
	"strconv"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/tools/dataset"
)

// BoundDump collects every evaluated term of a bound, with all that it takes to
// compute it again: a row for each image's decoder (t = 1) and each of its
// divergences. The zero BoundDump is ready for Bound.
type BoundDump struct {
	size         []int // of an image: height, width, channels
	x0, eps, hat []float32
	nats         []float32
	t, class     []int64
	metadata     map[string]string
}

// maxDump is how many values of each image tensor a dump may have: three
// gigabytes of a file.
const maxDump = 256 << 20

// CheckDump says whether a dump of so many images and terms is not too large.
func CheckDump(data *dataset.Dataset, terms int) error {
	if rows := data.Len() * (terms + 1); rows > maxDump/data.Size() {
		return fmt.Errorf("a dump of %d images and %d terms each has %d rows of %d values; at most %d rows fit: take fewer images or terms",
			data.Len(), terms, rows, data.Size(), maxDump/data.Size())
	}
	return nil
}

func (d *BoundDump) begin(m *recipe.Model, data *dataset.Dataset, o BoundOptions) {
	rows := data.Len() * (o.Terms + 1)
	d.size = []int{data.Height, data.Width, data.Channels}
	d.x0, d.eps, d.hat = make([]float32, rows*data.Size()), make([]float32, rows*data.Size()), make([]float32, rows*data.Size())
	d.nats, d.t, d.class = make([]float32, rows), make([]int64, rows), make([]int64, rows)
	d.metadata = map[string]string{
		"schedule": m.Schedule, "timesteps": strconv.Itoa(m.Chain.T), "t": "counted from 1",
		"variance":      o.Variance.String(),
		"decoder_sigma": strconv.FormatFloat(diffusion.BoundVariance(m.Chain, 1, o.Variance), 'g', -1, 64),
	}
}

// record fills a row. Rows are filled by several goroutines, each its own.
func (d *BoundDump) record(row, class int, x0, eps, hat []float32, t int, nats float64) {
	at := row * len(x0)
	copy(d.x0[at:], x0)
	copy(d.eps[at:], eps)
	copy(d.hat[at:], hat)
	d.nats[row], d.t[row], d.class[row] = float32(nats), int64(t), int64(class)
}

// Bytes is the dump as safetensors, R rows: x0, eps and eps_hat [R, height,
// width, channels], t, class (−1 where the network was not told) and kl [R], the
// term in nats. x_t is √ᾱ_t·x0 + √(1−ᾱ_t)·eps; the metadata names schedule and
// σ². At t = 1 the term is the decoder's −log p_θ(x_0|x_1).
func (d *BoundDump) Bytes() ([]byte, error) {
	var b checkpoint.Builder
	for key, value := range d.metadata {
		b.Metadata(key, value)
	}
	rows := len(d.t)
	shape := append([]int{rows}, d.size...)
	b.Float32("x0", shape, d.x0)
	b.Float32("eps", shape, d.eps)
	b.Float32("eps_hat", shape, d.hat)
	b.Float32("kl", []int{rows}, d.nats)
	b.Int64("t", []int{rows}, d.t)
	b.Int64("class", []int{rows}, d.class)
	return b.Bytes()
}
