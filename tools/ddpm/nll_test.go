package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestNLL(t *testing.T) {
	model, data := writeUntrained(t, 8, []string{"0", "1"}), writeIDX(t)
	args := []string{"nll", "--model", model, "--data", data, "--count", "6", "--terms", "4", "--seed", "2"}
	var r nllResult
	if err := json.Unmarshal([]byte(ok(t, append(args, "--json")...)), &r); err != nil {
		t.Fatal(err)
	}
	sum := r.Prior.Nats + r.Divergence.Nats + r.Decoder.Nats
	if r.Images != 6 || r.Terms != 4 || r.Of != 999 || !r.Conditional || math.Abs(r.Total.Nats-sum) > 1e-9*sum || !(r.Total.NatsError > 0) {
		t.Errorf("%+v", r.BoundReport)
	}
	text := ok(t, append(args, "--unconditional")...)
	for _, want := range []string{"6 test images, not told their classes; σ² = beta_tilde", "4 of 999 divergences", "bits/dim", "decoder, L_0", "L_simple"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
}

func TestNLLRefuses(t *testing.T) {
	model, data := writeUntrained(t, 28, tenDigits), writeIDX(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--data", data}, "--model is missing"},
		{[]string{"--model", model}, "--data is missing"},
		{[]string{"--model", model, "--data", data, "--count", "1"}, "--count is 1"},
		{[]string{"--model", model, "--data", data, "--terms", "1000"}, "--terms is 1000, want 1 to 999"},
		{[]string{"--model", model, "--data", data, "--variance", "learned"}, "want one of beta, beta_tilde"},
		{[]string{"--model", model, "--data", data}, "the images are 8×8×1; the model knows 28×28×1"},
	} {
		code, stdout, stderr := ddpm(append([]string{"nll"}, c.args...)...)
		if code == 0 || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, stdout %q, stderr %q, want %q", c.args, code, stdout, stderr, c.want)
		}
	}
}
