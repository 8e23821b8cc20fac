// Package kernel holds the hot loops of the network: a family of convolutions
// (which includes matrix products), the per-channel passes of group
// normalisation, SiLU, softmax, pooling. It knows slices of float32 and nothing
// of layers.
//
// Every loop stands here in a plain Go form that says what is computed
// (files *_generic.go), in an AVX2 form (*_amd64.go) and in a WebAssembly
// SIMD128 form (*_wasm.go); the vector forms need GOEXPERIMENT=simd, and on
// amd64 a processor that has AVX2 and FMA, else the plain form runs. Results of
// the forms differ by rounding only (the order of sums, fused multiply-adds),
// never from call to call on one machine.
//
// Images are NHWC without the N: [height][width][channel]. Lengths are checked
// on entry; a slice that is too short is a broken invariant and panics. Nothing
// here allocates, and nothing outside the described elements is read or written.
package kernel

// Form names the implementation that runs on this machine: "avx2", "simd128" or
// "generic".
func Form() string { return form() }
