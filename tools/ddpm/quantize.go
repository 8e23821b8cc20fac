package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
)

type quantizeOptions struct {
	in, config, out, precision, recipe string
	float16                            []string
	json                               bool
}

func newQuantizeCommand() *cobra.Command {
	var o quantizeOptions
	cmd := &cobra.Command{
		Use:   "quantize --in F --out F",
		Short: "Make a checkpoint small: 8-bit weights",
		Long: `Rounds a checkpoint's matrices and convolutions to 8 bits, with one scale for
each output channel, and says how large the error is. Norms, biases and tensors
of less than 1024 elements stay float32. The result opens like the original.
Layers that suffer from 8 bits can be named with --float16.

The model may also be a plain safetensors file with PyTorch's parameter names
and a config.json; the result then has the config inside.`,
		Example: `  ddpm quantize --in runs/digits/ema.safetensors --out weights/digits.safetensors --recipe guidance=2`,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runQuantize(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.in, "in", "", "the checkpoint `FILE` to read")
	f.StringVar(&o.config, "config", "", "config.json `FILE` of a plain checkpoint (default: the one beside it)")
	f.StringVar(&o.out, "out", "", "where to write: a .safetensors `FILE`")
	f.StringVar(&o.precision, "to", "int8", "how to store weights: `int8|float16|float32`")
	f.StringSliceVar(&o.float16, "float16", nil, "parameters whose names begin with one of `PREFIXES` are float16 all the same, like ups.1,bot")
	f.StringVar(&o.recipe, "recipe", "", "what a recipe for the result means by the keys that it leaves out: a `text` like guidance=2")
	f.BoolVar(&o.json, "json", false, "print sizes and errors as JSON")
	f.SortFlags = false
	require(cmd, "in", "out")
	return cmd
}

var precisions = map[string]checkpoint.DType{"int8": checkpoint.I8, "float16": checkpoint.F16, "float32": checkpoint.F32}

// quantizeReport is what --json prints. Errors are relative: ‖w′ − w‖/‖w‖.
type quantizeReport struct {
	In       string            `json:"in"`
	Out      string            `json:"out"`
	BytesIn  int               `json:"bytes_in"`
	BytesOut int               `json:"bytes_out"`
	Model    string            `json:"model"` // hash of the result
	Error    float64           `json:"error"` // over all weights
	Tensors  []quantizedTensor `json:"tensors"`
}

type quantizedTensor struct {
	Name  string  `json:"name"`
	Shape []int   `json:"shape"`
	DType string  `json:"dtype"`
	Error float64 `json:"error"`
}

func runQuantize(cmd *cobra.Command, o quantizeOptions) error {
	if _, err := outputKind(o.out, ".safetensors"); err != nil {
		return err
	}
	precision, ok := precisions[o.precision]
	if !ok {
		return misuse("--to is %q, want int8, float16 or float32", o.precision)
	}
	original, err := readFile(o.in, "model")
	if err != nil {
		return err
	}
	m, err := openModelAs(recipe.Options{Weights: true}, o.in, o.config)
	if err != nil {
		return err
	}
	if m.More == nil {
		m.More = map[string]string{}
	}
	if o.recipe != "" {
		if _, err := m.Parse(o.recipe, recipe.CountOnTerminal); err != nil {
			return &usageError{err}
		}
		if strings.Contains("&"+o.recipe, "&model=") {
			return misuse("--recipe names a model: leave model out, the file that is written will have another hash")
		}
		m.Recipe = o.recipe
	}
	m.More["weights"] = o.precision
	m.More["weights_from"] = m.Hash
	if err := o.checkFloat16(m); err != nil {
		return err
	}
	if len(o.float16) > 0 {
		m.More["weights"] += ", float16: " + strings.Join(o.float16, ",")
	}
	small, err := recipe.SaveMixed(m.Net, nil, m.Card, func(name string) checkpoint.DType {
		if o.inFloat16(name) {
			return checkpoint.F16
		}
		return precision
	})
	if err != nil {
		return err
	}
	// The recipe stands by itself there, not on top of the one before.
	if _, err := recipe.Open(small); err != nil {
		return fmt.Errorf("%s would not open: %w", o.out, err)
	}
	report, err := compare(m, small)
	if err != nil {
		return err
	}
	report.In, report.Out, report.BytesIn, report.BytesOut = o.in, o.out, len(original), len(small)
	if err := writeFile(o.out, small); err != nil {
		return err
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), report)
	}
	printQuantized(cmd, report)
	return nil
}

// inFloat16 says whether --float16 names the parameter.
func (o quantizeOptions) inFloat16(name string) bool {
	return slices.ContainsFunc(o.float16, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// checkFloat16 refuses a prefix that no parameter's name has.
func (o quantizeOptions) checkFloat16(m *recipe.Model) error {
	for _, prefix := range o.float16 {
		if !slices.ContainsFunc(m.Net.Params(), func(p unet.Param) bool { return strings.HasPrefix(p.Name, prefix) }) {
			return misuse("--float16 has %q, with which no parameter's name begins; one is %s", prefix, m.Net.Params()[0].Name)
		}
	}
	return nil
}

// compare measures how far the weights in file are from m's.
func compare(m *recipe.Model, file []byte) (*quantizeReport, error) {
	f, err := checkpoint.Parse(file)
	if err != nil {
		return nil, err
	}
	report := &quantizeReport{Model: recipe.Hash(file)}
	var difference, norm float64
	for _, p := range m.Net.Params() {
		want := make([]float32, p.Len())
		p.Export(want, m.Net.Weights())
		got, shape, err := f.Float32(p.Name)
		if err != nil {
			return nil, err
		}
		dtype, _, _ := f.Info(p.Name)
		var d, n float64
		for i, w := range want {
			d += square(float64(got[i]) - float64(w))
			n += square(float64(w))
		}
		report.Tensors = append(report.Tensors, quantizedTensor{p.Name, shape, string(dtype), relative(d, n)})
		difference, norm = difference+d, norm+n
	}
	report.Error = relative(difference, norm)
	return report, nil
}

func square(x float64) float64 { return x * x }

// relative is √(d/n), and 0 for weights that are all zero and stay so.
func relative(d, n float64) float64 {
	if d == 0 {
		return 0
	}
	return math.Sqrt(d / n)
}

func printQuantized(cmd *cobra.Command, r *quantizeReport) {
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "tensor\tshape\ttype\terror")
	for _, t := range r.Tensors {
		if t.DType != string(checkpoint.F32) {
			fmt.Fprintf(w, "%s\t%v\t%s\t%.2g\n", t.Name, t.Shape, t.DType, t.Error)
		}
	}
	w.Flush()
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %d bytes, %s was %d; relative error of all weights %.2g; model %s\n",
		r.Out, r.BytesOut, r.In, r.BytesIn, r.Error, r.Model)
}
