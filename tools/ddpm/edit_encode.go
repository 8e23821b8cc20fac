package main

import (
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/tensor"
	"github.com/ddpm-go/ddpm/wasm/site"
)

func newEncodeCommand() *cobra.Command {
	o := editOptions{own: map[string]string{"classes": "none", "count": "1", "guidance": "1", "clip": "0", "spacing": "uniform", "sampler": "ddim"}}
	var in string
	var refine int
	cmd := &cobra.Command{
		Use:   "encode --model F --in PICTURE --out FILE",
		Short: "Find the noise that DDIM draws a picture from, and draw it again",
		Long: `Runs DDIM with η = 0 backwards, from a picture to an x_T, and forwards again, and
prints how far what comes out is from the picture: the root of the mean squared
difference, in levels of 255. More steps, and each refinement of a step, bring it
closer. Guidance and clipping of x̂_0 are off unless asked for: no step that clips
can be undone.

FILE is the picture, x_T and what comes out, side by side, if it ends in .png; if
it ends in .safetensors it holds x0, xT and x0_again as float32 [H, W, C].

` + fitRule,
		Example: `  ddpm edit encode --model weights/digits.safetensors --in three.png --out again.png
  ddpm edit encode --model weights/digits.safetensors --in three.png --steps 100 --refine 4 --out xT.safetensors`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := o.open()
			if err != nil {
				return err
			}
			r, err := o.read(cmd, m)
			if err != nil {
				return err
			}
			if r.Count != 1 {
				return misuse("count is %d, but one picture is encoded", r.Count)
			}
			x0, err := readFitted(in, m)
			if err != nil {
				return err
			}
			xT, err := encode(cmd, m, r, x0, refine)
			if err != nil {
				return err
			}
			run, err := m.From(r, xT, recipe.Part{})
			if err != nil {
				return err
			}
			if err := finish(cmd, run.Next); err != nil {
				return err
			}
			return o.writeEncoding(cmd, m, r, x0, xT, run.Step().X)
		},
	}
	cmd.Flags().StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	cmd.Flags().StringVar(&in, "in", "", "the `PICTURE`")
	cmd.Flags().IntVar(&refine, "refine", 4, "how often each step is iterated further, 0 to 100; 0 is the usual inversion")
	o.addFlags(cmd)
	require(cmd, "model", "in", "out")
	return cmd
}

// encode returns the x_T that DDIM draws a picture from.
func encode(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, x0 []float32, refine int) ([]float32, error) {
	r.Count = 1
	e, err := m.Encode(r, x0, refine, recipe.Part{})
	if err != nil {
		return nil, &usageError{err}
	}
	return e.Step().X, finish(cmd, e.Next)
}

// finish takes all steps, unless it is interrupted.
func finish(cmd *cobra.Command, next func() bool) error {
	for next() {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
	}
	return nil
}

// encodeReport is what --json prints.
type encodeReport struct {
	Out    string  `json:"out"`
	Recipe string  `json:"recipe"`
	RMSE   float64 `json:"rmse"` // in levels of 255
}

func (o *editOptions) writeEncoding(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, x0, xT, again []float32) error {
	kind, err := outputKind(o.out, ".png", ".safetensors")
	if err != nil {
		return err
	}
	var square float64
	for i := range x0 {
		d := float64(x0[i]) - float64(again[i])
		square += d * d
	}
	report := encodeReport{o.out, r.String(), 127.5 * math.Sqrt(square/float64(len(x0)))}
	c := m.Net.Config()
	side, channels := c.ImageSize, c.InChannels
	if kind == ".png" {
		three := make([]byte, 3*len(x0))
		for i, x := range [][]float32{x0, xT, again} {
			tensor.Bytes(three[i*len(x0):(i+1)*len(x0)], x)
		}
		grid, w, h := site.Grid(three, side, channels, 3, o.zoom)
		err = writePNG(o.out, fromBytes(grid, w, h, channels))
	} else {
		err = writeTensors(o.out, []int{side, side, channels}, r, map[string][]float32{"x0": x0, "xT": xT, "x0_again": again})
	}
	if err != nil {
		return err
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), report)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s\nreconstructed within %.4g levels of 255 (root of the mean square)\n", r, report.RMSE)
	return nil
}

func writeTensors(path string, shape []int, r recipe.Recipe, tensors map[string][]float32) error {
	var b checkpoint.Builder
	b.Metadata("recipe", r.String())
	for name, values := range tensors {
		b.Float32(name, shape, values)
	}
	data, err := b.Bytes()
	if err != nil {
		return err
	}
	return writeFile(path, data)
}
