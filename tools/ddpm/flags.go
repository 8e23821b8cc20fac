package main

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/nn"
)

// require makes flags mandatory. It checks itself, as cobra's own check cannot
// be told from the faults that a command has at work.
func require(cmd *cobra.Command, names ...string) {
	work := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		for _, name := range names {
			if cmd.Flags().Lookup(name).Value.String() == "" {
				return misuse("--%s is missing", name)
			}
		}
		return work(cmd, args)
	}
}

// convolutionFlag lets a command force the way that convolutions are computed.
func convolutionFlag(cmd *cobra.Command, way *nn.Convolution) {
	cmd.Flags().TextVar(way, "convolution", nn.Auto, "compute 3×3 convolutions one `WAY`: direct, winograd2, winograd4 or auto, the fastest for a layer's shape")
}

// outputKind returns the ending of a path to write to, which has to be one of
// kinds.
func outputKind(path string, kinds ...string) (string, error) {
	kind := strings.ToLower(filepath.Ext(path))
	if !slices.Contains(kinds, kind) {
		return "", misuse("cannot tell from its name what %s should be: want a name that ends in %s", path, strings.Join(kinds, " or "))
	}
	return kind, nil
}
