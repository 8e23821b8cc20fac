package checkpoint

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/ddpm-go/ddpm/core/json"
	"github.com/ddpm-go/ddpm/core/tensor"
)

// Builder collects tensors and metadata and writes them as one file whose bytes
// depend on nothing but the content: tensors by falling element size and then
// by name (so that each is aligned), metadata by key, the header padded with
// spaces to 8 bytes. The zero Builder is empty and ready.
//
// Values are read when they are added; the first fault is kept and returned by
// Bytes.
type Builder struct {
	metadata map[string]string
	tensors  map[string]entry
	err      error
}

// Metadata sets one entry of the metadata.
func (b *Builder) Metadata(key, value string) {
	if !utf8.ValidString(key) || !utf8.ValidString(value) {
		b.fail(errors.New("checkpoint: metadata " + quote(key) + " is not valid UTF-8"))
	}
	if b.metadata == nil {
		b.metadata = map[string]string{}
	}
	b.metadata[key] = value
}

// Float32 adds a tensor of F32.
func (b *Builder) Float32(name string, shape []int, values []float32) {
	b.finite(name, values)
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	b.add(name, F32, shape, len(values), data)
}

// Float16 adds a tensor of F16, rounded to nearest even.
func (b *Builder) Float16(name string, shape []int, values []float32) {
	b.finite(name, values)
	data := make([]byte, 0, 2*len(values))
	for i, v := range values {
		h := floatToHalf(v)
		if h&0x7c00 == 0x7c00 {
			b.fail(fault(name, "has a value too large for F16 at element "+strconv.Itoa(i)))
		}
		data = binary.LittleEndian.AppendUint16(data, h)
	}
	b.add(name, F16, shape, len(values), data)
}

// Int8 adds a tensor quantized to I8, and its scales, one for each index of the
// first dimension: q = round(w/scale), scale = max|w|/127.
func (b *Builder) Int8(name string, shape []int, values []float32) {
	b.finite(name, values)
	if len(shape) == 0 || shape[0] < 0 || shape[0] > len(values) {
		b.fail(fault(name, "of shape "+tensor.FormatShape(shape)+" cannot be quantized: its first dimension has the scales"))
		return
	}
	q, scales := quantize(values, shape[0])
	for _, s := range scales {
		if s > maxScale {
			b.fail(fault(name, "has weights too large to quantize"))
		}
	}
	b.add(name, I8, shape, len(values), q)
	b.Float32(name+ScaleSuffix, shape[:1], scales)
}

// Uint8 adds a tensor of U8.
func (b *Builder) Uint8(name string, shape []int, values []byte) {
	b.add(name, U8, shape, len(values), slices.Clone(values))
}

// Int64 adds a tensor of I64.
func (b *Builder) Int64(name string, shape []int, values []int64) {
	data := make([]byte, 0, 8*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, uint64(v))
	}
	b.add(name, I64, shape, len(values), data)
}

// Weights adds a network's parameter at the given precision: F32; F16; or I8,
// which is for matrices and convolutions of at least 1024 elements. One-
// dimensional parameters (norms, biases) and small ones stay F32 under I8: they
// are under 2% of a network's size, and the first and last convolution of a
// picture network, to which its output is most sensitive, are among them.
func (b *Builder) Weights(name string, shape []int, values []float32, precision DType) {
	const worthQuantizing = 1024
	switch {
	case precision == F16:
		b.Float16(name, shape, values)
	case precision == I8 && len(shape) >= 2 && len(values) >= worthQuantizing:
		b.Int8(name, shape, values)
	case precision == I8 || precision == F32:
		b.Float32(name, shape, values)
	default:
		b.fail(fault(name, "cannot be stored as "+quote(string(precision))+"; weights are F32, F16 or I8"))
	}
}

func (b *Builder) finite(name string, values []float32) {
	for i, v := range values {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			b.fail(notFinite(name, i, v))
			return
		}
	}
}

func (b *Builder) add(name string, dtype DType, shape []int, n int, data []byte) {
	if _, ok := b.tensors[name]; ok {
		b.fail(fault(name, "is added twice"))
	}
	if name == "" || name == metadataKey || !utf8.ValidString(name) {
		b.fail(fault(name, "cannot have that name"))
	}
	if want, err := tensor.Elements(shape); err != nil || want != n {
		b.fail(fault(name, "of shape "+tensor.FormatShape(shape)+" was given "+strconv.Itoa(n)+" values"))
	}
	if len(shape) > maxRank {
		b.fail(fault(name, "has more than "+strconv.Itoa(maxRank)+" dimensions"))
	}
	if b.tensors == nil {
		b.tensors = map[string]entry{}
	}
	b.tensors[name] = entry{dtype: dtype, shape: slices.Clone(shape), data: data}
}

func (b *Builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Bytes returns the file, which Parse accepts, or the first fault of what was
// added.
func (b *Builder) Bytes() ([]byte, error) {
	if b.err != nil {
		return nil, b.err
	}
	names := slices.SortedFunc(maps.Keys(b.tensors), func(x, y string) int {
		return cmp.Or(cmp.Compare(b.tensors[y].dtype.size(), b.tensors[x].dtype.size()), cmp.Compare(x, y))
	})
	header, size := b.header(names)
	out := make([]byte, 0, 8+len(header)+size)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(header)))
	out = append(out, header...)
	for _, name := range names {
		out = append(out, b.tensors[name].data...)
	}
	return out, nil
}

// header returns the padded JSON header and the size of the data.
func (b *Builder) header(names []string) (header []byte, size int) {
	h := []byte{'{'}
	if len(b.metadata) > 0 {
		h = append(quoteJSON(h, metadataKey), ":{"...)
		for i, key := range slices.Sorted(maps.Keys(b.metadata)) {
			if i > 0 {
				h = append(h, ',')
			}
			h = append(quoteJSON(h, key), ':')
			h = quoteJSON(h, b.metadata[key])
		}
		h = append(h, '}')
	}
	for _, name := range names {
		if len(h) > 1 {
			h = append(h, ',')
		}
		e := b.tensors[name]
		h = append(quoteJSON(h, name), `:{"dtype":"`...)
		h = append(h, e.dtype...)
		h = append(h, `","shape":`...)
		h = append(h, tensor.FormatShape(e.shape)...)
		h = append(h, `,"data_offsets":`...)
		h = append(h, tensor.FormatShape([]int{size, size + len(e.data)})...)
		h = append(h, '}')
		size += len(e.data)
	}
	h = append(h, '}')
	for len(h)%8 != 0 {
		h = append(h, ' ')
	}
	return h, size
}

func quoteJSON(dst []byte, s string) []byte {
	if !utf8.ValidString(s) {
		panic("checkpoint: a string was let in that is not valid UTF-8")
	}
	return json.AppendQuote(dst, s)
}
