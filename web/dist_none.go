//go:build !site

// Package web is the built page, for a binary that has it inside: `make dist`, then
// `go build -tags site ./tools/ddpm`.
package web

import "io/fs"

// Dist is the built page; nil without the build tag.
func Dist() fs.FS { return nil }
