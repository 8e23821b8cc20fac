//go:build !goexperiment.simd

package main

const builtWithSIMD = false
