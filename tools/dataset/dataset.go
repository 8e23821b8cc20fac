// Package dataset reads the labelled picture sets that models are trained and
// measured on, and fetches those that the public keeps on mirrors.
package dataset

// Dataset is one split of a labelled set, in memory.
type Dataset struct {
	Name                    string
	Height, Width, Channels int
	Pixels                  []byte   // [N][Height][Width][Channels]
	Labels                  []uint8  // [N], indices into Classes
	Classes                 []string // the labels' names
}

// Len returns N, the number of pictures.
func (d *Dataset) Len() int { return len(d.Labels) }

// Size returns the elements of one picture.
func (d *Dataset) Size() int { return d.Height * d.Width * d.Channels }

// Bytes returns picture i, HWC, as a view.
func (d *Dataset) Bytes(i int) []byte { return d.Pixels[i*d.Size() : (i+1)*d.Size()] }

// Image writes picture i to dst, HWC, as x_0 in [−1, 1]: x = b/127.5 − 1.
func (d *Dataset) Image(dst []float32, i int) {
	for j, b := range d.Bytes(i) {
		dst[j] = scaled[b]
	}
}

// Class returns the label of picture i.
func (d *Dataset) Class(i int) int { return int(d.Labels[i]) }

// Subset returns the first n pictures (all, if there are fewer), as a view.
func (d *Dataset) Subset(n int) *Dataset {
	s := *d
	n = min(n, d.Len())
	s.Pixels, s.Labels = d.Pixels[:n*d.Size()], d.Labels[:n]
	return &s
}

// scaled[b] is b/127.5 − 1, rounded once from float64.
var scaled = func() (t [256]float32) {
	for b := range t {
		t[b] = float32(float64(b)/127.5 - 1)
	}
	return
}()
