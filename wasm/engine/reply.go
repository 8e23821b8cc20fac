//go:build wasip1

package main

import "unsafe"

// Statuses of a call.
const (
	ok     int32 = 0
	failed int32 = -1 // the reply is the error's text
)

// reply is what the last call left. It keeps alive the memory that it names.
var reply struct {
	pointer unsafe.Pointer
	length  uint32
}

// ReplyPointer is where the last call's reply begins.
//
//go:wasmexport ReplyPointer
func ReplyPointer() unsafe.Pointer { return reply.pointer }

// ReplyLength is the last call's reply's length in bytes.
//
//go:wasmexport ReplyLength
func ReplyLength() uint32 { return reply.length }

// number is what a reply consists of.
type number interface {
	byte | uint32 | float32 | float64
}

// answer leaves values as the reply.
func answer[T number](values []T) int32 {
	reply.pointer = unsafe.Pointer(unsafe.SliceData(values))
	reply.length = uint32(len(values)) * uint32(unsafe.Sizeof(*new(T)))
	return ok
}

// fail leaves the error's text as the reply.
func fail(err error) int32 {
	answer([]byte(err.Error()))
	return failed
}
