package checkpoint

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ddpm-go/ddpm/core/json"
	"github.com/ddpm-go/ddpm/core/tensor"
)

const (
	metadataKey = "__metadata__"
	maxHeader   = 100_000_000 // what the format's own reader allows
	maxRank     = 8
	maxScale    = math.MaxFloat32 / 128 // above it a quantized weight could be infinite
)

// Parse reads a safetensors file and trusts nothing in it: every byte of the
// data belongs to exactly one tensor, every tensor is as long as its type and
// shape say, every float is finite, and every I8 tensor has its scales. The
// File it returns refers to b.
func Parse(b []byte) (*File, error) {
	length, err := headerLength(b, int64(len(b)))
	if err != nil {
		return nil, err
	}
	f := &File{tensors: map[string]entry{}}
	data := b[8+length:]
	if err := f.open(b[8:8+length], int64(len(data))); err != nil {
		return nil, err
	}
	for name, e := range f.tensors {
		e.data = data[e.begin:e.end:e.end]
		f.tensors[name] = e
	}
	if err := f.checkValues(); err != nil {
		return nil, err
	}
	return f, nil
}

// headerLength is what the first 8 bytes of a file of so many say.
func headerLength(start []byte, size int64) (int, error) {
	if len(start) < 8 {
		return 0, errors.New("checkpoint: " + strconv.FormatInt(size, 10) +
			" bytes are no safetensors file, which begins with the 8-byte length of its header")
	}
	length, rest := binary.LittleEndian.Uint64(start), uint64(size-8)
	switch {
	case length > maxHeader:
		return 0, errors.New("checkpoint: the header's length reads " + strconv.FormatUint(length, 10) +
			", above the format's limit of 100 MB: not a safetensors file")
	case length > rest:
		return 0, errors.New("checkpoint: the header should be " + strconv.FormatUint(length, 10) +
			" bytes, but only " + strconv.FormatUint(rest, 10) + " follow: the file is cut off, or not a safetensors file")
	}
	return int(length), nil
}

// open reads the header of a file with so many bytes of data, and checks all but
// the data's values.
func (f *File) open(header []byte, data int64) error {
	if len(header) == 0 || header[0] != '{' {
		return errors.New("checkpoint: the header does not begin with {: not a safetensors file")
	}
	if !utf8.Valid(header) {
		return errors.New("checkpoint: the header is not valid UTF-8")
	}
	p := headerParser{
		dec:  json.NewDecoder(header),
		file: f,
	}
	if err := p.header(); err != nil {
		return err
	}
	if tail := header[p.dec.Offset():]; len(bytes.TrimRight(tail, " ")) > 0 {
		return errors.New("checkpoint: the header goes on after its closing brace; only spaces may follow")
	}
	if err := f.place(data); err != nil {
		return err
	}
	for _, name := range f.order {
		if e := f.tensors[name]; e.dtype == I8 {
			if err := f.checkScales(name, e); err != nil {
				return err
			}
			f.scales++
		}
	}
	return nil
}

// place checks that the tensors together are all of the data, which is so many
// bytes, and none of it twice.
func (f *File) place(data int64) error {
	at, sorted := 0, true
	for _, name := range f.order {
		e := f.tensors[name]
		if int64(e.end) > data {
			return fault(name, "ends at byte "+strconv.Itoa(e.end)+" of the data, which has only "+strconv.FormatInt(data, 10)+
				": the file is cut off")
		}
		sorted = sorted && e.begin >= at
		at = e.end
	}
	if !sorted { // most headers have the data's order already
		slices.SortFunc(f.order, func(a, b string) int {
			x, y := f.tensors[a], f.tensors[b]
			return cmp.Or(cmp.Compare(x.begin, y.begin), cmp.Compare(x.end, y.end), cmp.Compare(a, b))
		})
	}
	at, before := 0, ""
	for _, name := range f.order {
		e := f.tensors[name]
		if e.begin < at {
			return fault(name, "overlaps tensor "+quote(before))
		}
		if e.begin > at {
			return fault(name, "begins at byte "+strconv.Itoa(e.begin)+", leaving a hole of "+strconv.Itoa(e.begin-at)+" bytes before it")
		}
		at, before = e.end, name
	}
	if int64(at) < data {
		return errors.New("checkpoint: " + strconv.FormatInt(data-int64(at), 10) + " bytes after the last tensor belong to none")
	}
	return nil
}

// checkValues checks those of all tensors.
func (f *File) checkValues() error {
	for name, e := range f.tensors {
		if e.dtype == I8 {
			scales := make([]float32, e.shape[0])
			if err := f.readScales(scales, name, 0); err != nil {
				return err
			}
		} else if !f.isScale(name) {
			if err := checkNumbers(name, e.dtype, 0, e.data); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkNumbers looks for numbers that are not finite among the bytes of a tensor's
// elements from first on.
func checkNumbers(name string, dtype DType, first int, data []byte) error {
	switch dtype {
	case F32:
		for i := finitePrefix(data); i < len(data); i += 4 {
			if bits := binary.LittleEndian.Uint32(data[i:]); bits&exponent == exponent {
				return notFinite(name, first+i/4, math.Float32frombits(bits))
			}
		}
	case F16:
		for i := 0; i < len(data); i += 2 {
			if h := binary.LittleEndian.Uint16(data[i:]); h&0x7c00 == 0x7c00 {
				return notFinite(name, first+i/2, halfToFloat(h))
			}
		}
	}
	return nil
}

// exponent is all of a float32's exponent bits: set in infinities and NaNs alone.
const exponent = 0x7f800000

// finitePrefix is how many bytes from the start of data are surely finite float32:
// blocks of 64 bytes, two numbers at a time, as the first thing that a page does
// with a checkpoint is done by code that no compiler has optimised yet.
func finitePrefix(data []byte) int {
	const both, carry, top = exponent<<32 | exponent, 1<<55 | 1<<23, 1<<63 | 1<<31
	at := 0
	for ; at+64 <= len(data); at += 64 {
		b := (*[64]byte)(data[at:])
		// Adding 1 to an exponent of all ones, and to no other, sets the bit above it.
		found := binary.LittleEndian.Uint64(b[0:])&both + carry
		found |= binary.LittleEndian.Uint64(b[8:])&both + carry
		found |= binary.LittleEndian.Uint64(b[16:])&both + carry
		found |= binary.LittleEndian.Uint64(b[24:])&both + carry
		found |= binary.LittleEndian.Uint64(b[32:])&both + carry
		found |= binary.LittleEndian.Uint64(b[40:])&both + carry
		found |= binary.LittleEndian.Uint64(b[48:])&both + carry
		found |= binary.LittleEndian.Uint64(b[56:])&both + carry
		if found&top != 0 {
			break
		}
	}
	return at
}

func notFinite(name string, i int, v float32) error {
	return fault(name, "has a value that is not finite: "+strconv.FormatFloat(float64(v), 'g', -1, 32)+" at element "+strconv.Itoa(i))
}

func (f *File) checkScales(name string, e entry) error {
	if len(e.shape) == 0 {
		return fault(name, "is I8 with no dimensions; quantized weights have one scale for each index of the first")
	}
	scale, ok := f.tensors[name+ScaleSuffix]
	if !ok {
		return fault(name, "is I8 but its scales, "+quote(name+ScaleSuffix)+", are missing")
	}
	if scale.dtype != F32 {
		return fault(name+ScaleSuffix, "is "+string(scale.dtype)+"; scales are F32")
	}
	if !slices.Equal(scale.shape, e.shape[:1]) {
		return fault(name+ScaleSuffix, "has shape "+tensor.FormatShape(scale.shape)+"; the scales of "+
			quote(name)+", "+tensor.FormatShape(e.shape)+", have "+tensor.FormatShape(e.shape[:1]))
	}
	return nil
}

// checkScaleValues checks the scales of a tensor's rows from first on.
func checkScaleValues(name string, scales []float32, first int) error {
	for o, s := range scales {
		if !(s >= 0 && s <= maxScale) {
			return fault(name+ScaleSuffix, "has scale "+strconv.FormatFloat(float64(s), 'g', -1, 32)+" at element "+
				strconv.Itoa(first+o)+"; a scale is finite, not negative, and small enough that its weights are finite")
		}
	}
	return nil
}

// isScale reports whether name holds the scales of an I8 tensor.
func (f *File) isScale(name string) bool {
	owner, ok := strings.CutSuffix(name, ScaleSuffix)
	return ok && f.tensors[owner].dtype == I8
}
