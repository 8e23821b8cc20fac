package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// TestSlimModuleRuns has a module's stack grow, be scanned by the collector, unwound by a
// panic and traced, all of which read the tables that were made smaller.
func TestSlimModuleRuns(t *testing.T) {
	raw := filepath.Join(t.TempDir(), "raw.wasm")
	out := filepath.Join(t.TempDir(), "out.wasm")
	build := exec.Command("go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", raw, "./testdata/deep")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if err := run(raw, out, nil, 0); err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	var said bytes.Buffer
	config := wazero.NewModuleConfig().WithStartFunctions().WithStderr(&said)
	instance, err := r.InstantiateWithConfig(ctx, module, config)
	if err != nil {
		t.Fatal(err)
	}
	const depth = 3000
	for range 3 {
		if sum, err := instance.ExportedFunction("Down").Call(ctx, depth); err != nil || sum[0] != depth*(depth+1)/2 {
			t.Fatalf("Down gave %d, %v, want %d\n%s", sum, err, depth*(depth+1)/2, said.String())
		}
	}
	if seen, err := instance.ExportedFunction("Fail").Call(ctx); err != nil || seen[0] != 1 {
		t.Fatalf("Fail gave %d, %v\n%s", seen, err, said.String())
	}
	for _, name := range []string{"main.Trace ?\n", "main.Fail.func1 ?\n", "runtime.gopanic ?\n", "main.Fail ?\n"} {
		if !strings.Contains(said.String(), name) {
			t.Errorf("the trace has no line %q:\n%s", name, said.String())
		}
	}
}

// TestSlim wants Go's tables to be found, and refuses what is not as they are.
func TestSlim(t *testing.T) {
	for _, memory := range [][]byte{nil, make([]byte, 4096), append(make([]byte, 64), tableMagic...), append([]byte(tableMagic), make([]byte, 4096)...), bytes.Repeat([]byte(tableMagic), 512)} {
		if slim(memory) == nil {
			t.Errorf("%d bytes that are no program's were taken for one's", len(memory))
		}
	}
}
