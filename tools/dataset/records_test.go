package dataset

import (
	"archive/tar"
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// two are records of 1×2×3 pixels.
var two = []byte{
	7, 10, 11, 20, 21, 30, 31,
	1, 40, 41, 50, 51, 60, 61,
}

func TestReadRecords(t *testing.T) {
	p, err := records{1, 2, 3, 0}.read(bytes.NewReader(two))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.labels, []uint8{7, 1}) || !slices.Equal(p.pixels, []byte{10, 20, 30, 11, 21, 31, 40, 50, 60, 41, 51, 61}) {
		t.Errorf("labels %v, pixels %v", p.labels, p.pixels)
	}
	for want, f := range map[string]func() (part, error){
		"it has 0 bytes":                  func() (part, error) { return records{1, 2, 3, 0}.read(bytes.NewReader(nil)) },
		"it has 13 bytes, want a mult":    func() (part, error) { return records{1, 2, 3, 0}.read(bytes.NewReader(two[:13])) },
		"it has 14 bytes, want 21: recor": func() (part, error) { return records{1, 2, 3, 3}.read(bytes.NewReader(two)) },
	} {
		if _, err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// tarOf packs files into folder/ of a tar file.
func tarOf(t *testing.T, folder string, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for name, content := range files {
		if err := w.WriteHeader(&tar.Header{Name: folder + "/" + name, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed is a source whose mirrors have an archive, and the archive, gzipped.
func packed(t *testing.T) (*Source, []byte) {
	t.Helper()
	whole := zip(tarOf(t, "../records-bin", map[string][]byte{"a.bin": two, "b.bin": two[:7], "v.bin": two[7:], "readme.html": []byte("Hello")}))
	form := records{1, 2, 3, 0}
	return &Source{
		Name: "packed", Title: "Packed", Classes: strings.Split("abcdefgh", ""),
		archive: &file{name: "packed.tar", md5: sum(whole), form: archive{}, packed: true},
		files: map[Split][]file{
			Train: {{name: "a.bin", form: form}, {name: "b.bin", form: form}},
			Test:  {{name: "v.bin", form: form}},
		},
	}, whole
}

func TestFetchUnpacks(t *testing.T) {
	s, whole := packed(t)
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		if r.URL.Path != "/packed.tar.gz" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(whole)
	}))
	defer server.Close()
	s.mirrors = []string{server.URL + "/"}
	dir := filepath.Join(t.TempDir(), "data", "packed")
	for range 2 {
		if err := (Fetcher{}).Fetch(context.Background(), s, dir); err != nil {
			t.Fatal(err)
		}
	}
	if requests != 1 {
		t.Errorf("%d requests, want one", requests)
	}
	d, err := s.Load(dir, Train)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Labels, []uint8{7, 1, 7}) || d.Len() != 3 || d.Channels != 3 || len(d.Pixels) != 18 || d.Bytes(2)[5] != 31 {
		t.Errorf("%+v", d)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("in the folder are %v (%v), want the three files", entries, err)
	}
}

func TestImportTakesArchiveOrFiles(t *testing.T) {
	s, whole := packed(t)
	for name, from := range map[string]map[string][]byte{
		"archive": {"packed.tar.gz": whole},
		"files":   {"a.bin": two, "b.bin.gz": zip(two[:7]), "v.bin": two},
	} {
		dir := t.TempDir()
		if err := (Fetcher{}).Import(s, folder(t, from), dir); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d, err := s.Load(dir, Train); err != nil || d.Len() != 3 {
			t.Errorf("%s: %v", name, err)
		}
	}
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 1
	other := zip(tarOf(t, "x", map[string][]byte{"a.bin": two}))
	for want, from := range map[string]map[string][]byte{
		"neither packed.tar.gz": {"a.bin": two},
		"damaged":               {"packed.tar.gz": damaged},
		"the MD5":               {"packed.tar.gz": other},
		"want a multiple of 7":  {"a.bin": two[1:]},
	} {
		dir := t.TempDir()
		if err := (Fetcher{}).Import(s, folder(t, from), dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: %v were left", want, left)
		}
	}
	s.archive.md5 = sum(other)
	if err := (Fetcher{}).Import(s, folder(t, map[string][]byte{"packed.tar.gz": other}), t.TempDir()); err == nil || !strings.Contains(err.Error(), "does not have all files") {
		t.Errorf("error %v, want one that says that files are missing", err)
	}
}

func TestSourceWithoutMirrors(t *testing.T) {
	s, err := Lookup("avatars")
	if err != nil {
		t.Fatal(err)
	}
	err = (Fetcher{}).Fetch(context.Background(), s, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "tools/avatars") || !strings.Contains(err.Error(), "ddpm data avatars --from FOLDER") {
		t.Errorf("error %v, want one that says how to make the set", err)
	}
	if len(s.Classes) != 8 || s.Classes[0] != "short hair" || s.Classes[7] != "long hair + glasses + hat" {
		t.Errorf("classes %q", s.Classes)
	}
}
