package main

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/nn"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/tensor"
	"github.com/ddpm-go/ddpm/core/unet"
)

type epsOptions struct {
	model, config, in, out string
	convolution            nn.Convolution
	workers                int
}

func newEpsCommand() *cobra.Command {
	var o epsOptions
	cmd := &cobra.Command{
		Use:   "eps --model F --in F --out F",
		Short: "Run the network once on tensors from a file",
		Long: `Evaluates the network and writes the ε it predicts: how a network is compared
with another implementation of it. A network that predicts v, x_0 or μ has its
output converted.

--in is a safetensors file with
    x  F32 [N, C, H, W]  images at time t
    t  I64 [N]           time steps counted from 0, as PyTorch code counts
    y  I64 [N]           classes, −1 for none; where the network has classes
--out gets
    eps  F32 [N, C, H, W]

The model is a checkpoint of this program, or any safetensors file with the
parameter names of PyTorch and a config.json, which is looked for beside it.`,
		Example: `  ddpm eps --model weights/digits.safetensors --in in.safetensors --out eps.safetensors
  ddpm eps --model plain.safetensors --config config.json --in in.safetensors --out eps.safetensors`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runEps(o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	f.StringVar(&o.config, "config", "", "config.json `FILE` of a plain checkpoint (default: the one beside it)")
	f.StringVar(&o.in, "in", "", "the `FILE` with the tensors x, t and y")
	f.StringVar(&o.out, "out", "", "where to write eps: a .safetensors `FILE`")
	convolutionFlag(cmd, &o.convolution)
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "images computed at a time")
	f.SortFlags = false
	require(cmd, "model", "in", "out")
	return cmd
}

func runEps(o epsOptions) error {
	if _, err := outputKind(o.out, ".safetensors"); err != nil {
		return err
	}
	m, err := openModelAs(recipe.Options{Convolution: o.convolution}, o.model, o.config)
	if err != nil {
		return err
	}
	file, err := readFile(o.in, "tensors")
	if err != nil {
		return err
	}
	in, err := readEpsInput(file, m)
	if err != nil {
		return fmt.Errorf("%s: %w", o.in, err)
	}
	var b checkpoint.Builder
	b.Float32("eps", in.shape, in.predict(m, o.workers))
	data, err := b.Bytes()
	if err != nil {
		return err
	}
	return writeFile(o.out, data)
}

// epsInput is what eps reads, with the images as the core has them, [N][H][W][C].
type epsInput struct {
	shape   []int // [N, C, H, W]
	x       []float32
	t       []int // the paper's
	classes []int
}

func readEpsInput(file []byte, m *recipe.Model) (*epsInput, error) {
	f, err := checkpoint.Parse(file)
	if err != nil {
		return nil, err
	}
	c := m.Net.Config()
	if c.InChannels != c.OutChannels {
		return nil, fmt.Errorf("the network has %d channels in and %d out, so it predicts no ε", c.InChannels, c.OutChannels)
	}
	x, shape, err := f.Float32("x")
	if err != nil {
		return nil, err
	}
	if len(shape) != 4 || !slices.Equal(shape[1:], []int{c.InChannels, c.ImageSize, c.ImageSize}) {
		return nil, fmt.Errorf("x has shape %s, the network takes [N,%d,%d,%d]", tensor.FormatShape(shape), c.InChannels, c.ImageSize, c.ImageSize)
	}
	in := &epsInput{shape: shape, x: make([]float32, len(x))}
	size := c.InChannels * c.ImageSize * c.ImageSize
	for i := range shape[0] {
		toHWC(in.x[i*size:(i+1)*size], x[i*size:(i+1)*size], c.InChannels)
	}
	steps, err := epsIntegers(f, "t", shape[0])
	if err != nil {
		return nil, err
	}
	for i, step := range steps {
		if step < 0 || step >= int64(m.Chain.T) {
			return nil, fmt.Errorf("t[%d] is %d, want 0 to %d", i, step, m.Chain.T-1)
		}
		in.t = append(in.t, int(step)+1)
		in.classes = append(in.classes, unet.Null)
	}
	if _, _, given := f.Info("y"); !given {
		return in, nil
	}
	labels, err := epsIntegers(f, "y", shape[0])
	if err != nil {
		return nil, err
	}
	for i, y := range labels {
		if y < unet.Null || y >= int64(c.NumClasses) {
			return nil, fmt.Errorf("y[%d] is %d, want 0 to %d, or −1 for none", i, y, c.NumClasses-1)
		}
		in.classes[i] = int(y)
	}
	return in, nil
}

func epsIntegers(f *checkpoint.File, name string, n int) ([]int64, error) {
	values, shape, err := f.Int64(name)
	if err == nil && !slices.Equal(shape, []int{n}) {
		err = fmt.Errorf("%s has shape %s, want [%d], one for each image of x", name, tensor.FormatShape(shape), n)
	}
	return values, err
}

// predict returns ε, [N][C][H][W]. Images that follow each other at one t are
// evaluated together.
func (in *epsInput) predict(m *recipe.Model, workers int) []float32 {
	p := m.NewPredictor(workers)
	eps := make([]float32, len(in.x))
	n, channels := in.shape[0], in.shape[1]
	if n == 0 {
		return eps
	}
	size := len(in.x) / n
	for from := 0; from < n; {
		to := from + 1
		for to < n && in.t[to] == in.t[from] {
			to++
		}
		p.PredictEps(eps[from*size:to*size], in.x[from*size:to*size], in.t[from], in.classes[from:to])
		from = to
	}
	out := make([]float32, len(eps))
	for i := range n {
		toCHW(out[i*size:(i+1)*size], eps[i*size:(i+1)*size], channels)
	}
	return out
}

// toHWC and toCHW exchange PyTorch's order of one image and ours.
func toHWC(dst, src []float32, channels int) {
	pixels := len(src) / channels
	for c := range channels {
		for p := range pixels {
			dst[p*channels+c] = src[c*pixels+p]
		}
	}
}

func toCHW(dst, src []float32, channels int) {
	pixels := len(src) / channels
	for c := range channels {
		for p := range pixels {
			dst[c*pixels+p] = src[p*channels+c]
		}
	}
}
