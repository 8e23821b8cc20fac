//go:build js && wasm

// Command edge is the site as a Cloudflare Worker: it hands wasm/site to
// github.com/syumai/workers. Cloudflare's own file server answers for the files of the
// build (wrangler.jsonc); what comes here is what has to be computed, /r/… and
// /healthz. Every request has an instance of its own.
package main

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"
	"github.com/syumai/workers/cloudflare/cache"

	"github.com/ddpm-go/ddpm/wasm/site"
)

// budget is how many billions of multiply-adds a picture may take where the variable
// BUDGET does not say. README says what that is in time.
const budget = 8

func main() {
	handler := sync.OnceValues(func() (*site.Site, error) {
		return site.New(site.Options{Files: newAssets(), Budget: int64(allowance() * 1e9), Pictures: edgeCache{cache.New()}})
	})
	workers.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := handler()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if r.Method == http.MethodHead {
			w = bodiless{w}
		}
		s.ServeHTTP(w, r)
	}))
}

// bodiless leaves out the length of an answer that has no body: workers would make a
// stream of that length, and end in an error when nothing is written to it.
type bodiless struct{ http.ResponseWriter }

func (w bodiless) WriteHeader(status int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(status)
}

func allowance() float64 {
	if given, err := strconv.ParseFloat(cloudflare.Getenv("BUDGET"), 64); err == nil && given > 0 {
		return given
	}
	return budget
}

// edgeCache keeps pictures in the data centre that drew them.
type edgeCache struct{ cache *cache.Cache }

// request is a picture's key: the Cache API knows responses by requests.
func (edgeCache) request(recipe string) *http.Request {
	r, err := http.NewRequest(http.MethodGet, "https://pictures.invalid/"+url.PathEscape(recipe), nil)
	if err != nil {
		panic("edge: a recipe that is no URL")
	}
	return r
}

func (c edgeCache) Get(recipe string) ([]byte, bool) {
	r, err := c.cache.Match(c.request(recipe), nil)
	if err != nil {
		return nil, false
	}
	defer r.Body.Close()
	png, err := io.ReadAll(r.Body)
	return png, err == nil
}

func (c edgeCache) Put(recipe string, png []byte) {
	h := http.Header{}
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	// A cache that takes nothing costs only time.
	_ = c.cache.Put(c.request(recipe), &http.Response{StatusCode: http.StatusOK, Header: h, Body: io.NopCloser(bytes.NewReader(png))})
}
