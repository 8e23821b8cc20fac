package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/core/tensor"
	"github.com/ddpm-go/ddpm/wasm/site"
)

type sampleOptions struct {
	model, out, recipe string
	zoom, workers      int
	json               bool
}

type recipeFlag struct{ key, value, usage string }

// recipeFlags are the flags that a recipe has keys for: a flag that is given
// stands for its key, so that both are read and refused by the same parser. The
// values are for the help alone: a flag that is not given is the model's affair.
var recipeFlags = []recipeFlag{
	{"sampler", "", "`ddim|ddpm|dpmpp|unipc`: DDIM, ancestral as in the paper, DPM-Solver++(2M), UniPC (default the model's own, or ddim)"},
	{"steps", "", "denoising steps, `1..T` of the model (default the model's own, or 50)"},
	{"spacing", "", "which of the T steps: `uniform|quadratic|logsnr`, or down to some t and from there at once: uniform:100 (default the model's own, or uniform)"},
	{"eta", "0", "ddim and dpmpp: how much noise each step adds, `0..1`"},
	{"variance", "beta_tilde", "ddpm: the variance of a step, `beta|beta_tilde`, or a weight from 0 (beta_tilde) to 1 (beta)"},
	{"clip", "1", "clip the predicted x_0 to [-1, 1] at each step, `1|0`"},
	{"seed", "0", "the seed of all noise, a whole `number`"},
	{"classes", "", "classes taken in turn, a `list` like 0-9 or 3 or 1,4,7, or none (default all)"},
	{"guidance", "", "weight of classifier-free guidance, `0..20`; 1 is none (default the model's own, or 1)"},
	{"interval", "", "the t at which guidance acts, `first-last`, like 1-600 (default all, or the model's own with its guidance)"},
	{"count", "16", "how many pictures, a `number`"},
}

func newSampleCommand() *cobra.Command {
	var o sampleOptions
	cmd := &cobra.Command{
		Use:   "sample --model F --out FILE",
		Short: "Draw pictures with a trained model",
		Long: `Draws pictures, starting from noise, and prints their recipe: the text that
draws the same pictures again, here or in the page's address.

FILE is a grid of all pictures if it ends in .png; if it ends in .safetensors it
holds images U8 [N, H, W, C] and classes I64 [N] (−1 for none).`,
		Example: `  ddpm sample --model weights/digits.safetensors --classes 0-9 --count 100 --out grid.png
  ddpm sample --model weights/digits.safetensors --classes 7 --steps 20 --guidance 2 --seed 1 --out sevens.png
  ddpm sample --model weights/digits.safetensors --sampler dpmpp --steps 15 --out grid.png
  ddpm sample --model weights/digits.safetensors --recipe 'sampler=ddpm&steps=250&seed=7' --out grid.png`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runSample(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.model, "model", "", "the checkpoint `FILE`")
	f.StringVar(&o.out, "out", "", "where to write: a .png or .safetensors `FILE`")
	f.StringVar(&o.recipe, "recipe", "", "a recipe's `text` instead of the flags that follow from it")
	for _, r := range recipeFlags {
		f.String(r.key, r.value, r.usage)
	}
	f.IntVar(&o.zoom, "zoom", 2, "screen pixels for each picture pixel in a .png, 1 to 16")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "pictures computed at a time; does not change them")
	f.BoolVar(&o.json, "json", false, "print the recipe and what was made as JSON")
	f.SortFlags = false
	require(cmd, "model", "out")
	return cmd
}

// sampleReport is what --json prints.
type sampleReport struct {
	Out    string `json:"out"`
	Recipe string `json:"recipe"`
	Count  int    `json:"count"`
	Width  int    `json:"width"` // of one picture
	Height int    `json:"height"`
	Steps  int    `json:"steps"`
}

func runSample(cmd *cobra.Command, o sampleOptions) error {
	kind, err := outputKind(o.out, ".png", ".safetensors")
	if err != nil {
		return err
	}
	if o.zoom < 1 || o.zoom > 16 {
		return misuse("--zoom is %d, want 1 to 16", o.zoom)
	}
	text, err := recipeText(cmd, o.recipe)
	if err != nil {
		return err
	}
	m, err := openModel(o.model, "")
	if err != nil {
		return err
	}
	r, err := m.Parse(text, recipe.CountOnTerminal)
	if err != nil {
		return &usageError{err}
	}
	images, err := drawPictures(cmd, m, r, o.workers)
	if err != nil {
		return err
	}
	return writePictures(cmd, m, r, images, site.Columns(r), pictureFile{o.out, kind, o.zoom, o.json})
}

// pictureFile says where a recipe's pictures go, and how.
type pictureFile struct {
	path, kind string
	zoom       int
	json       bool
}

// writePictures writes a recipe's pictures, and prints the recipe.
func writePictures(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, images []byte, columns int, to pictureFile) (err error) {
	side, channels := m.Net.Config().ImageSize, m.Net.Config().OutChannels
	if to.kind == ".png" {
		grid, w, h := site.Grid(images, side, channels, columns, to.zoom)
		err = writePNG(to.path, fromBytes(grid, w, h, channels))
	} else {
		err = writeImages(to.path, images, side, channels, r)
	}
	if err != nil {
		return err
	}
	if to.json {
		return printJSON(cmd.OutOrStdout(), sampleReport{to.path, r.String(), r.Count, side, side, r.Steps})
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s\n", r)
	return nil
}

// recipeText is the recipe that the command line asks for.
func recipeText(cmd *cobra.Command, text string) (string, error) {
	var pairs []string
	for _, r := range recipeFlags {
		if f := cmd.Flags().Lookup(r.key); f.Changed {
			pairs = append(pairs, r.key+"="+f.Value.String())
		}
	}
	if text != "" && len(pairs) > 0 {
		return "", misuse("--recipe already says everything: give --%s inside it", pairs[0][:strings.Index(pairs[0], "=")])
	}
	if text != "" {
		return text, nil
	}
	return strings.Join(pairs, "&"), nil
}

// drawPictures runs a recipe and returns the images' bytes, [N][H][W][C].
func drawPictures(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, workers int) ([]byte, error) {
	return drawParts(cmd, m, r, workers, func(part recipe.Part) (*sampler.Run, error) { return m.Run(r, part) })
}

// drawParts is drawPictures of a run that begins otherwise. It draws a part at a
// time, so that memory does not grow with the count.
func drawParts(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, workers int, begin func(recipe.Part) (*sampler.Run, error)) ([]byte, error) {
	const part = 64
	c := m.Net.Config()
	size := c.ImageSize * c.ImageSize * c.OutChannels
	images := make([]byte, r.Count*size)
	bar := progress(cmd.ErrOrStderr(), r.Steps*r.Count, "drawing", "image-steps")
	defer bar.Finish()
	for first := 0; first < r.Count; first += part {
		n := min(part, r.Count-first)
		run, err := begin(recipe.Part{First: first, N: n, Workers: workers})
		if err != nil {
			return nil, err
		}
		bar.ChangeMax(run.Step().Of * r.Count)
		for run.Next() {
			if err := cmd.Context().Err(); err != nil {
				return nil, err
			}
			bar.Add(n)
		}
		tensor.Bytes(images[first*size:(first+n)*size], run.Step().X)
	}
	return images, nil
}

func writeImages(path string, images []byte, side, channels int, r recipe.Recipe) error {
	classes := make([]int64, r.Count)
	for i := range classes {
		classes[i] = int64(r.Classes[i%len(r.Classes)])
	}
	var b checkpoint.Builder
	b.Metadata("recipe", r.String())
	b.Uint8("images", []int{r.Count, side, side, channels}, images)
	b.Int64("classes", []int{r.Count}, classes)
	data, err := b.Bytes()
	if err != nil {
		return err
	}
	return writeFile(path, data)
}
