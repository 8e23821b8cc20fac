package bench

import (
	"testing"

	"github.com/ddpm-go/ddpm/core/unet"
)

var small = unet.Config{
	ImageSize: 8, InChannels: 1, OutChannels: 2, BaseCh: 16, EmbCh: 24, Depth: 2, NumClasses: 3,
	AttentionLevels: []int{1, 2},
}

// TestLayersAddUp: the layers multiply what the whole network does, and hold all
// of its parameters but the class embedding's table.
func TestLayersAddUp(t *testing.T) {
	configs := []unet.Config{small}
	for _, n := range Networks() {
		configs = append(configs, n.Config)
	}
	for _, c := range configs {
		layers, err := Layers(c)
		if err != nil {
			t.Fatal(err)
		}
		var mulAdds int64
		for _, l := range layers {
			mulAdds += int64(l.Count) * l.MulAdds
		}
		if want := c.MulAdds(); mulAdds != want {
			t.Errorf("%+v: layers have %d multiply-adds, the network %d", c, mulAdds, want)
		}
		parameters := int64(c.NumClasses * c.EmbCh)
		for _, shape := range c.Layers() {
			parameters += int64(newPiece(shape).weights.Len())
		}
		if want := c.Parameters(); parameters != want {
			t.Errorf("%+v: layers have %d parameters, the network %d", c, parameters, want)
		}
	}
	if _, err := Layers(unet.Config{}); err == nil {
		t.Error("layers of a network that cannot be")
	}
}

// TestLayersDistinct: names tell layers apart.
func TestLayersDistinct(t *testing.T) {
	for _, n := range Networks() {
		layers, err := Layers(n.Config)
		if err != nil {
			t.Fatal(err)
		}
		seen, count := map[string]bool{}, 0
		for _, l := range layers {
			if seen[l.Name] {
				t.Errorf("%s: there are two layers %q", n.Name, l.Name)
			}
			seen[l.Name] = true
			count += l.Count
		}
		if want := len(n.Config.Layers()); count != want {
			t.Errorf("%s: %d layers counted, the network has %d", n.Name, count, want)
		}
	}
}

// TestRunWrites: a run writes every number of its output and nothing of its
// input, and does the same the next time, without allocating.
func TestRunWrites(t *testing.T) {
	for _, shape := range small.Layers() {
		t.Run(name(shape), func(t *testing.T) {
			p := newPiece(shape)
			p.allocate()
			in := append([]float32(nil), p.in.Data...)
			p.run()
			first := append([]float32(nil), p.out.Data...)
			for i := range p.out.Data {
				p.out.Data[i] = 1e30
			}
			if n := testing.AllocsPerRun(1, p.run); n != 0 {
				t.Errorf("%v allocations", n)
			}
			for i, v := range p.out.Data {
				if v != first[i] || v > 1e20 {
					t.Fatalf("element %d is %v, was %v", i, v, first[i])
				}
			}
			for i, v := range p.in.Data {
				if v != in[i] {
					t.Fatalf("input element %d is %v, was %v", i, v, in[i])
				}
			}
		})
	}
}

// TestLayerMeasures: a layer counted by hand.
func TestLayerMeasures(t *testing.T) {
	n, _ := Find("base32")
	layers, err := Layers(n.Config)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if l.Name != "conv 3×3 28×28 64→64" {
			continue
		}
		if want := int64(28 * 28 * 9 * 64 * 64); l.MulAdds != want || l.Count != 1 {
			t.Errorf("%d times %d multiply-adds, want once %d", l.Count, l.MulAdds, want)
		}
		if want := int64(4 * (9*64*64 + 64 + 2*28*28*64)); l.Bytes != want {
			t.Errorf("%d bytes, want %d", l.Bytes, want)
		}
		l.Run()
		return
	}
	t.Error("layer not found")
}

func TestFind(t *testing.T) {
	for _, n := range Networks() {
		if err := n.Config.Validate(); err != nil {
			t.Errorf("%s: %v", n.Name, err)
		}
		if got, ok := Find(n.Name); !ok || got.Name != n.Name {
			t.Errorf("%s is not found", n.Name)
		}
	}
	if _, ok := Find("base33"); ok {
		t.Error("base33 is found")
	}
}

// TestNew: the same weights every time, none of them zero, and an output that is
// neither nothing nor huge.
func TestNew(t *testing.T) {
	n := Network{"small", small}
	net := n.New()
	again := n.New().Weights()
	for i, w := range net.Weights() {
		if w == 0 || w != again[i] {
			t.Fatalf("weight %d is %v, then %v", i, w, again[i])
		}
	}
	x, out := make([]float32, 8*8), make([]float32, 8*8*2)
	for i := range x {
		x[i] = float32(i%5) - 2
	}
	net.NewPass().Forward(out, x, 500, 1)
	var sum float64
	for _, v := range out {
		sum += float64(v * v)
	}
	if mean := sum / float64(len(out)); !(mean > 0.01 && mean < 100) {
		t.Errorf("the output's mean square is %v", mean)
	}
}
