package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// idx returns an IDX file of the given shape with bytes 0, 1, 2, …
func idx(shape ...int) []byte {
	b := []byte{0, 0, idxBytes, byte(len(shape))}
	n := 1
	for _, s := range shape {
		b = binary.BigEndian.AppendUint32(b, uint32(s))
		n *= s
	}
	for i := range n {
		b = append(b, byte(i))
	}
	return b
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// folder writes files into a fresh folder.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadIDX(t *testing.T) {
	good := idx(3, 2, 4)
	wrongType := bytes.Clone(good)
	wrongType[2] = 0x0d
	huge := []byte{0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}
	damaged := zip(good)
	damaged[len(damaged)-6] ^= 1 // in the CRC
	for _, c := range []struct {
		name string
		file []byte
		want string // in the error; "" for none
	}{
		{"raw", good, ""},
		{"gzip", zip(good), ""},
		{"empty", nil, "it has 0 bytes"},
		{"header cut", good[:9], "the header has 9 of 16 bytes"},
		{"magic cut", good[:3], "the header has 3 of 16 bytes"},
		{"labels for images", idx(3), "begins with 00000801, not with 00000803"},
		{"floats", wrongType, "begins with 00000d03"},
		{"not IDX", []byte("<html>no such file</html>"), "not an IDX file"},
		{"data cut", good[:len(good)-5], "truncated: the header says [3 2 4], which is 24 bytes, and 19 follow"},
		{"no data", good[:16], "and 0 follow"},
		{"more data", append(bytes.Clone(good), 1), "more bytes follow the 24"},
		{"zero size", idx(3, 0, 4), "size 0 to dimension 1"},
		{"overflowing sizes", huge, "at most"},
		{"gzip cut", zip(good)[:len(zip(good))-12], "and"},
		{"gzip trailer cut", zip(good)[:len(zip(good))-3], "trailer is missing"},
		{"gzip header cut", zip(good)[:5], "gzip header is damaged"},
		{"gzip checksum", damaged, "checksum"},
	} {
		t.Run(c.name, func(t *testing.T) {
			shape, data, err := readIDX(bytes.NewReader(c.file), imageDims)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("error %v, want one with %q", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(shape) != 3 || shape[0] != 3 || shape[1] != 2 || shape[2] != 4 || len(data) != 24 || data[23] != 23 {
				t.Errorf("shape %v, data %v", shape, data)
			}
		})
	}
}

func TestOpenFolder(t *testing.T) {
	const images, labels = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
	dir := folder(t, map[string][]byte{images + ".gz": zip(idx(5, 3, 2)), labels: idx(5)})
	d, err := Open(dir, Train)
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != 5 || d.Height != 3 || d.Width != 2 || d.Channels != 1 || d.Size() != 6 {
		t.Errorf("got %d images of %d×%d×%d", d.Len(), d.Height, d.Width, d.Channels)
	}
	if strings.Join(d.Classes, " ") != "0 1 2 3 4" || d.Class(3) != 3 {
		t.Errorf("classes %v, image 3 is of %d", d.Classes, d.Class(3))
	}
	x := make([]float32, 6)
	d.Image(x, 1)
	if want := float32(float64(6)/127.5 - 1); x[0] != want {
		t.Errorf("first pixel of image 1 is %g, want %g", x[0], want)
	}
	if s := d.Subset(2); s.Len() != 2 || len(s.Pixels) != 12 {
		t.Errorf("a subset of 2 has %d images and %d bytes", s.Len(), len(s.Pixels))
	}
	if s := d.Subset(9); s.Len() != 5 {
		t.Errorf("a subset of 9 of 5 has %d images", s.Len())
	}

	dir = folder(t, map[string][]byte{images: idx(5, 3, 2), labels: idx(4)})
	if _, err := Open(dir, Train); err == nil || !strings.Contains(err.Error(), "4 labels") || !strings.Contains(err.Error(), "5 images") {
		t.Errorf("error %v, want one about 4 labels and 5 images", err)
	}
	dir = folder(t, map[string][]byte{images: idx(5, 3, 2)})
	if _, err := Open(dir, Train); err == nil || !strings.Contains(err.Error(), labels) {
		t.Errorf("error %v, want one that names the missing file", err)
	}
}

func TestImageRange(t *testing.T) {
	d := &Dataset{Height: 1, Width: 3, Channels: 1, Pixels: []byte{0, 255, 51}, Labels: []uint8{0}}
	x := make([]float32, 3)
	d.Image(x, 0)
	if x[0] != -1 || x[1] != 1 || x[2] != float32(-0.6) {
		t.Errorf("0, 255, 51 map to %v, want -1, 1, -0.6", x)
	}
}

func TestLookup(t *testing.T) {
	if _, err := Lookup("minst"); err == nil || !strings.Contains(err.Error(), "mnist, fashion-mnist") {
		t.Errorf("error %v, want one that lists the names", err)
	}
	if _, err := Open("minst", Train); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("error %v, want one that mentions a folder", err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	if _, err := Open("mnist", Train); err == nil || !strings.Contains(err.Error(), "ddpm data mnist") {
		t.Errorf("error %v, want one that says how to get it", err)
	}
}
