package dataset

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func sum(b []byte) string {
	s := md5.Sum(b)
	return hex.EncodeToString(s[:])
}

// small is a source like MNIST with 5 and 2 pictures, and its raw files.
func small(mirrors ...string) (*Source, map[string][]byte) {
	raw := map[string][]byte{"ti": idx(5, 4, 3), "tl": idx(5), "vi": idx(2, 4, 3), "vl": idx(2)}
	f := func(name string, form form) file { return file{name: name, md5: sum(raw[name]), form: form} }
	return &Source{
		Name: "small", Title: "Small", Classes: []string{"a", "b", "c", "d", "e"}, mirrors: mirrors,
		files: map[Split][]file{
			Train: {f("ti", idxImages{}), f("tl", idxLabels{})},
			Test:  {f("vi", idxImages{}), f("vl", idxLabels{})},
		},
	}, raw
}

// mirror serves the files of a folder /, gzipped, with ranges.
func mirror(t *testing.T, raw map[string][]byte, requests *[]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests = append(*requests, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("Range")))
		name := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/"), ".gz")
		content, ok := raw[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(zip(content)))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestFetch(t *testing.T) {
	var requests []string
	s, raw := small()
	s.mirrors = []string{mirror(t, nil, &requests), mirror(t, raw, &requests)}
	dir := filepath.Join(t.TempDir(), "data", "small")
	var last string
	f := Fetcher{Progress: func(name string, done, total int64) {
		last = name + " " + strconv.FormatInt(done-total, 10)
	}}
	if err := f.Fetch(context.Background(), s, dir); err != nil {
		t.Fatal(err)
	}
	if last != "vl 0" {
		t.Errorf("the last progress was %q, want the last file to be whole", last)
	}
	if len(requests) != 8 {
		t.Errorf("requests %v: want each file of the first mirror, which has none, then of the second", requests)
	}
	for _, split := range []Split{Train, Test} {
		if _, err := s.Load(dir, split); err != nil {
			t.Error(err)
		}
	}
	requests = nil
	if err := f.Fetch(context.Background(), s, dir); err != nil || len(requests) != 0 {
		t.Errorf("a second Fetch: %v, requests %v, want none", err, requests)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*"+partSuffix))
	if len(names) > 0 {
		t.Errorf("%v were left over", names)
	}
}

func TestFetchGoesOn(t *testing.T) {
	s, raw := small()
	whole := zip(raw["ti"])
	for _, c := range []struct {
		name     string
		part     []byte
		requests string
	}{
		{"half", whole[:20], "/ti.gz bytes=20-"},
		{"all but the name", whole, "/ti.gz bytes=" + strconv.Itoa(len(whole)) + "-"},
		{"of another mirror", bytes.Repeat([]byte{7}, 20), "/ti.gz bytes=20-, /ti.gz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var requests []string
			s.mirrors = []string{mirror(t, raw, &requests)}
			dir := folder(t, map[string][]byte{"ti.gz" + partSuffix: c.part, "tl": raw["tl"], "vi": raw["vi"], "vl": raw["vl"]})
			if err := (Fetcher{}).Fetch(context.Background(), s, dir); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(requests, ", "); got != c.requests {
				t.Errorf("requests %q, want %q", got, c.requests)
			}
			if _, err := s.Load(dir, Train); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFetchKeepsWhatCame(t *testing.T) {
	s, raw := small()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := zip(raw["ti"])
		w.Header().Set("Content-Length", strconv.Itoa(len(b)))
		_, _ = w.Write(b[:25])
	}))
	defer server.Close()
	s.mirrors = []string{server.URL + "/"}
	dir := t.TempDir()
	err := (Fetcher{}).Fetch(context.Background(), s, dir)
	if err == nil || !strings.Contains(err.Error(), "broke off after 25 bytes") || !strings.Contains(err.Error(), "--from") {
		t.Errorf("error %v, want one that says how much came and what else can be done", err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "ti.gz"+partSuffix)); len(b) != 25 {
		t.Errorf("%d bytes were kept, want 25", len(b))
	}
	if _, err := os.Stat(filepath.Join(dir, "ti.gz")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a file has the name of a whole one (%v)", err)
	}
}

func TestFetchRefusesWrongContent(t *testing.T) {
	var requests []string
	s, raw := small()
	raw["ti"][30] ^= 1
	s.mirrors = []string{mirror(t, raw, &requests)}
	dir := t.TempDir()
	if err := (Fetcher{}).Fetch(context.Background(), s, dir); err == nil || !strings.Contains(err.Error(), "MD5") {
		t.Errorf("error %v, want one about the MD5", err)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("%v were left over", names)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := (Fetcher{}).Fetch(ctx, s, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of a cancelled Fetch, want context.Canceled", err)
	}
}

func TestImport(t *testing.T) {
	s, raw := small()
	from := folder(t, map[string][]byte{"ti": raw["ti"], "tl.gz": zip(raw["tl"]), "vi.gz": zip(raw["vi"]), "vl": raw["vl"]})
	dir := filepath.Join(t.TempDir(), "small")
	if err := (Fetcher{}).Import(s, from, dir); err != nil {
		t.Fatal(err)
	}
	d, err := s.Load(dir, Test)
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != 2 || len(d.Classes) != 5 {
		t.Errorf("%d images of %d classes, want 2 of 5", d.Len(), len(d.Classes))
	}
	if err := os.WriteFile(filepath.Join(from, "vl"), idx(3), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (Fetcher{}).Import(s, from, t.TempDir()); err == nil || !strings.Contains(err.Error(), "MD5") {
		t.Errorf("error %v, want one about the MD5", err)
	}
}

func TestLoadRefusesUnknownLabel(t *testing.T) {
	s, raw := small()
	s.Classes = s.Classes[:3]
	dir := folder(t, raw)
	if _, err := s.Load(dir, Train); err == nil || !strings.Contains(err.Error(), "a label of Small is 4") {
		t.Errorf("error %v, want one about label 4", err)
	}
}
