//go:build wasip1

package main

import "unsafe"

// allocated keeps alive what Allocate gave out: the garbage collector does not
// see the pointers that the page holds.
var allocated = map[unsafe.Pointer][]byte{}

// Allocate returns n bytes that stay where they are until Free.
//
//go:wasmexport Allocate
func Allocate(n uint32) unsafe.Pointer {
	block := make([]byte, max(n, 1))
	p := unsafe.Pointer(unsafe.SliceData(block))
	allocated[p] = block[:n]
	return p
}

// Free gives back what Allocate returned.
//
//go:wasmexport Free
func Free(p unsafe.Pointer) {
	if _, ok := allocated[p]; !ok {
		panic("engine: Free of a pointer that Allocate did not return")
	}
	delete(allocated, p)
}

// bytesAt is the argument of n bytes at p.
func bytesAt(p unsafe.Pointer, n uint32) []byte {
	block := allocated[p]
	if len(block) < int(n) {
		panic("engine: an argument that is not in allocated memory")
	}
	return block[:n]
}

// floatsAt is the argument of n float32 at p.
func floatsAt(p unsafe.Pointer, n uint32) []float32 {
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(bytesAt(p, 4*n)))), n)
}
