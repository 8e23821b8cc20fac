//go:build !wasm

package sampler

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestNotFused compiles the rooms whose results are promised to be the same
// bits everywhere, and the kernels behind them, for the targets on which the
// compiler fuses a*b+c, and looks for such an instruction.
func TestNotFused(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for other targets")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command")
	}
	fused := regexp.MustCompile(`\b(VFN?M(ADD|SUB)\w*|FN?M(ADD|SUB)[SD])\b`)
	product := regexp.MustCompile(`\b(MULS[SD]|FN?MUL[SD])\b`)
	function := regexp.MustCompile(`(?m)^(\S+) STEXT`)
	const rooms = "github.com/ddpm-go/ddpm/core/"
	kernels := map[string]bool{"boxMuller": true, "blendGeneric": true, "blendRGBAGeneric": true, "Level": true}
	for _, target := range [][]string{{"GOARCH=arm64"}, {"GOARCH=amd64", "GOAMD64=v3"}} {
		cmd := exec.Command(goTool, "build", "-gcflags=-S",
			rooms+"schedule", rooms+"noise", rooms+"diffusion", rooms+"sampler", rooms+"fit", rooms+"kernel")
		cmd.Env = append(cmd.Environ(), target...)
		listing, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", target, err, listing)
		}
		seen := 0
		starts := function.FindAllSubmatchIndex(listing, -1)
		for i, at := range starts {
			end := len(listing)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			name, body := string(listing[at[2]:at[3]]), listing[at[1]:end]
			if kernel, is := strings.CutPrefix(name, rooms+"kernel."); is {
				if !kernels[kernel] {
					continue
				}
				if product.Match(body) {
					seen++
				}
			}
			if found := fused.FindAll(body, 3); found != nil {
				t.Errorf("%v: the compiler fused products of %s into sums: %s", target, name, found)
			}
		}
		if seen != len(kernels) {
			t.Errorf("%v: %d of %d kernels have products: this test looks for the wrong names", target, seen, len(kernels))
		}
	}
}
