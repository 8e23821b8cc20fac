package checkpoint

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"
	"unsafe"
)

// Read is Parse for a file that stays where it is: it takes the header alone, and
// what reads a tensor brings its bytes and checks its values. So there need be no
// memory for the file beside that for what is made of it.
func Read(r io.ReaderAt, size int64) (*File, error) {
	start := make([]byte, min(size, 8))
	if err := readAll(r, start, 0); err != nil {
		return nil, err
	}
	length, err := headerLength(start, size)
	if err != nil {
		return nil, err
	}
	header := make([]byte, length)
	if err := readAll(r, header, 8); err != nil {
		return nil, err
	}
	f := &File{tensors: map[string]entry{}, source: r, data: 8 + int64(length)}
	if err := f.open(header, size-f.data); err != nil {
		return nil, err
	}
	return f, nil
}

// bytes are those from begin to end of a tensor. Of a file from Read they are valid
// until the next call.
func (f *File) bytes(name string, e entry, begin, end int) ([]byte, error) {
	if f.source == nil {
		return e.data[begin:end:end], nil
	}
	if cap(f.held) < end-begin {
		f.held = make([]byte, end-begin)
	}
	held := f.held[:end-begin]
	return held, f.fill(name, held, e, begin)
}

// fill reads as many bytes of a tensor as dst has.
func (f *File) fill(name string, dst []byte, e entry, begin int) error {
	if f.source == nil {
		copy(dst, e.data[begin:])
		return nil
	}
	if err := readAll(f.source, dst, f.data+int64(e.begin)+int64(begin)); err != nil {
		return fault(name, "cannot be read: "+err.Error())
	}
	return nil
}

// readF32 sets dst from the element `at` on. Where memory is little-endian, as the
// file is, that is a copy of bytes.
func (f *File) readF32(dst []float32, name string, e entry, at int) error {
	if len(dst) == 0 {
		return nil
	}
	own := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(dst))), 4*len(dst))
	if err := f.fill(name, own, e, 4*at); err != nil {
		return err
	}
	if err := f.check(name, F32, at, own); err != nil {
		return err
	}
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(own[4*i:]))
		}
	}
	return nil
}

// readScales sets dst from the scales of an I8 tensor's rows from first on.
func (f *File) readScales(dst []float32, name string, first int) error {
	if err := f.readF32(dst, name+ScaleSuffix, f.tensors[name+ScaleSuffix], first); err != nil {
		return err
	}
	return checkScaleValues(name, dst, first)
}

// check is checkNumbers for what Parse has not seen.
func (f *File) check(name string, dtype DType, first int, data []byte) error {
	if f.source == nil {
		return nil
	}
	return checkNumbers(name, dtype, first, data)
}

// readAll fills dst from a place in the source.
func readAll(r io.ReaderAt, dst []byte, at int64) error {
	n, err := r.ReadAt(dst, at)
	if n == len(dst) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = errors.New("it is cut off")
	}
	return errors.New("checkpoint: of " + strconv.Itoa(len(dst)) + " bytes from byte " + strconv.FormatInt(at, 10) +
		" of the file only " + strconv.Itoa(n) + " could be read: " + err.Error())
}
