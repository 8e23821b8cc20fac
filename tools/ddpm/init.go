package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/bench"
	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
)

func newInitCommand() *cobra.Command {
	var net, out string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "init --net NAME --out F",
		Short: "Write a network with random weights, to measure with",
		Long: `Writes a checkpoint whose weights are all random, those included that training
begins at zero, so that every layer shows in the output. It draws nothing worth
seeing: it is what runtimes are compared on, where no trained network has the
size in question.`,
		Example: `  ddpm init --net base64 --out base64.safetensors`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := outputKind(out, ".safetensors"); err != nil {
				return err
			}
			n, ok := bench.Find(net)
			if !ok {
				return misuse("--net %q: there is no such network; %s", net, cmd.Flags().Lookup("net").Usage)
			}
			data, err := randomCheckpoint(n, seed)
			if err != nil {
				return err
			}
			if err := writeFile(out, data); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d parameters, %d bytes\n", out, n.Config.Parameters(), len(data))
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&net, "net", "", "shape: "+networkNames())
	f.Uint64Var(&seed, "seed", 1, "of the weights")
	f.StringVar(&out, "out", "", "where to write: a .safetensors `FILE`")
	f.SortFlags = false
	require(cmd, "net", "out")
	return cmd
}

// networkNames are those of the shapes that are measured.
func networkNames() string {
	var names []string
	for _, n := range bench.Networks() {
		names = append(names, n.Name)
	}
	return strings.Join(names, ", ")
}

// randomCheckpoint is a network in whose weights there are no zeros.
func randomCheckpoint(n bench.Network, seed uint64) ([]byte, error) {
	net, err := unet.New(n.Config)
	if err != nil {
		return nil, err
	}
	net.Init(seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for _, p := range net.Params() {
		scale := 0.1
		if fan := p.Len() / p.Shape[0]; fan > 1 {
			scale = 1 / math.Sqrt(float64(fan))
		}
		for i, w := range net.Weights()[p.Offset:][:p.Len()] {
			if w == 0 {
				net.Weights()[p.Offset+i] = float32(scale * r.NormFloat64())
			}
		}
	}
	var classes []string
	for i := range n.Config.NumClasses {
		classes = append(classes, strconv.Itoa(i))
	}
	return recipe.Save(net, nil, recipe.Card{
		Name: n.Name, Prediction: diffusion.Eps, Schedule: "linear", Timesteps: 1000, Classes: classes,
	}, checkpoint.F32)
}
