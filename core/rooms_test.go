//go:build !wasip1

// Package core has no code of its own: this test keeps its rooms apart.
package core

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const here = "github.com/ddpm-go/ddpm/core/"

// rooms says which other rooms each may import: an arrow only points down.
var rooms = map[string][]string{
	"kernel":     {},
	"tensor":     {"kernel"},
	"json":       {},
	"schedule":   {},
	"noise":      {"kernel"},
	"fit":        {},
	"checkpoint": {"tensor", "json"},
	"nn":         {"kernel", "tensor"},
	"unet":       {"nn", "kernel", "json"},
	"bench":      {"unet", "nn"},
	"diffusion":  {"schedule", "noise", "kernel"},
	"sampler":    {"diffusion", "schedule", "noise"},
	"recipe":     {"sampler", "diffusion", "unet", "checkpoint", "tensor", "schedule", "noise"},
}

// forbidden is what no room imports: what a browser does not have, and what
// would double the size of the browser's module.
var forbidden = []string{"os", "net/http", "syscall/js", "fmt", "encoding/json", "crypto/sha256", "encoding/hex"}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	seen := map[string]bool{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		room := path.Dir(name)
		seen[room] = true
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s: core has no room %s", name, room)
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			neighbour, inside := strings.CutPrefix(imported, here)
			switch {
			case inside && !slices.Contains(allowed, neighbour):
				t.Errorf("%s imports the room %s, may import %v", name, neighbour, allowed)
			case !inside && strings.Contains(imported, "."):
				t.Errorf("%s imports %s: core needs the standard library only", name, imported)
			case slices.Contains(forbidden, imported):
				t.Errorf("%s imports %s", name, imported)
			case strings.HasPrefix(imported, "simd") && room != "kernel":
				t.Errorf("%s imports %s, which is for the room kernel", name, imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range rooms {
		if !seen[room] {
			t.Errorf("there is no room %s", room)
		}
	}
}
