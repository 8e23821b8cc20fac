// Package onnx writes a network as an ONNX model (onnx.ai, opset 17), for other
// people's runtimes.
//
// Only operators that every runtime has are used: a group norm is an instance
// norm of its groups and a scale and shift of channels, SiLU is a product with a
// sigmoid. Parameters keep PyTorch's names and layouts.
package onnx

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
)

// The constants of the topology that a config does not name (see core/unet).
const (
	timeWidth       = 32
	normGroups      = 8
	normEps         = 1e-5
	attentionGroups = 32
	attentionEps    = 1e-6
	attentionHeads  = 8
)

// Model returns the ONNX file of the network of a model that was opened with its
// weights. Its inputs are
//
//	x  float32 [N, C, H, W]  images x_t
//	t  int64 [N]             steps counted from 0, as PyTorch code counts
//	y  int64 [N]             classes, −1 for none; where the network has classes
//
// and its output, float32 [N, C, H, W], is named after what the network predicts:
// eps, v, x0, mu or residual.
func Model(m *recipe.Model) []byte {
	c := m.Net.Config()
	w := &writer{graph: graph{known: map[string]bool{}}, config: c, parameters: map[string]parameter{}}
	for _, p := range m.Net.Params() {
		values := make([]float32, p.Len())
		p.Export(values, m.Net.Weights())
		w.parameters[p.Name] = parameter{p.Shape, values}
	}
	out := m.Prediction.String()
	w.inputs = append(w.inputs, value("x", float32Type, []int{dynamic, c.InChannels, c.ImageSize, c.ImageSize}),
		value("t", int64Type, []int{dynamic}))
	if c.NumClasses > 0 {
		w.inputs = append(w.inputs, value("y", int64Type, []int{dynamic}))
	}
	w.network(out)
	w.outputs = append(w.outputs, value(out, float32Type, []int{dynamic, c.OutChannels, c.ImageSize, c.ImageSize}))
	metadata := map[string]string{
		"name": m.Name, "config": c.JSON(), "prediction": out, "schedule": m.Schedule,
		"timesteps": strconv.Itoa(m.Chain.T), "checkpoint": m.Hash,
	}
	return w.model("ddpm", metadata, slices.Sorted(maps.Keys(metadata)))
}

type parameter struct {
	shape  []int
	values []float32
}

// writer adds a network's layers to a graph.
type writer struct {
	graph
	config     unet.Config
	parameters map[string]parameter
}

// parameter adds an initializer with one of the network's parameters.
func (w *writer) parameter(name string) string {
	p, ok := w.parameters[name]
	if !ok {
		panic("onnx: the network has no such parameter")
	}
	return w.weights(name, p.shape, p.values)
}

// network adds everything between the inputs and the output called out.
func (w *writer) network(out string) {
	emb := w.embedding()
	x := w.conv("x", "init_conv", 1)
	var skips []string
	for level := range w.config.Depth {
		name := "downs." + strconv.Itoa(level)
		x = w.stage(x, emb, name+".block", name+".attention", level)
		skips = append(skips, x)
		x = w.op("AveragePool", []string{x}, attribute("kernel_shape", []int{2, 2}), attribute("strides", []int{2, 2}))
	}
	x = w.stage(x, emb, "bot", "bot_attention", w.config.Depth)
	for level := w.config.Depth - 1; level >= 0; level-- {
		name := "ups." + strconv.Itoa(w.config.Depth-1-level)
		x = w.op("Concat", []string{w.upsample(x), skips[level]}, attribute("axis", 1))
		x = w.stage(x, emb, name+".block", name+".attention", level)
	}
	x = w.silu(w.groupNorm(x, "out_conv.0", normGroups, normEps))
	w.nodes = append(w.nodes, node("Conv", []string{x, w.parameter("out_conv.2.weight"), w.parameter("out_conv.2.bias")}, out, padded(1)))
}

// embedding is the time's and the class's, [N, EmbCh]. Angles are taken in
// float64: a step of 999 leaves of a float32 angle some five digits.
func (w *writer) embedding() string {
	half := timeWidth / 2
	frequencies := make([]float64, half)
	for i := range frequencies {
		frequencies[i] = math.Exp(-float64(i) * math.Log(10000) / float64(half-1))
	}
	t := w.op("Cast", []string{"t"}, attribute("to", float64Type))
	t = w.op("Unsqueeze", []string{t, w.ints(1)})
	angle := w.op("Mul", []string{t, w.initializer("frequencies", float64Type, []int{1, half}, rawFloat64(frequencies))})
	// cos is a sine a quarter further: not every runtime has a cosine of float64.
	quarter := w.initializer("quarter", float64Type, []int{1}, rawFloat64([]float64{math.Pi / 2}))
	waves := w.op("Concat", []string{angle, w.op("Add", []string{angle, quarter})}, attribute("axis", 1))
	waves = w.op("Cast", []string{w.op("Sin", []string{waves})}, attribute("to", float32Type))
	emb := w.linear(w.silu(w.linear(waves, "time_mlp.1")), "time_mlp.3")
	if w.config.NumClasses == 0 {
		return emb
	}
	// Behind the classes a row of zeros, which −1 takes: the last.
	table := w.parameters["label_emb.weight"]
	shape := []int{table.shape[0] + 1, table.shape[1]}
	name := w.weights("label_emb.weight", shape, append(slices.Clone(table.values), make([]float32, shape[1])...))
	return w.op("Add", []string{emb, w.op("Gather", []string{name, "y"}, attribute("axis", 0))})
}

// stage is residual blocks, and attention where the config has it.
func (w *writer) stage(x, emb, block, attention string, level int) string {
	x = w.block(x, emb, block)
	for k := 2; k <= w.config.Blocks; k++ {
		x = w.block(x, emb, block+strconv.Itoa(k))
	}
	if slices.Contains(w.config.AttentionLevels, level) {
		x = w.attention(x, attention, level)
	}
	return x
}

func (w *writer) block(x, emb, name string) string {
	h := w.conv(w.silu(w.groupNorm(x, name+".norm1", normGroups, normEps)), name+".conv1", 1)
	projected := w.op("Unsqueeze", []string{w.linear(emb, name+".emb_proj"), w.ints(2, 3)})
	if w.config.ScaleShift {
		half := w.parameters[name+".conv1.bias"].shape[0]
		part := func(first int) string {
			return w.op("Slice", []string{projected, w.ints(first), w.ints(first + half), w.ints(1)})
		}
		h = w.groupNorm(h, name+".norm2", normGroups, normEps)
		by := w.op("Add", []string{part(0), w.weights("one", []int{1}, []float32{1})})
		h = w.op("Add", []string{w.op("Mul", []string{h, by}), part(half)})
	} else {
		h = w.op("Add", []string{h, projected})
		h = w.groupNorm(h, name+".norm2", normGroups, normEps)
	}
	h = w.conv(w.silu(h), name+".conv2", 1)
	if _, ok := w.parameters[name+".skip.weight"]; ok {
		x = w.conv(x, name+".skip", 0)
	}
	return w.op("Add", []string{h, x})
}

// attention is multi-head self-attention over the pixels, with its residual.
func (w *writer) attention(x, name string, level int) string {
	side := w.config.ImageSize >> level
	pixels := side * side
	channels := w.parameters[name+".group_norm.weight"].shape[0]
	width := channels / attentionHeads
	h := w.groupNorm(x, name+".group_norm", attentionGroups, attentionEps)
	h = w.op("Transpose", []string{w.op("Reshape", []string{h, w.ints(0, channels, pixels)})}, attribute("perm", []int{0, 2, 1}))
	h = w.project(h, name+".attention.in_proj_weight", name+".attention.in_proj_bias")
	h = w.op("Reshape", []string{h, w.ints(0, pixels, 3, attentionHeads, width)})
	part := func(i int, perm ...int) string {
		of := w.op("Gather", []string{h, w.scalar(i)}, attribute("axis", 2)) // [N, pixels, heads, width]
		return w.op("Transpose", []string{of}, attribute("perm", perm))
	}
	scale := w.weights("attention_scale_"+strconv.Itoa(width), []int{1}, []float32{float32(1 / math.Sqrt(float64(width)))})
	query := w.op("Mul", []string{part(0, 0, 2, 1, 3), scale})
	scores := w.op("Softmax", []string{w.op("MatMul", []string{query, part(1, 0, 2, 3, 1)})}, attribute("axis", -1))
	seen := w.op("MatMul", []string{scores, part(2, 0, 2, 1, 3)})
	seen = w.op("Transpose", []string{seen}, attribute("perm", []int{0, 2, 1, 3}))
	seen = w.op("Reshape", []string{seen, w.ints(0, pixels, channels)})
	seen = w.project(seen, name+".attention.out_proj.weight", name+".attention.out_proj.bias")
	seen = w.op("Transpose", []string{seen}, attribute("perm", []int{0, 2, 1}))
	return w.op("Add", []string{x, w.op("Reshape", []string{seen, w.ints(0, channels, side, side)})})
}

// project is a linear layer over [N, pixels, in], whose weights are turned
// around, as MatMul has them.
func (w *writer) project(x, weight, bias string) string {
	p := w.parameters[weight]
	out, in := p.shape[0], p.shape[1]
	turned := make([]float32, len(p.values))
	for o := range out {
		for i := range in {
			turned[i*out+o] = p.values[o*in+i]
		}
	}
	h := w.op("MatMul", []string{x, w.weights(weight+".T", []int{in, out}, turned)})
	return w.op("Add", []string{h, w.parameter(bias)})
}

func (w *writer) linear(x, name string) string {
	return w.op("Gemm", []string{x, w.parameter(name + ".weight"), w.parameter(name + ".bias")}, attribute("transB", 1))
}

func (w *writer) conv(x, name string, pad int) string {
	return w.op("Conv", []string{x, w.parameter(name + ".weight"), w.parameter(name + ".bias")}, padded(pad)...)
}

func padded(pad int) []message {
	side := 2*pad + 1
	return []message{attribute("kernel_shape", []int{side, side}), attribute("pads", []int{pad, pad, pad, pad})}
}

// groupNorm is an instance norm of [N, groups, …] and an affine map of channels.
func (w *writer) groupNorm(x, name string, groups int, eps float32) string {
	channels := w.parameters[name+".weight"].shape[0]
	size := strconv.Itoa(groups)
	one, zero := make([]float32, groups), make([]float32, groups)
	for i := range one {
		one[i] = 1
	}
	shape := w.op("Shape", []string{x})
	h := w.op("Reshape", []string{x, w.ints(0, groups, -1)})
	h = w.op("InstanceNormalization", []string{h, w.weights("ones_"+size, []int{groups}, one), w.weights("zeros_"+size, []int{groups}, zero)},
		attribute("epsilon", eps))
	h = w.op("Reshape", []string{h, shape})
	wide := func(parameter string) string {
		return w.weights(parameter, []int{channels, 1, 1}, w.parameters[parameter].values)
	}
	return w.op("Add", []string{w.op("Mul", []string{h, wide(name + ".weight")}), wide(name + ".bias")})
}

func (w *writer) silu(x string) string {
	return w.op("Mul", []string{x, w.op("Sigmoid", []string{x})})
}

// upsample doubles height and width, each pixel four times.
func (w *writer) upsample(x string) string {
	scales := w.weights("scales", []int{4}, []float32{1, 1, 2, 2})
	return w.op("Resize", []string{x, "", scales}, attribute("mode", "nearest"),
		attribute("coordinate_transformation_mode", "asymmetric"), attribute("nearest_mode", "floor"))
}

// scalar is an integer that is no list.
func (w *writer) scalar(i int) string {
	return w.initializer("scalar_"+strconv.Itoa(i), int64Type, nil, rawInt64([]int{i}))
}
