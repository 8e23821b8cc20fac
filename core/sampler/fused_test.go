//go:build !wasm

package sampler

import (
	"os/exec"
	"regexp"
	"testing"
)

// TestNotFused compiles the rooms whose results are promised to be the same
// bits everywhere for the targets on which the compiler fuses a*b+c, and looks
// for such an instruction.
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
	const rooms = "github.com/ddpm-go/ddpm/core/"
	for _, target := range [][]string{{"GOARCH=arm64"}, {"GOARCH=amd64", "GOAMD64=v3"}} {
		cmd := exec.Command(goTool, "build", "-gcflags=-S",
			rooms+"schedule", rooms+"noise", rooms+"diffusion", rooms+"sampler")
		cmd.Env = append(cmd.Environ(), target...)
		listing, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", target, err, listing)
		}
		if !product.Match(listing) {
			t.Fatalf("%v: the listing has no products: this test looks for the wrong names", target)
		}
		if found := fused.FindAll(listing, 3); found != nil {
			t.Errorf("%v: the compiler fused products into sums: %s", target, found)
		}
	}
}
