// Package kernel holds the hot loops. Those of the network: a family of
// convolutions (which includes matrix products), the per-channel passes of group
// normalisation, SiLU, softmax, pooling; and those of the chain: Gaussian noise,
// and the sum of a picture and noise. It knows slices of float32 and nothing of
// layers or schedules.
//
// Every loop stands here in a plain Go form that says what is computed
// (*_generic.go). With GOEXPERIMENT=simd there is a vector form beside it
// (*_simd.go over the vectors of form_amd64.go or form_wasm.go): AVX2 or AVX-512
// on amd64, as the processor has them, and SIMD128 in WebAssembly. The forms of
// the network's loops differ by rounding only (the order of sums, fused
// multiply-adds), and not from call to call on one machine. Those of the chain's,
// Normal, Blend and BlendRGBA, do not differ at all: noise is part of what a
// recipe promises.
//
// Images are NHWC without the N: [height][width][channel]. Lengths are checked
// on entry; a slice that is too short is a broken invariant and panics. Nothing
// here allocates, and nothing outside the described elements is read or written.
package kernel

// Form names the implementation that runs on this machine: "avx512", "avx2",
// "simd128" or "generic".
func Form() string { return form() }
