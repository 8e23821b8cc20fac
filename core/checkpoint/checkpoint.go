// Package checkpoint reads and writes safetensors files: named tensors and a
// table of text metadata.
//
// A file is 8 bytes (the header's length, little-endian), a JSON header and the
// tensors' bytes one after another (https://huggingface.co/docs/safetensors).
// Five element types are known: F32, F16, I8, U8 and I64.
//
// An I8 tensor NAME holds quantized weights and has its scales beside it, as
// the F32 tensor "NAME.scale" of shape [out], where out is NAME's first
// dimension (PyTorch's layouts: [out, in, kh, kw] and [out, in]). The weight is
// q[o, …] · scale[o]; in Python:
//
//	f = safetensors.numpy.load_file(path)
//	w = f[n].astype("float32") * f[n + ".scale"].reshape(-1, *[1] * (f[n].ndim - 1))
package checkpoint

import (
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/ddpm-go/ddpm/core/tensor"
)

// DType is an element type, by its name in the header.
type DType string

// The element types this package reads and writes.
const (
	F32 DType = "F32" // IEEE 754 binary32
	F16 DType = "F16" // IEEE 754 binary16
	I8  DType = "I8"  // quantized, with scales in "NAME.scale"
	U8  DType = "U8"
	I64 DType = "I64"
)

// ScaleSuffix follows the name of an I8 tensor in the name of its scales.
const ScaleSuffix = ".scale"

// size returns the bytes of one element, 0 for a type that is not known.
func (d DType) size() int {
	switch d {
	case F32:
		return 4
	case F16:
		return 2
	case I8, U8:
		return 1
	case I64:
		return 8
	}
	return 0
}

// File is a checkpoint that has passed the checks of Parse or of Read. It refers to
// the bytes it was parsed from, which must not change while it is used. One from
// Read is for one goroutine at a time.
type File struct {
	metadata map[string]string
	tensors  map[string]entry
	order    []string // of the tensors, in the data
	scales   int      // how many of them are an I8 tensor's

	source io.ReaderAt // of Read; its bytes have not been looked at yet
	data   int64       // where in the source the tensors begin
	held   []byte      // what was read last and is not kept
}

type entry struct {
	dtype      DType
	shape      []int
	begin, end int    // in the data
	data       []byte // nil in a file from Read
}

// Metadata returns a copy of the file's metadata.
func (f *File) Metadata() map[string]string { return maps.Clone(f.metadata) }

// Names returns the tensors' names, sorted, without the scales of I8 tensors.
func (f *File) Names() []string {
	names := make([]string, 0, f.Len())
	for _, name := range f.order {
		if !f.isScale(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Len is how many tensors there are, without those scales.
func (f *File) Len() int { return len(f.order) - f.scales }

// Elements is how many numbers the tensors have, with those scales.
func (f *File) Elements() (total int64) {
	for _, e := range f.tensors {
		total += int64(e.elements())
	}
	return total
}

// Info returns the type and shape of a tensor, false if there is none.
func (f *File) Info(name string) (DType, []int, bool) {
	e, ok := f.tensors[name]
	return e.dtype, slices.Clone(e.shape), ok
}

// At is where the bytes of a tensor begin, counted from the first tensor's, and −1 if
// there is none of the name.
func (f *File) At(name string) int64 {
	e, ok := f.tensors[name]
	if !ok {
		return -1
	}
	return int64(e.begin)
}

// Float32 returns the values of an F32, F16 or I8 tensor, row-major, and its
// shape.
func (f *File) Float32(name string) (values []float32, shape []int, err error) {
	e, ok := f.tensors[name]
	if !ok {
		return nil, nil, fault(name, "is not in the file")
	}
	n, err := tensor.Elements(e.shape)
	if err != nil {
		return nil, nil, fault(name, err.Error())
	}
	values = make([]float32, n)
	return values, slices.Clone(e.shape), f.ReadFloat32(values, name)
}

// ReadFloat32 is Float32 into dst, whose length must be the tensor's.
func (f *File) ReadFloat32(dst []float32, name string) error {
	if e, ok := f.tensors[name]; ok && len(dst) != e.elements() {
		return fault(name, "has "+strconv.Itoa(e.elements())+" elements, asked for "+strconv.Itoa(len(dst)))
	}
	return f.ReadRows(dst, name, 0)
}

// ReadRows is ReadFloat32 of the rows from first on that fill dst, a row being what
// belongs to one index of the tensor's first dimension: who takes a tensor apart
// needs no room for all of it. A tensor without dimensions is one row.
func (f *File) ReadRows(dst []float32, name string, first int) error {
	e, ok := f.tensors[name]
	if !ok {
		return fault(name, "is not in the file")
	}
	row := e.row()
	at := first * row
	if first < 0 || row == 0 && len(dst) > 0 || row > 0 && len(dst)%row != 0 || at+len(dst) > e.elements() {
		return fault(name, "of "+strconv.Itoa(e.elements())+" elements has no "+strconv.Itoa(len(dst))+" in whole rows from row "+strconv.Itoa(first)+" on")
	}
	switch e.dtype {
	case F32:
		return f.readF32(dst, name, e, at)
	case F16:
		data, err := f.bytes(name, e, 2*at, 2*(at+len(dst)))
		if err != nil {
			return err
		}
		if err := f.check(name, F16, at, data); err != nil {
			return err
		}
		for i := range dst {
			dst[i] = halfToFloat(binary.LittleEndian.Uint16(data[2*i:]))
		}
	case I8:
		if len(dst) == 0 {
			return nil
		}
		scales := make([]float32, len(dst)/row)
		if err := f.readScales(scales, name, first); err != nil {
			return err
		}
		data, err := f.bytes(name, e, at, at+len(dst))
		if err != nil {
			return err
		}
		dequantize(dst, data, scales)
	default:
		return fault(name, "is "+string(e.dtype)+", wanted numbers of F32, F16 or I8")
	}
	return nil
}

// Int64 returns the values of an I64 tensor, row-major, and its shape.
func (f *File) Int64(name string) (values []int64, shape []int, err error) {
	e, err := f.typed(name, I64)
	if err != nil {
		return nil, nil, err
	}
	data, err := f.bytes(name, e, 0, e.end-e.begin)
	if err != nil {
		return nil, nil, err
	}
	values = make([]int64, len(data)/8)
	for i := range values {
		values[i] = int64(binary.LittleEndian.Uint64(data[8*i:]))
	}
	return values, slices.Clone(e.shape), nil
}

// Uint8 returns the bytes of a U8 tensor, row-major, and its shape. They are a view
// on the file, or, of one from Read, valid until the next call.
func (f *File) Uint8(name string) (values []byte, shape []int, err error) {
	e, err := f.typed(name, U8)
	if err != nil {
		return nil, nil, err
	}
	values, err = f.bytes(name, e, 0, e.end-e.begin)
	return values, slices.Clone(e.shape), err
}

func (f *File) typed(name string, want DType) (entry, error) {
	e, ok := f.tensors[name]
	if !ok {
		return e, fault(name, "is not in the file")
	}
	if e.dtype != want {
		return e, fault(name, "is "+string(e.dtype)+", wanted "+string(want))
	}
	return e, nil
}

// fault is an error about one tensor.
func fault(name, text string) error {
	return errors.New("checkpoint: tensor " + quote(name) + " " + text)
}

// quote shortens what a hostile file may have made long.
func quote(s string) string {
	const longest = 120
	if len(s) > longest {
		return strconv.Quote(s[:longest]) + "…"
	}
	return strconv.Quote(s)
}
