package main

import (
	"maps"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/sampler"
	"github.com/ddpm-go/ddpm/wasm/site"
)

func newEditCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "edit",
		Short: "Start from pictures in place of noise: vary, fill in, blend, branch, encode",
	}
	cmd.AddCommand(
		newImageToImageCommand(),
		newInpaintCommand(),
		newInterpolateCommand(),
		newBranchCommand(),
		newEncodeCommand(),
	)
	return cmd
}

// editOptions are what all edits have, and the recipe's keys that an edit sets
// where the command line does not.
type editOptions struct {
	sampleOptions
	own map[string]string
}

// addFlags adds the flags of every edit.
func (o *editOptions) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "where to write: a .png or .safetensors `FILE`")
	f.StringVar(&o.recipe, "recipe", "", "a recipe's `text` instead of the flags that follow from it")
	for _, r := range recipeFlags {
		if value, ok := o.own[r.key]; ok {
			r.value = value
			r.usage, _, _ = strings.Cut(r.usage, " (default")
		}
		f.String(r.key, r.value, r.usage)
	}
	f.IntVar(&o.zoom, "zoom", 2, "screen pixels for each picture pixel in a .png, 1 to 16")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "pictures computed at a time; does not change them")
	f.BoolVar(&o.json, "json", false, "print the recipe and what was made as JSON")
	f.SortFlags = false
}

// open checks what can be checked without the model, and opens it.
func (o *editOptions) open() (*recipe.Model, error) {
	if _, err := outputKind(o.out, ".png", ".safetensors"); err != nil {
		return nil, err
	}
	if o.zoom < 1 || o.zoom > 16 {
		return nil, misuse("--zoom is %d, want 1 to 16", o.zoom)
	}
	return openModel(o.model, "")
}

// read reads the recipe that the command line asks for. Without --recipe, the
// edit's own values stand for keys that no flag gives.
func (o *editOptions) read(cmd *cobra.Command, m *recipe.Model) (recipe.Recipe, error) {
	text, err := recipeText(cmd, o.recipe)
	if err != nil {
		return recipe.Recipe{}, err
	}
	for _, key := range slices.Sorted(maps.Keys(o.own)) {
		switch flag := cmd.Flags().Lookup(key); {
		case o.recipe != "" && flag != nil && flag.Changed:
			return recipe.Recipe{}, misuse("--recipe already says everything: give --%s inside it", key)
		case o.recipe == "" && (flag == nil || !flag.Changed || !isRecipeFlag(key)):
			text = strings.TrimPrefix(text+"&"+key+"="+o.own[key], "&")
		}
	}
	r, err := m.Parse(text, recipe.CountOnTerminal)
	if err != nil {
		return r, &usageError{err}
	}
	return r, nil
}

// isRecipeFlag says whether recipeText reads the flag.
func isRecipeFlag(key string) bool {
	return slices.ContainsFunc(recipeFlags, func(r recipeFlag) bool { return r.key == key })
}

// draw runs an edit and writes what comes out.
func (o *editOptions) draw(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, begin func(recipe.Part) (*sampler.Run, error)) error {
	images, err := drawParts(cmd, m, r, o.workers, begin)
	if err != nil {
		return err
	}
	return o.write(cmd, m, r, images, site.Columns(r))
}

func (o *editOptions) write(cmd *cobra.Command, m *recipe.Model, r recipe.Recipe, images []byte, columns int) error {
	kind, err := outputKind(o.out, ".png", ".safetensors")
	if err != nil {
		return err
	}
	return writePictures(cmd, m, r, images, columns, pictureFile{o.out, kind, o.zoom, o.json})
}

// start is where on the chain an edit starts: --t or --strength, or a recipe's
// start.
type start struct {
	t        int
	strength float64
}

func (s *start) addFlags(cmd *cobra.Command, strength float64) {
	cmd.Flags().IntVar(&s.t, "t", 0, "noise the picture to this `t`, 1 to T: the more, the less is left of it")
	cmd.Flags().Float64Var(&s.strength, "strength", strength, "in place of --t, the `share` of T, above 0, up to 1")
}

// given says whether the command line says where to start.
func (s *start) given(cmd *cobra.Command) bool {
	return cmd.Flags().Changed("t") || cmd.Flags().Changed("strength")
}

// set puts the start into the edit's own keys, and no more steps than there are
// from it.
func (s *start) set(cmd *cobra.Command, m *recipe.Model, o *editOptions) error {
	byT, byStrength := cmd.Flags().Changed("t"), cmd.Flags().Changed("strength")
	t := max(1, int(math.Round(s.strength*float64(m.Chain.T))))
	switch {
	case o.recipe != "" && s.given(cmd):
		return misuse("--recipe already says everything: give --t inside it, as start")
	case byT && byStrength:
		return misuse("--t and --strength say the same: give one of them")
	case byT && (s.t < 1 || s.t > m.Chain.T):
		return misuse("--t is %d, want 1 to %d", s.t, m.Chain.T)
	case byT:
		t = s.t
	case !(s.strength > 0 && s.strength <= 1):
		return misuse("--strength is %v, want above 0, up to 1", s.strength)
	}
	o.own["start"] = strconv.Itoa(t)
	o.own["steps"] = strconv.Itoa(min(m.Defaults().Steps, t))
	return nil
}
