package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPosterior(t *testing.T) {
	model, data := writeUntrained(t, 8, []string{"0", "1"}), writeIDX(t)
	args := []string{"posterior", "--model", model, "--data", data, "--count", "3", "--t", "2,900"}
	var r posteriorResult
	if err := json.Unmarshal([]byte(ok(t, append(args, "--json")...)), &r); err != nil {
		t.Fatal(err)
	}
	if r.Count != 3 || r.Images < 3 || len(r.Rows) != 2 || r.Rows[1].T != 900 {
		t.Errorf("%+v", r.PosteriorReport)
	}
	if text := ok(t, "posterior", "--model", model, "--data", data, "--count", "2"); !strings.Contains(text, "1000") || strings.Count(text, "\n") != 13 {
		t.Errorf("the report is\n%s", text)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--t", "1"}, "--t has 1, want 2 to 1000"},
		{[]string{"--count", "1"}, "--count is 1"},
		{[]string{"--images", "4", "--count", "5"}, "no more than there are images"},
		{[]string{"--variance", "learned"}, "want beta, beta_tilde, or a number"},
	} {
		code, stdout, stderr := ddpm(append([]string{"posterior", "--model", model, "--data", data}, c.args...)...)
		if code == 0 || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, stdout %q, stderr %q, want %q", c.args, code, stdout, stderr, c.want)
		}
	}
}
