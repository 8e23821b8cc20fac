// Package site is the site's net/http handler: the built page, and pictures of recipes
// drawn by the same core. `ddpm serve` runs it natively, and the edge worker
// (wasm/edge) as WebAssembly behind Cloudflare's own file server.
//
//	GET /                  the page
//	GET /<file>            a file of the build, compressed as the browser takes it
//	GET /r/<recipe>        the page, opened at a recipe, with what link previews show
//	GET /r/<recipe>.png    the recipe's pictures
//	GET /healthz           "ok"
//
// A recipe is its text, as the page's address and `ddpm sample` have it.
package site

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
)

// Options says what a handler serves, and how much it does for anyone.
type Options struct {
	// Files are those that `make dist` writes: index.html, models.json…
	Files fs.FS
	// Budget is how many multiply-adds a picture may take; 0 is DefaultBudget.
	Budget int64
	// Workers is the number of goroutines that draw one picture; 0 is 1.
	Workers int
	// Pictures keeps pictures that were drawn; nil draws each anew.
	Pictures Cache
	// Renders bounds how many pictures are drawn at a time, others waiting; 0 is one.
	Renders int
	// Waiting bounds how many may wait for that; those beyond are told to come back.
	Waiting int
}

// DefaultBudget is ten digits of ten steps with guidance, and then as much again.
const DefaultBudget = 80_000_000_000

// Cache keeps what was drawn under the text of its recipe.
type Cache interface {
	Get(recipe string) (png []byte, ok bool)
	Put(recipe string, png []byte)
}

// Site is the handler.
type Site struct {
	options Options
	static  *static
	models  models
	gate    gate
}

// New makes a handler. The error says what of the build is missing.
func New(o Options) (*Site, error) {
	if o.Budget <= 0 {
		o.Budget = DefaultBudget
	}
	s := &Site{options: o, static: newStatic(o.Files), gate: newGate(max(o.Renders, 1), o.Waiting)}
	if _, err := fs.Stat(o.Files, "index.html"); err != nil {
		return nil, errors.New("site: there is no index.html: build the page with `make dist`")
	}
	var err error
	s.models, err = readModels(o.Files)
	return s, err
}

// ServeHTTP serves a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, r.Method+" is not done here; GET and HEAD are.")
		return
	}
	switch path := r.URL.EscapedPath(); {
	case path == "/healthz":
		w.Header().Set("Cache-Control", "no-store")
		say(w, http.StatusOK, "ok\n")
	case strings.HasPrefix(path, "/r/") && strings.HasSuffix(path, ".png"):
		s.picture(w, r, strings.TrimSuffix(path[len("/r/"):], ".png"))
	case strings.HasPrefix(path, "/r/"):
		s.page(w, r, path[len("/r/"):])
	default:
		s.static.serve(w, r)
	}
}

// secure sets what every answer says to the browser: run nothing and ask nobody but
// this site, and guess no types. Files may be used by other pages, as embed.js is
// meant to be.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "+
		"img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Access-Control-Allow-Origin", "*")
}

// refuse answers with an error for people.
func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Cache-Control", "no-store")
	say(w, status, why+"\n")
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // who has gone needs no answer
}
