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

// A config that is not the ancestor's survives its text.
func TestParseConfigVariants(t *testing.T) {
	const text = `{"image_size":28,"in_channels":1,"out_channels":1,"base_ch":32,"emb_ch":128,"depth":2,"num_classes":10,"attention_levels":[2],"widths":[32,64,96],"blocks":2,"scale_shift":true}`
	got, err := ParseConfig([]byte(text))
	if err != nil || got.JSON() != text || got.width(2) != 96 || got.Blocks != 2 || !got.ScaleShift {
		t.Errorf("got %+v, %v, and back %s", got, err, got.JSON())
	}
}

// Widths that are the ancestor's make the ancestor's network, and a second block
// and a modulation have names of their own.
func TestVariantParams(t *testing.T) {
	c, err := ParseConfig([]byte(mnist))
	if err != nil {
		t.Fatal(err)
	}
	same := c
	same.Widths, same.Blocks = []int{32, 64, 128}, 1
	if !reflect.DeepEqual(same.Params(), c.Params()) || same.MulAdds() != c.MulAdds() {
		t.Error("widths 32, 64, 128 make another network than base 32")
	}
	c.Blocks, c.ScaleShift = 2, true
	shapes := map[string][]int{}
	for _, p := range c.Params() {
		shapes[p.Name] = p.Shape
	}
	for name, want := range map[string][]int{
		"downs.1.block2.conv1.weight":       {128, 128, 3, 3},
		"bot2.emb_proj.weight":              {256, 128},
		"ups.0.block.conv1.weight":          {64, 256, 3, 3},
		"ups.1.block2.norm1.weight":         {32},
		"downs.0.block.emb_proj.bias":       {128},
		"downs.1.attention.group_norm.bias": {128},
	} {
		if !reflect.DeepEqual(shapes[name], want) {
			t.Errorf("%s has the shape %v, want %v", name, shapes[name], want)
		}
	}
	if shapes["downs.1.block2.skip.weight"] != nil {
		t.Error("a second block has a skip convolution")
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
		{replace(`"depth":2`, `"depth":2,"widths":[32,64]`), "widths has 2 entries, must be depth + 1 = 3"},
		{replace(`"depth":2`, `"depth":2,"widths":[16,64,96]`), "widths begins with 16, must begin with base_ch = 32"},
		{replace(`"depth":2`, `"depth":2,"widths":[32,64,90]`), "a width is 90, must be a multiple of 8"},
		{replace(`"depth":2`, `"depth":2,"widths":[32,64,104]`), "attention at level 1 has 104 channels, not divisible by 32"},
		{replace(`"depth":2`, `"depth":2,"blocks":9`), "blocks is 9, must be between 0 and 8"},
		{replace(`"depth":2`, `"depth":2,"scale_shift":1`), "scale_shift is neither true nor false"},
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
