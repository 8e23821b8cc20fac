//go:build js && wasm

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"syscall/js"
	"time"

	"github.com/syumai/workers/cloudflare"
)

// assets is the build's files as the worker's binding has them. It is asked without
// net/http's client, whose TLS would double the module.
type assets struct{ binding js.Value }

func newAssets() assets { return assets{cloudflare.GetBinding("ASSETS")} }

// Open fetches a file.
func (a assets) Open(name string) (fs.File, error) {
	path := "/" + name
	if name == "index.html" {
		path = "/" // by its own name it is redirected there
	}
	answer, err := await(a.binding.Call("fetch", "https://assets.invalid"+path))
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if !answer.Get("ok").Bool() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	buffer, err := await(answer.Call("arrayBuffer"))
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	bytesOf := js.Global().Get("Uint8Array").New(buffer)
	content := make([]byte, bytesOf.Length())
	js.CopyBytesToGo(content, bytesOf)
	return file{bytes.NewReader(content), name}, nil
}

// Stat believes that a file is there: looking would be fetching it.
func (a assets) Stat(name string) (fs.FileInfo, error) { return info{name: name}, nil }

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	done, failed := make(chan js.Value, 1), make(chan js.Value, 1)
	resolve := js.FuncOf(func(_ js.Value, args []js.Value) any { done <- args[0]; return nil })
	reject := js.FuncOf(func(_ js.Value, args []js.Value) any { failed <- args[0]; return nil })
	defer resolve.Release()
	defer reject.Release()
	promise.Call("then", resolve, reject)
	select {
	case value := <-done:
		return value, nil
	case reason := <-failed:
		return js.Undefined(), errors.New(reason.Call("toString").String())
	}
}

// file is a file that was fetched.
type file struct {
	*bytes.Reader
	name string
}

func (f file) Close() error               { return nil }
func (f file) Stat() (fs.FileInfo, error) { return info{f.name, f.Size()}, nil }

type info struct {
	name string
	size int64
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o444 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }
