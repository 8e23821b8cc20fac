package unet

import (
	"reflect"
	"strings"
	"testing"
)

const mnist = `{"image_size":28,"in_channels":1,"out_channels":1,"base_ch":32,"emb_ch":128,"depth":2,"num_classes":10,"attention_levels":[1,2]}`

func TestParseConfig(t *testing.T) {
	want := Config{ImageSize: 28, InChannels: 1, OutChannels: 1, BaseCh: 32, EmbCh: 128, Depth: 2, NumClasses: 10, AttentionLevels: []int{1, 2}}
	got, err := ParseConfig([]byte(mnist))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got.JSON() != mnist {
		t.Errorf("JSON is %s", got.JSON())
	}
	for _, text := range []string{
		`{"image_size":28,"in_channels":1,"out_channels":1,"base_ch":32,"emb_ch":128,"depth":2,"num_classes":null,"attention_levels":null}`,
		`{"note":{"a":[1,2]}, "depth":2,"image_size":28,"in_channels":1,"out_channels":1,"base_ch":32,"emb_ch":128}`,
	} {
		got, err := ParseConfig([]byte(text))
		if err != nil || got.NumClasses != 0 || got.AttentionLevels != nil || got.Depth != 2 {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
		again, err := ParseConfig([]byte(got.JSON()))
		if err != nil || !reflect.DeepEqual(again, got) && len(again.AttentionLevels) > 0 {
			t.Errorf("%s: JSON gives %+v, %v", text, again, err)
		}
	}
}

func TestParseConfigFaults(t *testing.T) {
	replace := func(from, to string) string { return strings.Replace(mnist, from, to, 1) }
	for _, f := range []struct{ text, want string }{
		{``, "is empty"},
		{`[1]`, "is not a JSON object"},
		{mnist[:40], "not JSON"},
		{mnist + `1`, "something follows"},
		{replace(`"depth":2`, `"depth":2,"depth":2`), `has "depth" twice`},
		{replace(`"depth":2,`, ``), "depth is missing"},
		{replace(`"base_ch":32`, `"base_ch":"32"`), "base_ch is not a number"},
		{replace(`"base_ch":32`, `"base_ch":32.5`), "base_ch is 32.5, must be a whole number"},
		{replace(`"base_ch":32`, `"base_ch":9999999999999`), "base_ch is 9999999999999, must be"},
		{replace(`[1,2]`, `3`), "attention_levels is not a list"},
		{replace(`[1,2]`, `[1,"x"]`), "attention_levels is not a number"},
		{replace(`[1,2]`, `[1,1]`), "without repeats"},
		{replace(`[1,2]`, `[3]`), "attention level 3 does not exist: levels are 0 to depth = 2"},
		{replace(`"base_ch":32`, `"base_ch":8`), "attention at level 1 has 16 channels, not divisible by 32"},
		{replace(`"base_ch":32`, `"base_ch":12`), "base_ch 12 is not divisible by 8"},
		{replace(`"base_ch":32`, `"base_ch":0`), "base_ch is 0, must be between 1 and"},
		{replace(`"image_size":28`, `"image_size":30`), "image_size 30 is not divisible by 2^depth = 4"},
		{replace(`"depth":2`, `"depth":0`), "depth is 0, must be between 1 and 8"},
		{replace(`"num_classes":10`, `"num_classes":-1`), "num_classes is -1"},
		{strings.NewReplacer(`"depth":2`, `"depth":8`, `"image_size":28`, `"image_size":256`, `"base_ch":32`, `"base_ch":1024`).Replace(mnist), "parameters, at most"},
	} {
		_, err := ParseConfig([]byte(f.text))
		if err == nil || !strings.HasPrefix(err.Error(), "network config: ") || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: got %q, want %q", f.text, err, f.want)
		}
	}
}

// TestMulAdds: base 32, two levels, 28×28×1, counted by hand.
func TestMulAdds(t *testing.T) {
	c, err := ParseConfig([]byte(mnist))
	if err != nil {
		t.Fatal(err)
	}
	c.AttentionLevels = nil
	block := func(side, in, out int) int {
		n := side*side*9*(in*out+out*out) + 128*out
		if in != out {
			n += side * side * in * out
		}
		return n
	}
	want := 32*128 + 128*128 + 28*28*9*(32+32) +
		block(28, 32, 64) + block(14, 64, 128) + block(7, 128, 128) + block(14, 256, 64) + block(28, 128, 32)
	if got := c.MulAdds(); got != int64(want) {
		t.Errorf("%d multiply-adds, want %d", got, want)
	}
	if got := c.Parameters(); got != 912033 {
		t.Errorf("%d parameters", got)
	}
}
