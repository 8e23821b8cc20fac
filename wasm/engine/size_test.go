package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A visitor waits for this file before anything else happens.
func TestModuleIsSmall(t *testing.T) {
	const most = 1 << 20
	for _, e := range experiments {
		c, err := builds[e]()
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(c.wasm); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %d after gzip", e, len(c.wasm), packed.Len())
		if packed.Len() > most {
			t.Errorf("%s: %d bytes after gzip, want at most %d", e, packed.Len(), most)
		}
	}
}

// These packages are most of a module's size once they are linked in, and some
// have no meaning in a browser. fmt alone adds 0.1 MB, encoding/json 0.6.
func TestModuleImportsNothingLarge(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", ".")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	dependencies := strings.Fields(string(out))
	if !slices.Contains(dependencies, "github.com/ddpm-go/ddpm/core/recipe") {
		t.Fatalf("the list of dependencies is not one: %q", dependencies)
	}
	for _, large := range []string{"fmt", "encoding/json", "os", "net/http", "crypto/sha256", "regexp", "syscall/js", "log"} {
		if slices.Contains(dependencies, large) {
			t.Errorf("%s is linked into the module", large)
		}
	}
}
