//go:build wasip1

package main

import (
	"errors"
	"io"
	"unsafe"
)

// file is the checkpoint that is being loaded. The page holds it and copies of it
// what is asked for: all of it here, beside what becomes of it, would be memory that
// a module never gives back. Opening reads each byte once at most, for the page lets go
// what has been read; only who hashes the file here begins anew.
type file struct {
	size    uint32
	arrived *uint32     // how much of it the page has so far
	wait    func() bool // until it has more; false if there will be none
}

var errGivenUp = errors.New("the rest of it did not come")

// readFile writes n bytes of the file from offset on to p. It is the one function
// that the module imports beside WASI's.
//
//go:wasmimport page readFile
func readFile(offset uint32, p unsafe.Pointer, n uint32)

// ReadAt is io.ReaderAt's.
func (f file) ReadAt(p []byte, at int64) (int, error) {
	n := int(max(0, min(int64(len(p)), int64(f.size)-at)))
	for int64(*f.arrived) < at+int64(n) {
		if !f.wait() {
			return 0, errGivenUp
		}
	}
	if n > 0 {
		readFile(uint32(at), unsafe.Pointer(unsafe.SliceData(p)), uint32(n))
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
