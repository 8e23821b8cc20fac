package dataset

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// An IDX file (LeCun, Cortes & Burges, the MNIST page) is 0, 0, the element
// type (8: unsigned byte), the number of dimensions, each dimension as a
// big-endian uint32, and the elements, row-major.
const (
	idxBytes    = 8
	idxLargest  = 1 << 30 // elements: twenty times MNIST, and little enough to hold
	gzipMagic   = 0x1f8b
	imageDims   = 3 // [N][height][width]
	labelDims   = 1 // [N]
	idxTypeNote = "it is not an IDX file of unsigned bytes, or was damaged on its way"
)

// readIDX reads an IDX file of unsigned bytes with the given number of
// dimensions, gzipped or not, to its very end.
func readIDX(r io.Reader, dims int) (shape []int, data []byte, err error) {
	r, err = gunzip(r)
	if err != nil {
		return nil, nil, err
	}
	header := make([]byte, 4+4*dims)
	if n, err := io.ReadFull(r, header[:4]); err != nil {
		return nil, nil, short(err, "the header has %d of %d bytes", n, len(header))
	}
	want := [4]byte{0, 0, idxBytes, byte(dims)}
	if got := [4]byte(header); got != want {
		return nil, nil, fmt.Errorf("it begins with %x, not with %x as an IDX file of bytes in %d dimensions does: %s",
			got, want, dims, idxTypeNote)
	}
	if n, err := io.ReadFull(r, header[4:]); err != nil {
		return nil, nil, short(err, "the header has %d of %d bytes", 4+n, len(header))
	}
	total := int64(1)
	for i := range dims {
		n := binary.BigEndian.Uint32(header[4+4*i:])
		shape = append(shape, int(n))
		if n == 0 || int64(n) > idxLargest/total {
			return nil, nil, fmt.Errorf("the header gives the size %d to dimension %d: sizes are at least 1, and %d elements in all at most",
				n, i, idxLargest)
		}
		total *= int64(n)
	}
	data = make([]byte, total)
	if n, err := io.ReadFull(r, data); err != nil {
		return nil, nil, short(err, "it is truncated: the header says %v, which is %d bytes, and %d follow", shape, total, n)
	}
	var one [1]byte
	switch n, err := io.ReadFull(r, one[:]); {
	case n > 0:
		return nil, nil, fmt.Errorf("more bytes follow the %d that the header's %v ask for", total, shape)
	case err != io.EOF:
		return nil, nil, short(err, "its gzip trailer is missing")
	}
	return shape, data, nil
}

// gunzip returns r decompressed, if it is gzip.
func gunzip(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	magic, err := b.Peek(2)
	if err != nil {
		return nil, short(err, "it has %d bytes", len(magic))
	}
	if binary.BigEndian.Uint16(magic) != gzipMagic {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, short(err, "its gzip header is damaged")
	}
	return z, nil
}

// short words an error of reading: an end that comes too early is a fact about
// the file, anything else (a disk's, gzip's checksum) speaks for itself.
func short(err error, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New(text)
	}
	return fmt.Errorf("%s: %w", text, err)
}
