package main

import (
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/schedule"
	"github.com/ddpm-go/ddpm/core/tensor"
)

type noiseOptions struct {
	in, out, schedule string
	t, timesteps      int
	seed              uint64
	json              bool
}

func newNoiseCommand() *cobra.Command {
	var o noiseOptions
	cmd := &cobra.Command{
		Use:   "noise --in PICTURE --out FILE",
		Short: "Dissolve a picture into noise: x_t of the forward process",
		Long: `Draws x_t = √ᾱ_t·x_0 + √(1−ᾱ_t)·ε for a picture x_0, as the page's first room
does: at t = 0 the picture is clean, at the last t nothing of it is left. The
same seed gives the same ε at every t.

The picture may be JPEG, PNG, GIF (its first frame) or WebP; it is turned as its
EXIF orientation says and scaled down to at most 1024 pixels. FILE is a picture
if it ends in .png; if it ends in .safetensors it holds x0, eps and xt as
float32 [height, width, 3] in [−1, 1].`,
		Example: `  ddpm noise --in me.jpg --t 300 --out noisy.png
  ddpm noise --in me.jpg --t 300 --schedule linear --seed 7 --out noisy.safetensors --json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runNoise(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.in, "in", "", "the `PICTURE`")
	f.StringVar(&o.out, "out", "", "where to write: a .png or .safetensors `FILE`")
	f.IntVar(&o.t, "t", 500, "the time step, `0..T`")
	f.StringVar(&o.schedule, "schedule", "cosine", "how noise grows: `linear|cosine|sigmoid|shifted:R|logsnr:POINTS`, the cosine's SNR by R² or a log SNR through POINTS such as 9,4,-9")
	f.IntVar(&o.timesteps, "timesteps", 1000, "`T`, the schedule's last step")
	f.Uint64Var(&o.seed, "seed", 0, "which ε, a whole `number`")
	f.BoolVar(&o.json, "json", false, "print t, ᾱ_t and the signal-to-noise ratio as JSON")
	f.SortFlags = false
	require(cmd, "in", "out")
	return cmd
}

// noiseReport is what --json prints. SNR is null at t = 0, where it is infinite.
type noiseReport struct {
	Out      string   `json:"out"`
	Width    int      `json:"width"`
	Height   int      `json:"height"`
	Schedule string   `json:"schedule"`
	T        int      `json:"t"`
	AlphaBar float64  `json:"alpha_bar"`
	SNR      *float64 `json:"snr"`
	Seed     uint64   `json:"seed"`
}

func runNoise(cmd *cobra.Command, o noiseOptions) error {
	kind, err := outputKind(o.out, ".png", ".safetensors")
	if err != nil {
		return err
	}
	s, err := schedule.New(o.schedule, o.timesteps)
	if err != nil {
		return &usageError{err}
	}
	if o.t < 0 || o.t > s.T {
		return misuse("--t is %d, want 0 to %d", o.t, s.T)
	}
	m, err := readPicture(o.in)
	if err != nil {
		return err
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	x0, eps, xt := make([]float32, w*h*3), make([]float32, w*h*3), make([]float32, w*h*3)
	tensor.FromBytes(x0, rgb(m))
	recipe.PictureNoise(eps, o.seed)
	diffusion.QSample(xt, x0, eps, s, o.t)
	if err := writeNoised(o.out, kind, w, h, x0, eps, xt); err != nil {
		return err
	}
	report := noiseReport{Out: o.out, Width: w, Height: h, Schedule: o.schedule, T: o.t, AlphaBar: s.AlphaBar[o.t], Seed: o.seed}
	if snr := s.SNR(o.t); !math.IsInf(snr, 0) {
		report.SNR = &snr
	}
	if o.json {
		return printJSON(cmd.OutOrStdout(), report)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %d×%d at t = %d of the %s schedule, ᾱ_t = %.4g, SNR = %.4g\n",
		o.out, w, h, o.t, o.schedule, report.AlphaBar, s.SNR(o.t))
	return nil
}

func writeNoised(path, kind string, w, h int, x0, eps, xt []float32) error {
	if kind == ".png" {
		b := make([]byte, len(xt))
		tensor.Bytes(b, xt)
		return writePNG(path, fromBytes(b, w, h, 3))
	}
	var f checkpoint.Builder
	shape := []int{h, w, 3}
	f.Float32("x0", shape, x0)
	f.Float32("eps", shape, eps)
	f.Float32("xt", shape, xt)
	data, err := f.Bytes()
	if err != nil {
		return err
	}
	return writeFile(path, data)
}
