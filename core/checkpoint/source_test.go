package checkpoint

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// read is Read, and then every tensor's values: what Parse does.
func read(b []byte) (*File, error) {
	f, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	for _, name := range f.Names() {
		if dtype, _, _ := f.Info(name); dtype == F32 || dtype == F16 || dtype == I8 {
			if _, _, err := f.Float32(name); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}

func TestReadRefuses(t *testing.T) {
	for _, c := range refused {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(c.file)
			if err == nil {
				t.Fatalf("accepted; want an error with %q", c.want)
			}
			if !strings.HasPrefix(err.Error(), "checkpoint: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q; want one that begins with checkpoint: and has %q", err, c.want)
			}
		})
	}
}

// What is read in pieces is what Parse gives whole, of every type.
func TestReadRows(t *testing.T) {
	const rows, row = 7, 6
	values := make([]float32, rows*row)
	for i := range values {
		values[i] = float32(i*i%31) - 15
	}
	var b Builder
	shape := []int{rows, 2, 3}
	b.Float32("f", shape, values)
	b.Float16("h", shape, values)
	b.Int8("q", shape, values)
	b.Float32("one", nil, values[:1])
	b.Uint8("u", []int{3}, []byte{1, 2, 255})
	b.Int64("i", []int{2}, []int64{-5, 1 << 40})
	file, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f", "h", "q", "one"} {
		want, shape, err := whole.Float32(name)
		if err != nil {
			t.Fatal(err)
		}
		of := len(want) / max(1, len(shape)*2) // elements of a row
		if len(shape) > 0 {
			of = row
		}
		for first := range len(want) / of {
			for n := range len(want)/of - first + 1 {
				for _, f := range []*File{whole, f} {
					got := make([]float32, n*of)
					if err := f.ReadRows(got, name, first); err != nil || !slices.Equal(got, want[first*of:][:n*of]) {
						t.Fatalf("%s: %d rows from %d on are %v, %v; want %v", name, n, first, got, err, want[first*of:][:n*of])
					}
				}
			}
		}
	}
	if got, _, err := f.Uint8("u"); err != nil || !slices.Equal(got, []byte{1, 2, 255}) {
		t.Errorf("bytes %v, %v", got, err)
	}
	if got, _, err := f.Int64("i"); err != nil || !slices.Equal(got, []int64{-5, 1 << 40}) {
		t.Errorf("integers %v, %v", got, err)
	}
	for _, c := range []struct{ n, first int }{{row, rows}, {row - 1, 0}, {rows * row, 1}, {row, -1}} {
		if err := f.ReadRows(make([]float32, c.n), "f", c.first); err == nil || !strings.Contains(err.Error(), "whole rows") {
			t.Errorf("%d elements from row %d on: error %v", c.n, c.first, err)
		}
	}
}

func TestReadOfAFileThatIsShorterThanSaid(t *testing.T) {
	whole, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) {
		f, err := Read(bytes.NewReader(whole[:cut]), int64(len(whole)))
		for i := 0; err == nil && i < len(f.Names()); i++ {
			switch dtype, _, _ := f.Info(f.Names()[i]); dtype {
			case I64:
				_, _, err = f.Int64(f.Names()[i])
			case U8:
				_, _, err = f.Uint8(f.Names()[i])
			default:
				_, _, err = f.Float32(f.Names()[i])
			}
		}
		if err == nil || !strings.Contains(err.Error(), "it is cut off") {
			t.Fatalf("%d of %d bytes: error %v", cut, len(whole), err)
		}
	}
}

// At is the order in which a writer has put the tensors, and their distance.
func TestAt(t *testing.T) {
	var b Builder
	b.Float32("a", []int{2}, []float32{1, 2})
	b.Float32("b", nil, []float32{3})
	b.Uint8("first of all by name", []int{1}, []byte{1})
	b.Int64("wide", []int{1}, []int64{1})
	file, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{"wide": 0, "a": 8, "b": 16, "first of all by name": 20, "none": -1} {
		if got := f.At(name); got != want {
			t.Errorf("At(%q) = %d, want %d", name, got, want)
		}
	}
}
