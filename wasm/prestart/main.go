// Command prestart starts a Go reactor at build time and writes it as it stands then:
//
//	go run ./wasm/prestart -env GOGC=off -memory 24 -o engine.wasm raw.wasm
//
// A browser compiles a function when it is first called. Go's runtime calls some 350 of
// them before it has begun, and has as many segments of memory as there are gaps in it:
// a third of what a page does until a small network gives its first answer. The state
// after _initialize is in the module's memory and its globals, so both become the
// module's own, and _initialize is gone. Go believes what memory it finds, so it can be
// given enough at once: growing by pieces costs a page more than pages that nobody touches.
// What a Go program can do without is left out: a fifth of what a page has to read.
//
// The clock stands at 1 ns and the random source is the same for each build, so the
// result is too. (Of Go's maps the seeds are thus known: whoever fills them so that they
// are slow keeps only the page waiting that opened the file.)
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

func main() {
	out := flag.String("o", "", "the file to write")
	env := flag.String("env", "", "the module's environment: NAME=VALUE, spaces between")
	megabytes := flag.Uint64("memory", 0, "what the module's memory has at least, in `MB`")
	flag.Parse()
	if err := run(flag.Arg(0), *out, strings.Fields(*env), *megabytes<<20/pageSize); err != nil {
		fmt.Fprintln(os.Stderr, "prestart:", err)
		os.Exit(1)
	}
}

func run(from, to string, env []string, pages uint64) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	m, err := parse(raw)
	if err != nil {
		return err
	}
	if err := m.enlarge(pages); err != nil {
		return err
	}
	memory, globals, err := start(m, env)
	if err != nil {
		return err
	}
	m.become(memory, globals)
	return os.WriteFile(to, m.bytes(), 0o644)
}

// start runs _initialize, and gives the memory and the globals that it leaves.
func start(m *module, env []string) (memory []byte, globals []uint64, err error) {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	compiled, err := r.CompileModule(ctx, m.seen().bytes())
	if err != nil {
		return nil, nil, err
	}
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	if err := refuse(ctx, r, compiled); err != nil {
		return nil, nil, err
	}
	config := wazero.NewModuleConfig().WithStartFunctions().WithStderr(os.Stderr).
		WithNanotime(func() int64 { return 1 }, sys.ClockResolution(1))
	for _, variable := range env {
		name, value, _ := strings.Cut(variable, "=")
		config = config.WithEnv(name, value)
	}
	instance, err := r.InstantiateModule(ctx, compiled, config)
	if err != nil {
		return nil, nil, err
	}
	initialize := instance.ExportedFunction("_initialize")
	if initialize == nil {
		return nil, nil, errors.New("the module has no _initialize: it is not a reactor")
	}
	// Before Go begins, as it remembers what it has read.
	if err := slim(whole(instance.Memory())); err != nil {
		return nil, nil, err
	}
	if _, err := initialize.Call(ctx); err != nil {
		return nil, nil, err
	}
	for i := range m.globals {
		globals = append(globals, instance.ExportedGlobal(seenName(i)).Get())
	}
	return whole(instance.Memory()), globals, nil
}

// whole is a memory's bytes, as they lie there.
func whole(m api.Memory) []byte {
	bytes, _ := m.Read(0, m.Size())
	return bytes
}

// refuse stands in for imports that are not WASI's: what is called while a module starts
// would be missing from the one that has started.
func refuse(ctx context.Context, r wazero.Runtime, compiled wazero.CompiledModule) error {
	hosts := map[string]wazero.HostModuleBuilder{}
	for _, f := range compiled.ImportedFunctions() {
		from, name, _ := f.Import()
		if from == wasi_snapshot_preview1.ModuleName {
			continue
		}
		if hosts[from] == nil {
			hosts[from] = r.NewHostModuleBuilder(from)
		}
		hosts[from].NewFunctionBuilder().WithGoFunction(api.GoFunc(func(context.Context, []uint64) {
			panic("prestart: " + from + "." + name + " is called by _initialize")
		}), f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	for _, host := range hosts {
		if _, err := host.Instantiate(ctx); err != nil {
			return err
		}
	}
	return nil
}
