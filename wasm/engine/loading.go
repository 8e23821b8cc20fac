//go:build wasip1

package main

import (
	"errors"
	"io"
	"iter"
	"unsafe"

	"github.com/ddpm-go/ddpm/core/recipe"
)

// waiting is the status of a checkpoint that is not open yet for want of its bytes.
const waiting = 1

// loading is the checkpoint that is being opened while it arrives: a coroutine, which
// gives a status wherever it comes to what is not there yet, and at its end.
var loading struct {
	arrived uint32
	next    func() (int32, bool)
	stop    func()
}

var errNotLoading = errors.New("engine: no checkpoint is being loaded")

// LoadModel begins to open a checkpoint of n bytes, which the page holds (see file) as
// they arrive, in place of the model before, and of one that is still loading. Arrived
// goes on with it. If it fails the model before stays.
//
//go:wasmexport LoadModel
func LoadModel(n uint32) int32 {
	return load(n, func(r io.ReaderAt) (*recipe.Model, error) {
		return recipe.Options{HashLater: true}.OpenFrom(r, int64(n))
	})
}

// LoadPlain is LoadModel for a plain checkpoint under the ancestor's names, with
// its config.json.
//
//go:wasmexport LoadPlain
func LoadPlain(n uint32, config unsafe.Pointer, configLength uint32) int32 {
	text := append([]byte(nil), bytesAt(config, configLength)...)
	return load(n, func(r io.ReaderAt) (*recipe.Model, error) {
		return recipe.Options{HashLater: true}.OpenPlainFrom(r, int64(n), text)
	})
}

func load(n uint32, open func(io.ReaderAt) (*recipe.Model, error)) int32 {
	StopLoading()
	loading.arrived = 0
	loading.next, loading.stop = iter.Pull(func(yield func(int32) bool) {
		m, err := open(file{n, &loading.arrived, func() bool { return yield(waiting) }})
		yield(loaded(m, n, err))
	})
	return ok
}

// Arrived goes on with opening a checkpoint of which the page has the first n bytes by
// now: 1 if it waits for more, 0 if the model is there. NameModel has to follow then.
//
//go:wasmexport Arrived
func Arrived(n uint32) int32 {
	if loading.next == nil {
		return fail(errNotLoading)
	}
	loading.arrived = n
	status, _ := loading.next()
	if status != waiting {
		StopLoading()
	}
	return status
}

// StopLoading gives up a checkpoint whose rest will not come. The model before stays.
//
//go:wasmexport StopLoading
func StopLoading() {
	if loading.stop != nil {
		loading.stop()
		loading.next, loading.stop = nil, nil
	}
}
