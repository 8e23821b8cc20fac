package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// static serves the files of a build. They do not change while it runs: each is read
// once, in the forms that were asked for.
type static struct {
	files fs.FS
	mu    sync.Mutex
	known map[string]*file
}

// file is one file in one form.
type file struct {
	content []byte
	tag     string // ETag
}

func newStatic(files fs.FS) *static { return &static{files: files, known: map[string]*file{}} }

// types by ending, so that they do not depend on the machine's own tables.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
	".wasm": "application/wasm", ".woff2": "font/woff2", ".safetensors": "application/octet-stream",
	".webmanifest": "application/manifest+json",
}

// hashed are names that change with the content.
var hashed = regexp.MustCompile(`^assets/.+-[\w-]{8}\.\w+$`)

// encodings that files are compressed in beforehand, the better first.
var encodings = []struct{ name, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

func (s *static) serve(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || name == "." {
		name = "index.html"
	}
	if isCompressed(name) || !fs.ValidPath(name) {
		s.missing(w, r)
		return
	}
	whole, err := s.read(name)
	if err != nil {
		s.missing(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", typeOf(name))
	h.Set("Cache-Control", "no-cache")
	if hashed.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Add("Vary", "Accept-Encoding")
	// A range is of the bytes as they are; of a compressed form it would be of no use.
	if r.Header.Get("Range") == "" {
		for _, e := range encodings {
			if !accepts(r, e.name) {
				continue
			}
			if packed, err := s.read(name + e.ending); err == nil {
				h.Set("Content-Encoding", e.name)
				whole = packed
				break
			}
		}
	}
	h.Set("ETag", whole.tag)
	serveBytes(w, r, whole)
}

func (s *static) missing(w http.ResponseWriter, r *http.Request) {
	refuse(w, http.StatusNotFound, "There is nothing at "+r.URL.Path+" here. The page is at /.")
}

func (s *static) read(name string) (*file, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.known[name]; f != nil {
		return f, nil
	}
	content, err := fs.ReadFile(s.files, name)
	if err != nil {
		return nil, err
	}
	f := fileOf(content)
	s.known[name] = f
	return f, nil
}

func fileOf(content []byte) *file {
	sum := sha256.Sum256(content)
	return &file{content, `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// serveBytes answers with a file whose headers are set, or with a part of it, or with
// nothing if the client has it.
func serveBytes(w http.ResponseWriter, r *http.Request, f *file) {
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
}

func typeOf(name string) string {
	if t := types[path.Ext(name)]; t != "" {
		return t
	}
	return "application/octet-stream"
}

func isCompressed(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

var zeroWeight = regexp.MustCompile(`^q=0(\.0*)?$`)

// accepts says whether a client takes an encoding: it names it, or all, and not with
// a weight of zero.
func accepts(r *http.Request, encoding string) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name = strings.TrimSpace(name); name != encoding && name != "*" {
			continue
		}
		return !zeroWeight.MatchString(strings.ReplaceAll(weight, " ", ""))
	}
	return false
}
