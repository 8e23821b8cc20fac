package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A study trains and measures each arm with each seed, once; what it does again is
// what is missing.
func TestStudy(t *testing.T) {
	dir, data := t.TempDir(), writeIDX(t)
	classifier := filepath.Join(dir, "light.safetensors")
	ok(t, "classifier", "train", "--data", data, "--out", classifier, "--widths", "8", "--epochs", "1", "--batch", "20", "--json")
	plan, out := filepath.Join(dir, "plan.json"), filepath.Join(dir, "out")
	text := fmt.Sprintf(`{"data":%q,"images":16,"equal":"images","seeds":[1,2],"samples":4,"recipe":"sampler=ddim&steps=1&classes=0,1",
		"base":{"batch":8,"net":{"widths":[8,16],"emb_ch":8}},
		"arms":[{"name":"base","part":"base"},{"name":"eps","part":"prediction","changes":{"prediction":"eps"}}]}`, data)
	write(t, plan, []byte(text))
	args := []string{"study", "--plan", plan, "--out", out, "--classifier", classifier}
	// Before anything is trained.
	for _, c := range [][3]string{{"sampler=ddim", "sampler=nope", "the plan's recipe"}, {`"prediction":"eps"`, `"schedule":"nope"`, "arm eps"}, {"classes=0,1", "classes=none", "no class is asked for"}} {
		write(t, plan, []byte(strings.Replace(text, c[0], c[1], 1)))
		if code, _, stderr := ddpm(args...); code == 0 || !strings.Contains(stderr, c[2]) || strings.Contains(stderr, "step") {
			t.Errorf("a plan with %s: exit %d, %q", c[1], code, stderr)
		}
	}
	write(t, plan, []byte(text))
	code, stdout, stderr := ddpm(append(args, "--arms", "eps")...)
	if code != 0 || strings.Contains(stdout, "base") {
		t.Fatalf("exit %d, %q, %q", code, stdout, stderr)
	}
	// One run is lost, but not what it was trained to.
	if err := os.Remove(filepath.Join(out, "results.json")); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr = ddpm(args...); code != 0 {
		t.Fatalf("exit %d, %q", code, stderr)
	}
	if strings.Count(stderr, "step 1 of 2") != 2 {
		t.Errorf("two runs had to be trained:\n%s", stderr)
	}
	for _, want := range []string{"base        base  2 ", "prediction  eps   2 "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	csv, err := os.ReadFile(filepath.Join(out, "study.csv"))
	if err != nil || strings.Count(string(csv), "\n") != 5 {
		t.Errorf("%v\n%s", err, csv)
	}
	if code, _, stderr = ddpm(args...); code != 0 || strings.Contains(stderr, "steps of") {
		t.Errorf("a complete study: exit %d, %q", code, stderr)
	}
	write(t, plan, []byte(strings.Replace(text, `"images":16`, `"images":24`, 1)))
	if code, _, stderr = ddpm(args...); code != exitFailed || !strings.Contains(stderr, "the plan was another") {
		t.Errorf("another plan: exit %d, %q", code, stderr)
	}
	if code, _, stderr = ddpm(append(args, "--arms", "v")...); code != exitMisused || !strings.Contains(stderr, `no such arm`) {
		t.Errorf("another arm: exit %d, %q", code, stderr)
	}
}
