//go:build wasip1

package main

import (
	"runtime"
	_ "unsafe" // for go:linkname
)

// setGCPercent is runtime/debug's, which the runtime defines under that name. The package
// itself would bring os and fmt along.
//
//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) int32

// Collect makes what is no longer used free. A module is started without Go's collector
// (GOGC=off), which would first come at 4 MB, among a small network's weights and in code
// that no compiler has optimised yet. It comes by itself from the first call of Collect
// on: at the end of a run, with a picture, or when the page sees that memory has grown.
//
//go:wasmexport Collect
func Collect() {
	setGCPercent(100)
	runtime.GC()
}
