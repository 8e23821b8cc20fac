// Command engine is the core as a WebAssembly module for the browser: a WASI
// reactor, whose exported functions turn calls into core calls and which has
// no logic of its own. It is built with
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared
//
// and is driven by web/engine; nothing in it knows JavaScript, so the same file
// runs under Node and, through wazero, in this folder's tests.
//
// # Calls
//
// Text and bulk data go in as a pointer and a length in memory from Allocate, but for
// a checkpoint, of which the module reads what it needs (see file).
// Every other call returns a status: zero or more is success, below zero is
// failure. Both leave a reply, the result or the error's text in UTF-8, at
// ReplyPointer, ReplyLength; it is valid until the next call that leaves one.
// Numbers and pointers are little-endian and 32 bits wide; memory may grow in
// any call, which detaches the views that JavaScript has on it.
//
// One instance holds at most one model, one picture and any number of runs. A
// broken invariant, such as freeing what was not allocated, panics: the
// instance is then dead and must be replaced.
package main

func main() {}
