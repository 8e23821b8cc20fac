//go:build js && wasm

// Command edge is the site as a Cloudflare Worker: it hands wasm/site to
// github.com/syumai/workers. Cloudflare's own file server answers for the files of the
// build (wrangler.jsonc); what comes here is what has to be computed, /r/… and
// /healthz. worker.mjs stands before it, and keeps what it answers.
package main

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"

	"github.com/ddpm-go/ddpm/wasm/site"
)

// budget is how many billions of multiply-adds a picture may take where the variable
// BUDGET does not say.
const budget = 8

func main() {
	handler := sync.OnceValues(func() (*site.Site, error) {
		return site.New(site.Options{Files: newAssets(), Budget: int64(allowance() * 1e9)})
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
	given, err := strconv.ParseFloat(cloudflare.Getenv("BUDGET"), 64)
	if err != nil || !(given > 0) { // where it is 0, worker.mjs answers without Go
		return budget
	}
	return max(given, 1e-9)
}
