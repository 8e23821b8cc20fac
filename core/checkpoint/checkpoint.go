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
	"maps"
	"math"
	"slices"
	"strconv"
	"unsafe"

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

// File is a checkpoint that has passed every check of Parse. It refers to the
// bytes it was parsed from, which must not change while it is used.
type File struct {
	metadata map[string]string
	tensors  map[string]entry
	names    []string
}

type entry struct {
	dtype      DType
	shape      []int
	begin, end int
	data       []byte
}

// Metadata returns a copy of the file's metadata.
func (f *File) Metadata() map[string]string { return maps.Clone(f.metadata) }

// Names returns the tensors' names, sorted, without the scales of I8 tensors.
func (f *File) Names() []string { return slices.Clone(f.names) }

// Info returns the type and shape of a tensor, false if there is none.
func (f *File) Info(name string) (DType, []int, bool) {
	e, ok := f.tensors[name]
	return e.dtype, slices.Clone(e.shape), ok
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

// ReadFloat32 is Float32 into dst, whose length must be the tensor's: loading a
// network needs one buffer as large as its largest tensor.
func (f *File) ReadFloat32(dst []float32, name string) error {
	e, ok := f.tensors[name]
	if !ok {
		return fault(name, "is not in the file")
	}
	size := e.dtype.size()
	if len(dst) != len(e.data)/size {
		return fault(name, "has "+strconv.Itoa(len(e.data)/size)+" elements, asked for "+strconv.Itoa(len(dst)))
	}
	switch e.dtype {
	case F32:
		readF32(dst, e.data)
	case F16:
		for i := range dst {
			dst[i] = halfToFloat(binary.LittleEndian.Uint16(e.data[2*i:]))
		}
	case I8:
		dequantize(dst, e.data, f.tensors[name+ScaleSuffix].data)
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
	values = make([]int64, len(e.data)/8)
	for i := range values {
		values[i] = int64(binary.LittleEndian.Uint64(e.data[8*i:]))
	}
	return values, slices.Clone(e.shape), nil
}

// Uint8 returns the bytes of a U8 tensor, row-major, as a view on the file, and
// its shape.
func (f *File) Uint8(name string) (values []byte, shape []int, err error) {
	e, err := f.typed(name, U8)
	if err != nil {
		return nil, nil, err
	}
	return e.data, slices.Clone(e.shape), nil
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

// readF32 copies as many numbers as dst has. Where memory is little-endian, as the
// file is, that is a copy of bytes.
func readF32(dst []float32, data []byte) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 && len(dst) > 0 {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(dst))), 4*len(dst)), data)
		return
	}
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
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
