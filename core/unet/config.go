// Package unet is the ε-network of Ho et al. (2020): a U-Net over images,
// conditioned on the diffusion step and, where there are classes, on a class.
// It handles one image at a time; its parameters carry PyTorch's names and
// shapes at the border and lie in one flat slice inside.
package unet

import (
	"errors"
	"strconv"
)

// Null is the class of classifier-free guidance's unconditional branch (Ho &
// Salimans, 2022): it adds no class embedding at all.
const Null = -1

// Group counts and heads of the topology; a channel count must divide by them.
const (
	normGroups      = 8
	attentionGroups = 32
	attentionHeads  = 8
	timeWidth       = 32
)

// Config is the network's shape. With w the widths and D = Depth, level i < D
// works on ImageSize/2^i pixels a side and w[i+1] channels on the way down, w[i]
// on the way up; the bottleneck, level D, has w[D] channels. In the ancestor's
// topology w[i] is BaseCh·2^i, and the last three fields are zero.
type Config struct {
	ImageSize       int // pixels a side; divisible by 2^Depth
	InChannels      int
	OutChannels     int
	BaseCh          int   // divisible by 8
	EmbCh           int   // width of the time and class embedding
	Depth           int   // number of halvings
	NumClasses      int   // 0 for an unconditional network
	AttentionLevels []int // 0…Depth, ascending; Depth is the bottleneck

	Widths     []int // Depth+1 channel counts, the first BaseCh; none: BaseCh·2^i
	Blocks     int   // residual blocks a level; 0 is 1. Attention is behind the last
	ScaleShift bool  // the embedding scales and shifts a block's second norm (FiLM), rather than being added before it
}

// bounds of each field: what a checkpoint from outside may ask for.
const (
	maxImageSize  = 1024
	maxChannels   = 1024
	maxBaseCh     = 1024
	maxEmbCh      = 8192
	maxDepth      = 8
	maxBlocks     = 8
	maxClasses    = 1 << 16
	maxParameters = 1 << 28
)

// Validate says whether a network can be built from c, and if not, which field
// stands in the way and what it would have to be.
func (c Config) Validate() error {
	for _, f := range []struct {
		name           string
		value, lo, max int
	}{
		{"image_size", c.ImageSize, 1, maxImageSize},
		{"in_channels", c.InChannels, 1, maxChannels},
		{"out_channels", c.OutChannels, 1, maxChannels},
		{"base_ch", c.BaseCh, 1, maxBaseCh},
		{"emb_ch", c.EmbCh, 1, maxEmbCh},
		{"depth", c.Depth, 1, maxDepth},
		{"num_classes", c.NumClasses, 0, maxClasses},
		{"blocks", c.Blocks, 0, maxBlocks},
	} {
		if f.value < f.lo || f.value > f.max {
			return configError(f.name + " is " + strconv.Itoa(f.value) +
				", must be between " + strconv.Itoa(f.lo) + " and " + strconv.Itoa(f.max))
		}
	}
	if c.ImageSize%(1<<c.Depth) != 0 {
		return configError("image_size " + strconv.Itoa(c.ImageSize) + " is not divisible by 2^depth = " +
			strconv.Itoa(1<<c.Depth) + ": it is halved " + strconv.Itoa(c.Depth) + " times")
	}
	if c.BaseCh%normGroups != 0 {
		return configError("base_ch " + strconv.Itoa(c.BaseCh) + " is not divisible by " +
			strconv.Itoa(normGroups) + ", the number of groups of its norms")
	}
	if err := c.validateWidths(); err != nil {
		return err
	}
	for i, level := range c.AttentionLevels {
		if level < 0 || level > c.Depth {
			return configError("attention level " + strconv.Itoa(level) +
				" does not exist: levels are 0 to depth = " + strconv.Itoa(c.Depth))
		}
		if i > 0 && level <= c.AttentionLevels[i-1] {
			return configError("attention_levels must be ascending and without repeats")
		}
		// On the way up and on the way down.
		for _, channels := range []int{c.width(level), c.width(min(level+1, c.Depth))} {
			if channels%attentionGroups != 0 {
				return configError("attention at level " + strconv.Itoa(level) + " has " + strconv.Itoa(channels) +
					" channels, not divisible by " + strconv.Itoa(attentionGroups) + ", the number of groups of its norm")
			}
		}
	}
	if n := c.Parameters(); n > maxParameters {
		return configError("the network would have " + strconv.FormatInt(n, 10) +
			" parameters, at most " + strconv.Itoa(maxParameters) + " are supported")
	}
	return nil
}

func (c Config) validateWidths() error {
	if len(c.Widths) == 0 {
		return nil
	}
	if len(c.Widths) != c.Depth+1 {
		return configError("widths has " + strconv.Itoa(len(c.Widths)) + " entries, must be depth + 1 = " + strconv.Itoa(c.Depth+1))
	}
	if c.Widths[0] != c.BaseCh {
		return configError("widths begins with " + strconv.Itoa(c.Widths[0]) + ", must begin with base_ch = " + strconv.Itoa(c.BaseCh))
	}
	for _, w := range c.Widths {
		if w < 1 || w > maxBaseCh<<maxDepth || w%normGroups != 0 {
			return configError("a width is " + strconv.Itoa(w) + ", must be a multiple of " + strconv.Itoa(normGroups) +
				" between " + strconv.Itoa(normGroups) + " and " + strconv.Itoa(maxBaseCh<<maxDepth))
		}
	}
	return nil
}

// width is the channels of a level's way up, and of the way down one level above.
func (c Config) width(level int) int {
	if len(c.Widths) > 0 {
		return c.Widths[level]
	}
	return c.BaseCh << level
}

// blocks is the number of residual blocks of each level.
func (c Config) blocks() int { return max(c.Blocks, 1) }

func configError(text string) error { return errors.New("network config: " + text) }

// attends reports whether level i has attention.
func (c Config) attends(level int) bool {
	for _, l := range c.AttentionLevels {
		if l == level {
			return true
		}
	}
	return false
}

// size is the number of pixels a side at a level.
func (c Config) size(level int) int { return c.ImageSize >> level }
