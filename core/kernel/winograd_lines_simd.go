//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// vectors is run, for runs that are whole vectors.
func (h *half) vectors(to, plus, from lines, runs, run int) {
	switch h.kind {
	case 2 + kindInput:
		input2(to, from, runs, run)
	case 2 + kindOutput:
		output2(to, plus, from, runs, run)
	case 2 + kindTaps:
		taps2(to, from, runs, run)
	case 2 + kindSpread:
		spread2(to, from, runs, run)
	case 2 + kindWeighing:
		weighing2(to, plus, from, runs, run)
	case 4 + kindInput:
		input4(to, from, runs, run)
	case 4 + kindOutput:
		output4(to, plus, from, runs, run)
	case 4 + kindTaps:
		taps4(to, from, runs, run)
	case 4 + kindSpread:
		spread4(to, from, runs, run)
	case 4 + kindWeighing:
		weighing4(to, plus, from, runs, run)
	}
}

// A half of a transform has up to 14 lines at once, each a vector further in every
// turn of the loop. Slices would cost a check for each, and more registers than
// there are; half.run has checked them all, and so the loops step from line to line
// with bare pointers, which never leave the lines' data.

// floatBytes is the distance between elements.
const floatBytes = 4

// walk gives the beginning of l, and how far apart its lines and its runs are, in
// bytes.
func (l lines) walk() (at unsafe.Pointer, apart, next int) {
	return unsafe.Pointer(unsafe.SliceData(l.data)), l.apart * floatBytes, l.next * floatBytes
}

// take is the vector at p, and the place of the one on the next line.
func take(p unsafe.Pointer, apart int) (vec, unsafe.Pointer) {
	return load((*[lanes]float32)(p)), unsafe.Add(p, apart)
}

// last is take for the last line.
func last(p unsafe.Pointer) vec { return load((*[lanes]float32)(p)) }

// put stores v at p, and says where the next line is.
func put(p unsafe.Pointer, apart int, v vec) unsafe.Pointer {
	store((*[lanes]float32)(p), v)
	return unsafe.Add(p, apart)
}
