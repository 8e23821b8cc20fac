//go:build site

// Package web is the built page, for a binary that has it inside: `make dist`, then
// `go build -tags site ./tools/ddpm`.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the built page; nil without the build tag.
func Dist() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error())
	}
	return files
}
