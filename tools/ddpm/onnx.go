package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/tools/onnx"
)

func newONNXCommand() *cobra.Command {
	var model, config, out string
	cmd := &cobra.Command{
		Use:   "onnx --model F --out F",
		Short: "Write the network as ONNX, for other runtimes",
		Long: `Writes a checkpoint's network as an ONNX model of opset 17, in float32, for
onnxruntime and others. One evaluation is one run of

    x  float32 [N, C, H, W]  images at time t
    t  int64 [N]             time steps counted from 0, as PyTorch code counts
    y  int64 [N]             classes, −1 for none; where the network has classes

and the output, float32 [N, C, H, W], is named after what the network predicts:
eps, v, x0, mu or residual. The metadata says with which schedule. The chain around the
network, the sampler, is yours to write; 'ddpm eps' tells what ε should come out.`,
		Example: `  ddpm onnx --model weights/digits.safetensors --out digits.onnx`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := outputKind(out, ".onnx"); err != nil {
				return err
			}
			m, err := openModelAs(recipe.Options{Weights: true}, model, config)
			if err != nil {
				return err
			}
			data := onnx.Model(m)
			if err := writeFile(out, data); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d bytes; x, t → %s\n", out, len(data), m.Prediction)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&model, "model", "", "the checkpoint `FILE`")
	f.StringVar(&config, "config", "", "config.json `FILE` of a plain checkpoint (default: the one beside it)")
	f.StringVar(&out, "out", "", "where to write: an .onnx `FILE`")
	f.SortFlags = false
	require(cmd, "model", "out")
	return cmd
}
