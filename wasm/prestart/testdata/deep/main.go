// Deep has the stack grow, be scanned and be traced.
package main

import (
	"os"
	"runtime"
)

func main() {}

// Down goes n calls deep, collects garbage there, and gives the sum that the stack holds.
//
//go:wasmexport Down
func Down(n int32) int32 {
	held := []int32{n} // on the heap, and only the stack knows
	if n > 0 {
		below := Down(n - 1)
		return below + keep(held)
	}
	runtime.GC()
	return keep(held)
}

//go:noinline
func keep(held []int32) int32 {
	made := make([][]int32, 8) // what was freed in error is written over
	for i := range made {
		made[i] = []int32{-1}
	}
	return held[0] + made[0][0] + 1
}

// Trace writes the names of who called it.
//
//go:wasmexport Trace
func Trace() {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		frame, more := frames.Next()
		os.Stderr.WriteString(frame.Function + " " + frame.File + "\n")
		if !more {
			return
		}
	}
}

// Fail panics, and a deferred call sees it.
//
//go:wasmexport Fail
func Fail() (seen int32) {
	defer func() {
		if recover() != nil {
			seen = 1
			Trace()
		}
	}()
	var none []int32
	return none[len(os.Args)]
}
