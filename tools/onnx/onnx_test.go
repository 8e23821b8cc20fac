package onnx

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
)

// field is one field of a message, decoded no further.
type field struct {
	number protowire.Number
	varint uint64
	bytes  []byte
}

// fields reads a message, and fails on one that is not well formed.
func fields(t *testing.T, m []byte) []field {
	t.Helper()
	var all []field
	for len(m) > 0 {
		number, kind, n := protowire.ConsumeTag(m)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		m = m[n:]
		f := field{number: number}
		switch kind {
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(m)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(m)
		default:
			n = protowire.ConsumeFieldValue(number, kind, m)
		}
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		m = m[n:]
		all = append(all, f)
	}
	return all
}

// of returns what the fields of a number hold.
func of(all []field, number protowire.Number) (texts []string, numbers []int) {
	for _, f := range all {
		if f.number == number {
			texts, numbers = append(texts, string(f.bytes)), append(numbers, int(f.varint))
		}
	}
	return texts, numbers
}

func model(t *testing.T, c unet.Config, classes []string, p diffusion.Prediction) *recipe.Model {
	t.Helper()
	net, err := unet.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for i := range net.Weights() {
		net.Weights()[i] = float32(math.Sin(float64(i)))
	}
	file, err := recipe.Save(net, nil, recipe.Card{Name: "test", Prediction: p, Schedule: "cosine", Timesteps: 100, Classes: classes}, checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	m, err := recipe.Options{Weights: true}.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestModel reads the file back: every node computes from what is there before
// it, every parameter of the network is there with its values and is used, and
// the operators are those of the topology.
func TestModel(t *testing.T) {
	for name, c := range map[string]struct {
		config     unet.Config
		classes    []string
		prediction diffusion.Prediction
		inputs     []string
		operators  map[string]int
	}{
		"classes": {
			unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 2, NumClasses: 3},
			[]string{"a", "b", "c"}, diffusion.V, []string{"x", "t", "y"},
			// 5 blocks of two convolutions, 4 of them with a skip; first and last.
			map[string]int{"Conv": 16, "InstanceNormalization": 11, "Resize": 2, "AveragePool": 2, "Gemm": 7, "Softmax": 0, "Gather": 1},
		},
		"attention": {
			unet.Config{ImageSize: 8, InChannels: 3, OutChannels: 3, BaseCh: 32, EmbCh: 16, Depth: 1, AttentionLevels: []int{0, 1}},
			nil, diffusion.Eps, []string{"x", "t"},
			map[string]int{"Conv": 10, "InstanceNormalization": 10, "Resize": 1, "AveragePool": 1, "Gemm": 5, "Softmax": 3, "Gather": 9, "MatMul": 12},
		},
		"variant": {
			unet.Config{
				ImageSize: 8, InChannels: 3, OutChannels: 3, BaseCh: 8, EmbCh: 16, Depth: 1,
				Widths: []int{8, 24}, Blocks: 2, ScaleShift: true,
			},
			nil, diffusion.V, []string{"x", "t"},
			// 6 blocks of two convolutions, 2 of them with a skip; first and last.
			map[string]int{"Conv": 16, "InstanceNormalization": 13, "Gemm": 8, "Slice": 12},
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := model(t, c.config, c.classes, c.prediction)
			top := fields(t, Model(m))
			if _, version := of(top, 1); version[0] != 8 {
				t.Errorf("IR version %d", version[0])
			}
			graphs, _ := of(top, 7)
			graph := fields(t, []byte(graphs[0]))
			known, raw := map[string]bool{}, map[string]string{}
			tensors, _ := of(graph, 5)
			for _, tensor := range tensors {
				f := fields(t, []byte(tensor))
				names, _ := of(f, 8)
				data, _ := of(f, 9)
				_, dims := of(f, 1)
				_, element := of(f, 2)
				elements := 1
				for _, d := range dims {
					elements *= d
				}
				if size := map[int]int{float32Type: 4, int64Type: 8, float64Type: 8}[element[0]]; len(data[0]) != size*elements || known[names[0]] {
					t.Errorf("initializer %s of %v has %d bytes, or is there twice", names[0], dims, len(data[0]))
				}
				known[names[0]], raw[names[0]] = true, data[0]
			}
			inputs, _ := of(graph, 11)
			var names []string
			for _, in := range inputs {
				name, _ := of(fields(t, []byte(in)), 1)
				names = append(names, name[0])
				known[name[0]] = true
			}
			if !slices.Equal(names, c.inputs) {
				t.Errorf("inputs %v, want %v", names, c.inputs)
			}
			used, operators := map[string]bool{}, map[string]int{}
			nodes, _ := of(graph, 1)
			for _, n := range nodes {
				f := fields(t, []byte(n))
				from, _ := of(f, 1)
				to, _ := of(f, 2)
				kind, _ := of(f, 4)
				for _, in := range from {
					if in != "" && !known[in] {
						t.Errorf("%s reads %s, which nothing has made yet", to[0], in)
					}
					used[in] = true
				}
				if known[to[0]] {
					t.Errorf("%s is made twice", to[0])
				}
				known[to[0]] = true
				operators[kind[0]]++
			}
			for kind, want := range c.operators {
				if operators[kind] != want {
					t.Errorf("%d nodes of %s, want %d", operators[kind], kind, want)
				}
			}
			outputs, _ := of(graph, 12)
			if out, _ := of(fields(t, []byte(outputs[0])), 1); len(outputs) != 1 || out[0] != c.prediction.String() || !known[out[0]] {
				t.Errorf("the output is %v, want %v", out, c.prediction)
			}
			for name := range known {
				if !used[name] && name != c.prediction.String() {
					t.Errorf("nothing uses %s", name)
				}
			}
			checkParameters(t, m, raw)
		})
	}
}

// checkParameters compares every parameter with its initializer: the classes'
// table has a row of zeros more, and attention's in_proj and out_proj are turned
// around.
func checkParameters(t *testing.T, m *recipe.Model, raw map[string]string) {
	t.Helper()
	for _, p := range m.Net.Params() {
		want := make([]float32, p.Len())
		p.Export(want, m.Net.Weights())
		data, there := raw[p.Name]
		if turned, ok := raw[p.Name+".T"]; ok {
			data, there = turned, true
			straight := want
			want = make([]float32, p.Len())
			for o := range p.Shape[0] {
				for i := range p.Shape[1] {
					want[i*p.Shape[0]+o] = straight[o*p.Shape[1]+i]
				}
			}
		}
		if p.Name == "label_emb.weight" {
			want = append(want, make([]float32, p.Shape[1])...)
		}
		if !there || len(data) != 4*len(want) {
			t.Errorf("%s has %d bytes, want %d values", p.Name, len(data), len(want))
			continue
		}
		for i, v := range want {
			if got := math.Float32frombits(binary.LittleEndian.Uint32([]byte(data[4*i:]))); got != v {
				t.Errorf("%s: value %d is %v, want %v", p.Name, i, got, v)
				break
			}
		}
	}
}

func TestMetadata(t *testing.T) {
	m := model(t, unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 1}, nil, diffusion.V)
	file := Model(m)
	entries, _ := of(fields(t, file), 14)
	got := map[string]string{}
	for _, e := range entries {
		f := fields(t, []byte(e))
		key, _ := of(f, 1)
		value, _ := of(f, 2)
		got[key[0]] = value[0]
	}
	if got["prediction"] != "v" || got["schedule"] != "cosine" || got["timesteps"] != "100" || got["checkpoint"] != m.Hash || !strings.Contains(got["config"], `"base_ch"`) {
		t.Errorf("the metadata are %v", got)
	}
	if string(file) != string(Model(m)) {
		t.Error("the same network makes two different files")
	}
}
