package checkpoint

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
)

// file puts a header and data together, with the length in front.
func file(header string, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

func floats(values ...float32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

var refused = []struct {
	name string
	file []byte
	want string
}{
	{"empty", nil, "0 bytes are no safetensors file"},
	{"seven bytes", make([]byte, 7), "7 bytes are no safetensors file"},
	{"a web page", []byte("<!DOCTYPE html><html></html>"), "not a safetensors file"},
	{"no header", make([]byte, 8), "does not begin with {"},
	{"header longer than file", file(`{}`)[:9], "should be 2 bytes, but only 1 follow"},
	{"header of 2⁶⁴−1 bytes", bytes.Repeat([]byte{255}, 20), "above the format's limit"},
	{"header is a list", file(`[]`), "does not begin with {"},
	{"header cut", file(`{"a":`), "not valid JSON"},
	{"header twice", file(`{}{}`), "goes on after its closing brace"},
	{"newline after header", file("{}\n"), "goes on after its closing brace"},
	{"bad UTF-8", file("{\"\xff\":1}"), "not valid UTF-8"},
	{"lone surrogate", file(`{"\ud800":1}`), "not valid JSON"},
	{"metadata twice", file(`{"__metadata__":{},"__metadata__":{}}`), "has __metadata__ twice"},
	{"metadata key twice", file(`{"__metadata__":{"k":"1","k":"2"}}`), `__metadata__ has "k" twice`},
	{"metadata number", file(`{"__metadata__":{"k":1}}`), `__metadata__ "k" is not a string`},
	{"metadata null", file(`{"__metadata__":null}`), `__metadata__ is not an object`},
	{"empty name", file(`{"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`), "empty name"},
	{"tensor is a number", file(`{"a":3}`), `tensor "a" is not an object`},
	{"name twice", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 1, 2),
		`tensor "a" is in the header twice`},
	{"name twice, escaped", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 1, 2),
		`tensor "a" is in the header twice`},
	{"key twice", file(`{"a":{"dtype":"U8","dtype":"F32","shape":[1],"data_offsets":[0,1]}}`, 1), `tensor "a" has "dtype" twice`},
	{"unknown key", file(`{"a":{"dtype":"U8","shape":[1],"offset":1}}`, 1), `tensor "a" has the unknown key "offset"`},
	{"no dtype", file(`{"a":{"shape":[1],"data_offsets":[0,1]}}`, 1), `tensor "a" has no dtype`},
	{"no shape", file(`{"a":{"dtype":"U8","data_offsets":[0,1]}}`, 1), `tensor "a" has no shape`},
	{"no offsets", file(`{"a":{"dtype":"U8","shape":[1]}}`, 1), `tensor "a" has no data_offsets`},
	{"unknown type", file(`{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}`, 1, 2), `tensor "a" has type "BF16", which is not one of`},
	{"type is a number", file(`{"a":{"dtype":4,"shape":[1],"data_offsets":[0,1]}}`, 1), `tensor "a" dtype is not a string`},
	{"shape is a number", file(`{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}`, 1), `tensor "a" shape is not a list`},
	{"shape has a string", file(`{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}`, 1), `tensor "a" shape has "1" where a number belongs`},
	{"shape is negative", file(`{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}`, 1), `tensor "a" shape has "-1", not an integer`},
	{"shape is a fraction", file(`{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}`, 1), `tensor "a" shape has "1.5", not an integer`},
	{"shape of nine dimensions", file(`{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}`, 1), "more than 8 numbers"},
	{"shape overflows", file(`{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`), "more elements than an integer can count"},
	{"bytes overflow", file(`{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}`), "more bytes than an integer can count"},
	{"dimension overflows", file(`{"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,0]}}`), "not an integer from 0"},
	{"one offset", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}}`, 1), "has 1 data_offsets, wanted 2"},
	{"three offsets", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}`, 1), "more than 2 numbers"},
	{"offsets backwards", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}`, 1), "ends before it"},
	{"offsets past the end", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}`, 1), "which has only 1: the file is cut off"},
	{"shape shorter than data", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}`, make([]byte, 8)...), "takes 4 bytes, but its data_offsets span 8"},
	{"overlap", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 1, 2, 3),
		`tensor "b" overlaps tensor "a"`},
	{"same place", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}`, 1, 2),
		`tensor "b" overlaps tensor "a"`},
	{"hole", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}`, 1, 2, 3),
		`tensor "b" begins at byte 2, leaving a hole of 1 bytes`},
	{"hole at the front", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 1, 2), "leaving a hole of 1 bytes"},
	{"trailing bytes", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1, 2, 3), "2 bytes after the last tensor"},
	{"no tensors, but data", file(`{}`, 1), "1 bytes after the last tensor"},
	{"NaN weight", file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, floats(1, float32(math.NaN()))...),
		`tensor "a" has a value that is not finite: NaN at element 1`},
	{"infinite weight", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, floats(float32(math.Inf(-1)))...), "not finite: -Inf at element 0"},
	{"infinite half", file(`{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}`, 0, 0, 0, 0x7c), "not finite: +Inf at element 1"},
	{"no scales", file(`{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}`, 1), `its scales, "a.scale", are missing`},
	{"I8 scalar", file(`{"a":{"dtype":"I8","shape":[],"data_offsets":[0,1]}}`, 1), "I8 with no dimensions"},
	{"scales of another type", file(`{"a.scale":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"a":{"dtype":"I8","shape":[1],"data_offsets":[2,3]}}`, 0, 0, 1),
		`tensor "a.scale" is F16; scales are F32`},
	{"too few scales", file(`{"a.scale":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"I8","shape":[2,1],"data_offsets":[4,6]}}`, append(floats(1), 1, 2)...),
		`tensor "a.scale" has shape [1]; the scales of "a", [2,1], have [2]`},
	{"scales of another shape", file(`{"a.scale":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"a":{"dtype":"I8","shape":[1,1],"data_offsets":[4,5]}}`, append(floats(1), 1)...),
		`tensor "a.scale" has shape [1,1]`},
	{"NaN scale", file(`{"a.scale":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"I8","shape":[1],"data_offsets":[4,5]}}`, append(floats(float32(math.NaN())), 1)...),
		"NaN"},
	{"negative scale", file(`{"a.scale":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"I8","shape":[1],"data_offsets":[4,5]}}`, append(floats(-2), 1)...),
		"has scale -2 at element 0"},
	{"scale so large that weights are infinite", file(`{"a.scale":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"I8","shape":[1],"data_offsets":[4,5]}}`, append(floats(3e38), 1)...),
		"has scale 3e+38 at element 0"},
}

func TestParseRefuses(t *testing.T) {
	for _, c := range refused {
		t.Run(c.name, func(t *testing.T) {
			f, err := Parse(c.file)
			if err == nil {
				t.Fatalf("accepted, with tensors %v; want an error with %q", f.Names(), c.want)
			}
			if !strings.HasPrefix(err.Error(), "checkpoint: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q; want one that begins with checkpoint: and has %q", err, c.want)
			}
		})
	}
}

func TestLongNamesAreShortenedInMessages(t *testing.T) {
	_, err := Parse(file(`{"` + strings.Repeat("x", 1<<20) + `":3}`))
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("error of %d characters", len(err.Error()))
	}
}

func TestParseAccepts(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":           file(`{}`),
		"padding":           file(`{}      `),
		"only metadata":     file(`{"__metadata__":{"a":"b"}}`),
		"empty tensors":     file(`{"b":{"dtype":"F32","shape":[0,3],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"c":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}`, 1),
		"no I8 quantized":   file(`{"b":{"dtype":"I8","shape":[0,3],"data_offsets":[0,0]},"b.scale":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`),
		"scalar":            file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, floats(3)...),
		"unaligned":         file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}`, append([]byte{1}, floats(3)...)...),
		"keys in any order": file(`{"a":{"data_offsets":[0,1],"shape":[1],"dtype":"U8"},"__metadata__":{}}`, 1),
	} {
		if _, err := Parse(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func sample() *Builder {
	var b Builder
	b.Metadata("name", "a “quoted” name\n")
	b.Metadata("config", `{"a":1}`)
	b.Float32("f", []int{2, 2}, []float32{1, -2.5, 0, math.MaxFloat32})
	b.Float16("h", []int{3}, []float32{1, -0.1, 65504})
	b.Int8("q", []int{2, 3}, []float32{1, -2, 3, 0, 0, 0})
	b.Uint8("u", []int{1, 3}, []byte{1, 2, 255})
	b.Int64("i", []int{2}, []int64{math.MinInt64, 7})
	b.Float32("scalar", nil, []float32{4})
	return &b
}

func TestRoundTrip(t *testing.T) {
	data, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := f.Names(), []string{"f", "h", "i", "q", "scalar", "u"}; !slices.Equal(got, want) {
		t.Errorf("names %v, want %v", got, want)
	}
	if m := f.Metadata(); len(m) != 2 || m["name"] != "a “quoted” name\n" || m["config"] != `{"a":1}` {
		t.Errorf("metadata %v", m)
	}
	for name, want := range map[string][]float32{
		"f":       {1, -2.5, 0, math.MaxFloat32},
		"h":       {1, -0.0999755859375, 65504},
		"q":       {float32(42) * (float32(3) / 127), float32(-85) * (float32(3) / 127), 127 * (float32(3) / 127), 0, 0, 0},
		"q.scale": {float32(3) / 127, 0},
		"scalar":  {4},
	} {
		got, _, err := f.Float32(name)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s = %v, %v; want %v", name, got, err, want)
		}
	}
	if got, shape, err := f.Int64("i"); err != nil || !slices.Equal(got, []int64{math.MinInt64, 7}) || !slices.Equal(shape, []int{2}) {
		t.Errorf("i = %v %v %v", got, shape, err)
	}
	if got, shape, err := f.Uint8("u"); err != nil || !bytes.Equal(got, []byte{1, 2, 255}) || !slices.Equal(shape, []int{1, 3}) {
		t.Errorf("u = %v %v %v", got, shape, err)
	}
	if d, shape, ok := f.Info("q"); d != I8 || !slices.Equal(shape, []int{2, 3}) || !ok {
		t.Errorf("Info(q) = %v %v %v", d, shape, ok)
	}
}

func TestBytesAreCanonical(t *testing.T) {
	a, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"__metadata__":{"config":"{\"a\":1}","name":"a “quoted” name\n"},` +
		`"i":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},` +
		`"f":{"dtype":"F32","shape":[2,2],"data_offsets":[16,32]},` +
		`"q.scale":{"dtype":"F32","shape":[2],"data_offsets":[32,40]},` +
		`"scalar":{"dtype":"F32","shape":[],"data_offsets":[40,44]},` +
		`"h":{"dtype":"F16","shape":[3],"data_offsets":[44,50]},` +
		`"q":{"dtype":"I8","shape":[2,3],"data_offsets":[50,56]},` +
		`"u":{"dtype":"U8","shape":[1,3],"data_offsets":[56,59]}}`
	n := int(binary.LittleEndian.Uint64(a))
	if got := strings.TrimRight(string(a[8:8+n]), " "); got != want {
		t.Errorf("header\n%s\nwant\n%s", got, want)
	}
	if n%8 != 0 {
		t.Errorf("header of %d bytes leaves the data unaligned", n)
	}
	var b Builder // the same in another order
	b.Float32("scalar", nil, []float32{4})
	b.Int64("i", []int{2}, []int64{math.MinInt64, 7})
	b.Uint8("u", []int{1, 3}, []byte{1, 2, 255})
	b.Int8("q", []int{2, 3}, []float32{1, -2, 3, 0, 0, 0})
	b.Metadata("config", `{"a":1}`)
	b.Float16("h", []int{3}, []float32{1, -0.1, 65504})
	b.Float32("f", []int{2, 2}, []float32{1, -2.5, 0, math.MaxFloat32})
	b.Metadata("name", "a “quoted” name\n")
	if other, err := b.Bytes(); err != nil || !bytes.Equal(a, other) {
		t.Error("the order of adding shows in the bytes")
	}
}

func TestBuilderRefuses(t *testing.T) {
	for want, add := range map[string]func(b *Builder){
		`tensor "a" is added twice`:              func(b *Builder) { b.Uint8("a", nil, []byte{1}); b.Uint8("a", nil, []byte{1}) },
		`tensor "a.scale" is added twice`:        func(b *Builder) { b.Uint8("a.scale", nil, []byte{1}); b.Int8("a", []int{1}, []float32{1}) },
		"of shape [2] was given 1 values":        func(b *Builder) { b.Int64("a", []int{2}, []int64{1}) },
		"not finite: NaN at element 1":           func(b *Builder) { b.Float32("a", []int{2}, []float32{0, float32(math.NaN())}) },
		"not finite: +Inf at element 0":          func(b *Builder) { b.Int8("a", []int{1}, []float32{float32(math.Inf(1))}) },
		"too large for F16 at element 0":         func(b *Builder) { b.Float16("a", []int{1}, []float32{65520}) },
		"too large to quantize":                  func(b *Builder) { b.Int8("a", []int{1}, []float32{math.MaxFloat32}) },
		"cannot be quantized":                    func(b *Builder) { b.Int8("a", nil, []float32{1}) },
		`tensor "__metadata__" cannot have that`: func(b *Builder) { b.Uint8("__metadata__", nil, []byte{1}) },
		`"\xff" cannot have that name`:           func(b *Builder) { b.Uint8("\xff", nil, []byte{1}) },
		"not valid UTF-8":                        func(b *Builder) { b.Metadata("a", "\xff") },
		"weights are F32, F16 or I8":             func(b *Builder) { b.Weights("a", nil, []float32{1}, U8) },
		"more than 8 dimensions":                 func(b *Builder) { b.Uint8("a", []int{1, 1, 1, 1, 1, 1, 1, 1, 1}, []byte{1}) },
	} {
		var b Builder
		add(&b)
		if _, err := b.Bytes(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestWeightsPolicy(t *testing.T) {
	for _, c := range []struct {
		shape     []int
		precision DType
		want      DType
	}{
		{[]int{32, 32}, I8, I8},
		{[]int{8, 16, 3, 3}, I8, I8},
		{[]int{31, 33}, I8, F32},
		{[]int{32, 1, 3, 3}, I8, F32},
		{[]int{2048}, I8, F32},
		{[]int{32, 32}, F16, F16},
		{[]int{32}, F16, F16},
		{[]int{32, 32}, F32, F32},
	} {
		n := 1
		for _, d := range c.shape {
			n *= d
		}
		var b Builder
		b.Weights("w", c.shape, make([]float32, n), c.precision)
		data, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		f, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := f.Info("w"); got != c.want {
			t.Errorf("%v at %s is stored as %s, want %s", c.shape, c.precision, got, c.want)
		}
	}
}

func TestReadFaults(t *testing.T) {
	data, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for want, read := range map[string]func() error{
		`"x" is not in the file`:           func() error { _, _, err := f.Float32("x"); return err },
		`"y" is not in the file`:           func() error { return f.ReadFloat32(nil, "y") },
		`"z" is not in the file`:           func() error { _, _, err := f.Int64("z"); return err },
		`"u" is U8, wanted numbers of F32`: func() error { _, _, err := f.Float32("u"); return err },
		`"f" is F32, wanted I64`:           func() error { _, _, err := f.Int64("f"); return err },
		`"f" is F32, wanted U8`:            func() error { _, _, err := f.Uint8("f"); return err },
		`"f" has 4 elements, asked for 3`:  func() error { return f.ReadFloat32(make([]float32, 3), "f") },
	} {
		if err := read(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// FuzzParse: whatever Parse accepts can be read in full, and is finite.
func FuzzParse(f *testing.F) {
	for _, c := range refused {
		f.Add(c.file)
	}
	whole, err := sample().Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(file(`{"b":{"dtype":"I8","shape":[0,3],"data_offsets":[0,0]},"b.scale":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Parse(b)
		if err != nil {
			return
		}
		for _, name := range file.Names() {
			dtype, _, ok := file.Info(name)
			if !ok {
				t.Fatalf("%q has no Info", name)
			}
			switch dtype {
			case I64:
				_, _, err = file.Int64(name)
			case U8:
				_, _, err = file.Uint8(name)
			default:
				var values []float32
				values, _, err = file.Float32(name)
				for _, v := range values {
					if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
						t.Fatalf("%q has %v", name, v)
					}
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
