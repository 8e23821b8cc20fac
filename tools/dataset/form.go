package dataset

import (
	"errors"
	"fmt"
	"io"
)

// form is how a file holds what it holds.
type form interface {
	// read reads a whole file, decompressed.
	read(r io.Reader) (part, error)
}

// part is what one file gives to a set: pictures, labels or both.
type part struct {
	height, width, channels int
	pixels                  []byte // [N][height][width][channels]
	labels                  []uint8
}

// idxImages and idxLabels are the two kinds of IDX files.
type (
	idxImages struct{}
	idxLabels struct{}
)

func (idxImages) read(r io.Reader) (part, error) {
	shape, data, err := readIDX(r, imageDims)
	if err != nil {
		return part{}, err
	}
	return part{height: shape[1], width: shape[2], channels: 1, pixels: data}, nil
}

func (idxLabels) read(r io.Reader) (part, error) {
	_, data, err := readIDX(r, labelDims)
	return part{labels: data}, err
}

// records are pictures one after the other, each a label byte and its pixels, plane
// after plane, rows from the top: CIFAR-10's binary version (Krizhevsky, 2009).
type records struct {
	height, width, channels int
	count                   int // pictures in a file; 0 for any number
}

func (f records) read(r io.Reader) (part, error) {
	plane := f.height * f.width
	size := 1 + plane*f.channels
	data, err := io.ReadAll(io.LimitReader(r, idxLargest+1))
	if err != nil {
		return part{}, short(err, "it breaks off after %d bytes", len(data))
	}
	switch n := len(data); {
	case n > idxLargest:
		return part{}, fmt.Errorf("it has more than %d bytes", idxLargest)
	case n == 0:
		return part{}, errors.New("it has 0 bytes")
	case n%size != 0 || f.count > 0 && n != f.count*size:
		want := fmt.Sprintf("a multiple of %d", size)
		if f.count > 0 {
			want = fmt.Sprint(f.count * size)
		}
		return part{}, fmt.Errorf("it has %d bytes, want %s: records of a label and %d×%d×%d pixels", n, want, f.height, f.width, f.channels)
	}
	p := part{height: f.height, width: f.width, channels: f.channels}
	p.pixels = make([]byte, len(data)/size*(size-1))
	for i := 0; i*size < len(data); i++ {
		record, to := data[i*size:][:size], p.pixels[i*(size-1):][:size-1]
		p.labels = append(p.labels, record[0])
		for c := range f.channels {
			for j, v := range record[1+c*plane:][:plane] {
				to[j*f.channels+c] = v
			}
		}
	}
	return p, nil
}
