package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// experiments are the builds that the page chooses from.
var experiments = []string{"simd", "nosimd"}

// compiled is a build of the module, ready to be instantiated.
type compiled struct {
	wasm    []byte
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

// builds makes each build once for all tests.
var builds = map[string]func() (*compiled, error){}

func init() {
	for _, e := range experiments {
		builds[e] = sync.OnceValues(func() (*compiled, error) { return compile(e) })
	}
}

func compile(experiment string) (*compiled, error) {
	if err := touchSources(); err != nil {
		return nil, err
	}
	wasm, err := build(experiment)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	if _, err := r.NewHostModuleBuilder("page").NewFunctionBuilder().WithFunc(hostReadFile).Export("readFile").Instantiate(ctx); err != nil {
		return nil, err
	}
	module, err := r.CompileModule(ctx, wasm)
	return &compiled{wasm, r, module}, err
}

// instanceKey is of the instance, in the context of its calls.
type instanceKey struct{}

// hostReadFile is the module's import readFile. The page lets go what was read, so
// here what is read is damaged: all bits are set, which is no size and no weight.
func hostReadFile(ctx context.Context, m api.Module, offset, p, n uint32) {
	e := ctx.Value(instanceKey{}).(*instance)
	part := e.file[:e.arrived][offset:][:n]
	e.read += len(part)
	if !m.Memory().Write(p, part) {
		panic("readFile to outside of memory")
	}
	for i := range part {
		part[i] = 0xFF
	}
}

// build compiles this package to a reactor as the Makefile does, but with no more memory
// than it needs, as the tests look at how that grows.
func build(experiment string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "engine")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	raw, started := filepath.Join(dir, "raw.wasm"), filepath.Join(dir, "engine.wasm")
	for _, step := range []struct{ args, env []string }{
		{
			[]string{"build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w", "-o", raw, "."},
			[]string{"GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=", "GOEXPERIMENT=" + experiment},
		},
		{[]string{"run", "../prestart", "-env", "GOGC=off", "-o", started, raw}, []string{"GOFLAGS="}},
	} {
		cmd := exec.Command("go", step.args...)
		cmd.Env = append(os.Environ(), step.env...)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, err
		}
	}
	return os.ReadFile(started)
}

// touchSources looks at what the module is built from. go test keeps a result
// until a file that the test itself looked at changes, and the compiler looks
// at these in a process of its own.
func touchSources() error {
	for _, folder := range []string{".", "../prestart", "../../core"} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".go" {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forEachBuild runs a test on an instance of each build.
func forEachBuild(t *testing.T, test func(*testing.T, *instance)) {
	t.Helper()
	for _, e := range experiments {
		t.Run(e, func(t *testing.T) { test(t, open(t, e)) })
	}
}

// instance is an engine under wazero, driven as web/engine drives it.
type instance struct {
	t      *testing.T
	module api.Module
	file   []byte // that is being loaded
	// Of it, how much has arrived and how much was read.
	arrived, read int

	full uint32 // how large memory may be before the page has it collected
}

func open(t *testing.T, experiment string) *instance {
	t.Helper()
	c, err := builds[experiment]()
	if err != nil {
		t.Fatal(err)
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions().WithStderr(os.Stderr)
	module, err := c.runtime.InstantiateModule(t.Context(), c.module, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { module.Close(context.Background()) })
	return &instance{t: t, module: module, full: module.Memory().Size() + 32<<20}
}

// raw calls an export and gives its results, or the trap.
func (e *instance) raw(name string, args ...uint64) ([]uint64, error) {
	e.t.Helper()
	f := e.module.ExportedFunction(name)
	if f == nil {
		e.t.Fatalf("the module does not export %s", name)
	}
	return f.Call(context.WithValue(e.t.Context(), instanceKey{}, e), args...)
}

// call calls an export whose result is a status.
func (e *instance) call(name string, args ...uint64) int32 {
	e.t.Helper()
	results, err := e.raw(name, args...)
	if err != nil {
		e.t.Fatalf("%s: %v", name, err)
	}
	if len(results) == 0 {
		return 0
	}
	return api.DecodeI32(results[0])
}

// must is call for a call that should succeed.
func (e *instance) must(name string, args ...uint64) int32 {
	e.t.Helper()
	status := e.call(name, args...)
	if status < 0 {
		e.t.Fatalf("%s failed: %s", name, e.reply())
	}
	e.collect()
	return status
}

// collect is what the page does after a call.
func (e *instance) collect() {
	e.t.Helper()
	if e.module.Memory().Size() > e.full {
		e.call("Collect")
		e.full = math.MaxUint32 // from now on it does so by itself
	}
}

// put copies bytes into the module and gives their pointer and length.
func (e *instance) put(b []byte) (pointer, length uint64) {
	e.t.Helper()
	p := uint64(uint32(e.call("Allocate", uint64(len(b)))))
	if !e.module.Memory().Write(uint32(p), b) {
		e.t.Fatal("Allocate gave a pointer outside of memory")
	}
	return p, uint64(len(b))
}

// with calls an export on bytes and further arguments, and frees the bytes.
func (e *instance) with(name string, b []byte, args ...uint64) int32 {
	e.t.Helper()
	p, n := e.put(b)
	status := e.call(name, append([]uint64{p, n}, args...)...)
	e.call("Free", p)
	return status
}

// begin is LoadModel of a file of which nothing has arrived.
func (e *instance) begin(file []byte) {
	e.t.Helper()
	e.file, e.arrived, e.read = bytes.Clone(file), 0, 0
	e.must("LoadModel", uint64(len(file)))
}

// arrive is Arrived of the file's first n bytes.
func (e *instance) arrive(n int) int32 {
	e.t.Helper()
	e.arrived = n
	return e.call("Arrived", uint64(n))
}

// load opens a file that is there and, if that succeeds, has it named.
func (e *instance) load(file []byte) int32 {
	e.t.Helper()
	e.begin(file)
	if status := e.arrive(len(file)); status < 0 {
		return status
	}
	copy(e.file, file)
	return e.call("NameModel", 0, 0)
}

func (e *instance) mustLoad(file []byte) {
	e.t.Helper()
	if e.load(file) < 0 {
		e.t.Fatalf("the model was not loaded: %s", e.reply())
	}
}

func (e *instance) mustWith(name string, b []byte, args ...uint64) int32 {
	e.t.Helper()
	status := e.with(name, b, args...)
	if status < 0 {
		e.t.Fatalf("%s failed: %s", name, e.reply())
	}
	e.collect()
	return status
}

// reply is a copy of what the last call left.
func (e *instance) reply() []byte {
	e.t.Helper()
	view, ok := e.module.Memory().Read(uint32(e.call("ReplyPointer")), uint32(e.call("ReplyLength")))
	if !ok {
		e.t.Fatal("the reply lies outside of memory")
	}
	return append([]byte(nil), view...)
}

func (e *instance) floats() []float32 {
	e.t.Helper()
	b := e.reply()
	values := make([]float32, len(b)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return values
}

func (e *instance) doubles() []float64 {
	e.t.Helper()
	b := e.reply()
	values := make([]float64, len(b)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return values
}

func (e *instance) json(v any) {
	e.t.Helper()
	if err := json.Unmarshal(e.reply(), v); err != nil {
		e.t.Fatalf("the reply is not JSON: %v in %s", err, e.reply())
	}
}

// bytesOf are values as the module's memory has them.
func bytesOf(values []float32) []byte {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// refused checks that a call failed with an error that says why.
func (e *instance) refused(what, say string, status int32) {
	e.t.Helper()
	if status >= 0 {
		e.t.Errorf("%s: status %d, want an error", what, status)
	} else if got := string(e.reply()); !strings.Contains(got, say) {
		e.t.Errorf("%s: error %q, want one that says %q", what, got, say)
	}
}
