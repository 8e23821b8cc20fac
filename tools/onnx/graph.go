package onnx

import "strconv"

// graph is a GraphProto in the making. Methods that add a node return the name
// of what it computes.
type graph struct {
	nodes, initializers, inputs, outputs []message
	known                                map[string]bool // initializers
	made                                 int
}

// op adds a node whose output gets a name of its own.
func (g *graph) op(kind string, inputs []string, attributes ...message) string {
	g.made++
	name := kind + "_" + strconv.Itoa(g.made)
	g.nodes = append(g.nodes, node(kind, inputs, name, attributes))
	return name
}

// weights adds an initializer of float32 under its own name.
func (g *graph) weights(name string, shape []int, values []float32) string {
	return g.initializer(name, float32Type, shape, rawFloat32(values))
}

// ints adds a constant list of integers, once for each list.
func (g *graph) ints(values ...int) string {
	name := "ints"
	for _, v := range values {
		name += "_" + strconv.Itoa(v)
	}
	return g.initializer(name, int64Type, []int{len(values)}, rawInt64(values))
}

func (g *graph) initializer(name string, element int64, shape []int, raw []byte) string {
	if !g.known[name] {
		g.known[name] = true
		g.initializers = append(g.initializers, tensor(name, element, shape, raw))
	}
	return name
}

// model is the whole file, a ModelProto.
func (g *graph) model(name string, metadata map[string]string, order []string) []byte {
	const irVersion, opset = 8, 17
	var graph, operators, m message
	for _, n := range g.nodes {
		graph.bytes(1, n)
	}
	graph.text(2, name)
	for _, t := range g.initializers {
		graph.bytes(5, t)
	}
	for _, v := range g.inputs {
		graph.bytes(11, v)
	}
	for _, v := range g.outputs {
		graph.bytes(12, v)
	}
	m.varint(1, irVersion)
	m.text(2, "ddpm")
	m.bytes(7, graph)
	operators.text(1, "") // the standard ones
	operators.varint(2, opset)
	m.bytes(8, operators)
	for _, key := range order {
		var entry message
		entry.text(1, key)
		entry.text(2, metadata[key])
		m.bytes(14, entry)
	}
	return m
}
