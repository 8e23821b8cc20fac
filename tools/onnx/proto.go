package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The few messages of onnx.proto3 that a network takes, by their field numbers.

// message is a protocol buffer in the making.
type message []byte

func (m *message) varint(field protowire.Number, v int64) {
	*m = protowire.AppendTag(*m, field, protowire.VarintType)
	*m = protowire.AppendVarint(*m, uint64(v))
}

func (m *message) bytes(field protowire.Number, v []byte) {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendBytes(*m, v)
}

func (m *message) text(field protowire.Number, v string) { m.bytes(field, []byte(v)) }

// Element types of tensors (TensorProto.DataType).
const (
	float32Type = 1
	int64Type   = 7
	float64Type = 11
)

// dynamic is the dimension of the batch.
const dynamic = -1

// attribute is one of a node's (AttributeProto): an int, a float, a string or a
// list of ints.
func attribute(name string, value any) message {
	var m message
	m.text(1, name)
	const kind = 20 // AttributeProto.type
	switch v := value.(type) {
	case float32:
		m = protowire.AppendTag(m, 2, protowire.Fixed32Type)
		m = protowire.AppendFixed32(m, math.Float32bits(v))
		m.varint(kind, 1)
	case int:
		m.varint(3, int64(v))
		m.varint(kind, 2)
	case string:
		m.text(4, v)
		m.varint(kind, 3)
	case []int:
		for _, i := range v {
			m.varint(8, int64(i))
		}
		m.varint(kind, 7)
	default:
		panic("onnx: no such attribute")
	}
	return m
}

// node is a NodeProto.
func node(op string, inputs []string, output string, attributes []message) message {
	var m message
	for _, in := range inputs {
		m.text(1, in)
	}
	m.text(2, output)
	m.text(3, output) // the name of a node is that of what it makes
	m.text(4, op)
	for _, a := range attributes {
		m.bytes(5, a)
	}
	return m
}

// value is the ValueInfoProto of an input or output.
func value(name string, element int64, shape []int) message {
	var dims, tensor, kind, m message
	for _, d := range shape {
		var dim message
		if d == dynamic {
			dim.text(2, "N")
		} else {
			dim.varint(1, int64(d))
		}
		dims.bytes(1, dim)
	}
	tensor.varint(1, element)
	tensor.bytes(2, dims)
	kind.bytes(1, tensor)
	m.text(1, name)
	m.bytes(2, kind)
	return m
}

// tensor is the TensorProto of an initializer.
func tensor(name string, element int64, shape []int, raw []byte) message {
	var m message
	for _, d := range shape {
		m.varint(1, int64(d))
	}
	m.varint(2, element)
	m.text(8, name)
	m.bytes(9, raw)
	return m
}

func rawFloat32(v []float32) []byte {
	raw := make([]byte, 0, 4*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return raw
}

func rawFloat64(v []float64) []byte {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(x))
	}
	return raw
}

func rawInt64(v []int) []byte {
	raw := make([]byte, 0, 8*len(v))
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return raw
}
