package unet

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// shapes the shipped networks do not have: odd channel counts, one to four
// halvings, attention here and there, an image of one pixel at the bottom.
var shapes = []Config{
	{ImageSize: 6, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 1},
	{ImageSize: 2, InChannels: 3, OutChannels: 3, BaseCh: 16, EmbCh: 8, Depth: 1, NumClasses: 2},
	{ImageSize: 4, InChannels: 3, OutChannels: 6, BaseCh: 24, EmbCh: 20, Depth: 2, NumClasses: 5},
	{ImageSize: 6, InChannels: 1, OutChannels: 2, BaseCh: 40, EmbCh: 7, Depth: 1},
	{ImageSize: 8, InChannels: 2, OutChannels: 1, BaseCh: 8, EmbCh: 12, Depth: 3, NumClasses: 10, AttentionLevels: []int{2, 3}},
	{ImageSize: 16, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 4, AttentionLevels: []int{4}},
	{ImageSize: 6, InChannels: 3, OutChannels: 3, BaseCh: 32, EmbCh: 32, Depth: 1, NumClasses: 3, AttentionLevels: []int{0, 1}},
	// Other topologies than the ancestor's.
	{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 16, EmbCh: 12, Depth: 2, NumClasses: 2, Widths: []int{16, 16, 40}},
	{ImageSize: 4, InChannels: 3, OutChannels: 3, BaseCh: 16, EmbCh: 9, Depth: 1, Blocks: 2},
	{ImageSize: 12, InChannels: 2, OutChannels: 2, BaseCh: 8, EmbCh: 16, Depth: 1, NumClasses: 3, ScaleShift: true},
	{ImageSize: 16, InChannels: 1, OutChannels: 1, BaseCh: 24, EmbCh: 8, Depth: 2, Widths: []int{24, 32, 32}, Blocks: 3, ScaleShift: true, AttentionLevels: []int{1, 2}},
}

// randomNet has no weight at its initial value, so that nothing is zero.
func randomNet(t testing.TB, c Config, r *rand.Rand) *Net {
	n, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	n.Init(1)
	for _, p := range n.Params() {
		fanIn := 1
		for _, d := range p.Shape[1:] {
			fanIn *= d
		}
		for i := range p.Len() {
			n.Weights()[p.Offset+i] += float32(0.5 * r.NormFloat64() / math.Sqrt(float64(fanIn)))
		}
	}
	n.Pack()
	return n
}

func referenceOf(n *Net) *reference {
	ref := &reference{config: n.Config(), param: map[string][]float64{}}
	for _, p := range n.Params() {
		values := make([]float32, p.Len())
		p.Export(values, n.Weights())
		ref.param[p.Name] = make([]float64, p.Len())
		for i, v := range values {
			ref.param[p.Name][i] = float64(v)
		}
	}
	return ref
}

func toPlanes(x []float32, channels, side int) planes {
	p := newPlanes(channels, side)
	for i, v := range x {
		p.plane(i % channels)[i/channels] = float64(v)
	}
	return p
}

func normal(n int, r *rand.Rand) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func (c Config) inLen() int  { return c.ImageSize * c.ImageSize * c.InChannels }
func (c Config) outLen() int { return c.ImageSize * c.ImageSize * c.OutChannels }

func eachShape(t *testing.T, f func(t *testing.T, c Config, r *rand.Rand)) {
	for i, c := range shapes {
		t.Run(fmt.Sprintf("%dpx_base%d_depth%d_blocks%d", c.ImageSize, c.BaseCh, c.Depth, c.blocks()), func(t *testing.T) {
			f(t, c, rand.New(rand.NewPCG(2, uint64(i))))
		})
	}
}

// TestReference compares with the naive network: the output, and the slope of a
// loss along random directions, over a seventh of the parameters each, against
// differences of the naive one's.
func TestReference(t *testing.T) {
	eachShape(t, func(t *testing.T, c Config, r *rand.Rand) {
		n := randomNet(t, c, r)
		ref := referenceOf(n)
		x, weigh := normal(c.inLen(), r), normal(c.outLen(), r)
		step := r.IntN(1000)
		class := Null
		if c.NumClasses > 0 {
			class = r.IntN(c.NumClasses)
		}
		out, grad := make([]float32, c.outLen()), make([]float32, len(n.Weights()))
		pass := n.NewTrainingPass()
		pass.Forward(out, x, step+1, class)
		pass.Backward(grad, weigh)

		in := toPlanes(x, c.InChannels, c.ImageSize)
		want := ref.forward(in, step, class)
		got := toPlanes(out, c.OutChannels, c.ImageSize)
		var diff, size float64
		for i, v := range want.data {
			diff += (got.data[i] - v) * (got.data[i] - v)
			size += v * v
		}
		if e := math.Sqrt(diff / size); !(e < 1e-5) {
			t.Errorf("output: relative error %g, want < 1e-5", e)
		}

		weights := toPlanes(weigh, c.OutChannels, c.ImageSize)
		loss := func() (sum float64) {
			for i, v := range ref.forward(in, step, class).data {
				sum += v * weights.data[i]
			}
			return sum
		}
		whole := norm(grad)
		const groups = 7
		for g := range groups {
			var slope float64
			var names []string
			before, direction := map[string][]float64{}, map[string][]float64{}
			for i, p := range n.Params() {
				if i%groups != g {
					continue
				}
				names = append(names, p.Name)
				ours := make([]float32, p.Len())
				p.Export(ours, grad)
				// Each parameter weighs the same, however small its gradient.
				scale := norm(ours) + 1e-4*whole
				before[p.Name] = slices.Clone(ref.param[p.Name])
				for _, v := range ours {
					d := r.NormFloat64() / scale
					slope += d * float64(v)
					direction[p.Name] = append(direction[p.Name], d)
				}
			}
			along := func(step float64) float64 {
				for _, name := range names {
					for i, v := range before[name] {
						ref.param[name][i] = v + step*direction[name][i]
					}
				}
				return loss()
			}
			const h = 1e-5
			numeric := (along(h) - along(-h)) / (2 * h)
			along(0)
			// 1e-3 for each parameter; their errors add up as independent ones do.
			if e := math.Abs(slope - numeric); !(e < 1e-3*math.Sqrt(float64(len(names)))) {
				t.Errorf("slope %g, differences say %g; along %v", slope, numeric, names)
			}
		}
	})
}

// TestNullClass: the null class adds no embedding, so it is as if the table were
// zero, and no row of the table has a gradient.
func TestNullClass(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	c := shapes[2]
	n := randomNet(t, c, r)
	table := n.Params()[4]
	if table.Name != "label_emb.weight" {
		t.Fatalf("parameter 4 is %s", table.Name)
	}
	x := normal(c.inLen(), r)
	null, zero, first := make([]float32, c.outLen()), make([]float32, c.outLen()), make([]float32, c.outLen())
	pass := n.NewTrainingPass()
	pass.Forward(first, x, 500, 0)
	pass.Forward(null, x, 500, Null)
	if slices.Equal(null, first) {
		t.Error("class 0 and the null class predict the same")
	}
	grad := make([]float32, len(n.Weights()))
	pass.Backward(grad, normal(c.outLen(), r))
	if got := norm(grad[table.Offset:][:table.Len()]); got != 0 {
		t.Errorf("the null class gives the table a gradient of norm %g", got)
	}
	clear(n.Weights()[table.Offset:][:table.Len()])
	n.Pack()
	pass.Forward(zero, x, 500, 0)
	if !slices.Equal(null, zero) {
		t.Error("the null class differs from a class embedding of zero")
	}
}

// TestPasses: what a pass did before leaves no trace, and the memory that
// inference uses again and again gives the same bits as the training pass's.
func TestPasses(t *testing.T) {
	eachShape(t, func(t *testing.T, c Config, r *rand.Rand) {
		n := randomNet(t, c, r)
		x := normal(c.inLen(), r)
		inference, training := n.NewPass(), n.NewTrainingPass()
		want, got := make([]float32, c.outLen()), make([]float32, c.outLen())
		inference.Forward(want, x, 7, Null)
		for i := range 3 {
			inference.Forward(got, normal(c.inLen(), r), 100+i, Null)
		}
		inference.Forward(got, x, 7, Null)
		if !slices.Equal(got, want) {
			t.Error("a second Forward of the same image differs")
		}
		shared := n.NewSharedPass(3)
		for range 2 {
			shared.Forward(got, x, 7, Null)
			if !slices.Equal(got, want) {
				t.Error("three goroutines compute something else than one")
			}
		}
		grad, again := make([]float32, len(n.Weights())), make([]float32, len(n.Weights()))
		dout := normal(c.outLen(), r)
		training.Forward(got, x, 7, Null)
		training.Backward(grad, dout)
		if !slices.Equal(got, want) {
			t.Error("the training pass differs from the inference pass")
		}
		training.Forward(got, normal(c.inLen(), r), 300, Null)
		training.Backward(make([]float32, len(grad)), normal(c.outLen(), r))
		training.Forward(got, x, 7, Null)
		training.Backward(again, dout)
		if !slices.Equal(again, grad) {
			t.Error("a second Backward of the same image differs")
		}
		training.Forward(got, x, 7, Null)
		training.Backward(again, dout)
		for i := range grad {
			grad[i] *= 2
		}
		if e := distance(again, grad); !(e <= 1e-5*norm(grad)) {
			t.Errorf("gradients of two images do not add up: off by %g of %g", e, norm(grad))
		}
	})
}

func TestNoAllocation(t *testing.T) {
	for _, i := range []int{2, 4, 6, 10} { // in colour, with attention, both, another topology
		c := shapes[i]
		class := min(1, c.NumClasses-1) // Null where there are none
		r := rand.New(rand.NewPCG(4, 0))
		n := randomNet(t, c, r)
		x, out, grad := normal(c.inLen(), r), make([]float32, c.outLen()), make([]float32, len(n.Weights()))
		inference, shared, training := n.NewPass(), n.NewSharedPass(2), n.NewTrainingPass()
		for name, f := range map[string]func(){
			"Forward":  func() { inference.Forward(out, x, 3, class) },
			"Together": func() { shared.Forward(out, x, 3, class) },
			"Backward": func() { training.Forward(out, x, 3, class); training.Backward(grad, out) },
			"Pack":     n.Pack,
		} {
			if got := testing.AllocsPerRun(5, f); got != 0 {
				t.Errorf("%s allocates %v times", name, got)
			}
		}
	}
}

// TestExportImport: through PyTorch's layout and back is the identity, and
// parameters cover the flat slice once.
func TestExportImport(t *testing.T) {
	n := randomNet(t, shapes[4], rand.New(rand.NewPCG(5, 0)))
	covered := make([]int, len(n.Weights()))
	back := make([]float32, len(n.Weights()))
	names := map[string]bool{}
	for _, p := range n.Params() {
		names[p.Name] = true
		for i := range p.Len() {
			covered[p.Offset+i]++
		}
		values := make([]float32, p.Len())
		p.Export(values, n.Weights())
		p.Import(back, values)
	}
	if slices.Min(covered) != 1 || slices.Max(covered) != 1 {
		t.Error("parameters do not cover the flat slice once")
	}
	if !slices.Equal(back, n.Weights()) {
		t.Error("export and import is not the identity")
	}
	if len(names) != len(n.Params()) {
		t.Error("two parameters share a name")
	}
}

// TestInit: the same seed gives the same weights, another seed others, and a new
// network predicts zero.
func TestInit(t *testing.T) {
	c := shapes[6]
	made := func(seed uint64) *Net {
		n, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		n.Init(seed)
		return n
	}
	a, b := made(1), made(2)
	if !slices.Equal(a.Weights(), made(1).Weights()) || slices.Equal(a.Weights(), b.Weights()) {
		t.Error("weights do not follow from the seed")
	}
	for _, p := range a.Params() {
		zero := norm(a.Weights()[p.Offset:][:p.Len()]) == 0
		want := strings.HasSuffix(p.Name, "bias") || p.Name == "out_conv.2.weight" ||
			strings.HasSuffix(p.Name, "conv2.weight") || strings.HasSuffix(p.Name, "out_proj.weight")
		if zero != want {
			t.Errorf("%s zero: %v, want %v", p.Name, zero, want)
		}
	}
	out := make([]float32, c.outLen())
	a.NewPass().Forward(out, normal(c.inLen(), rand.New(rand.NewPCG(6, 0))), 10, 1)
	if norm(out) != 0 {
		t.Error("a new network does not predict zero")
	}
}
