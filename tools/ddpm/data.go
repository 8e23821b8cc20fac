package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/tools/dataset"
)

func newDataCommand() *cobra.Command {
	var from, dir string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "data SET",
		Short: "Get a set of pictures to train on",
		Long: `Downloads a set of labelled pictures from its usual public mirror, checks its
MD5 and keeps it in your cache folder, where the other commands find it. What an
interrupted download left is gone on from. The avatars are not downloaded but made, by
tools/avatars. CIFAR-10 may also come from its archive or its .bin files in --from. Sets: ` + strings.Join(dataset.Names(), ", ") + `.

Own pictures need no download: 'ddpm train --data FOLDER' takes a folder with
four IDX files of MNIST's names (train-images-idx3-ubyte and so on, .gz or not).`,
		Example: `  ddpm data mnist

  # from files that are here already, .gz or not
  ddpm data fashion-mnist --from /usr/share/datasets/fashion-mnist`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: dataset.Names(),
		RunE: func(cmd *cobra.Command, args []string) error {
			source, err := dataset.Lookup(args[0])
			if err != nil {
				return &usageError{err}
			}
			if dir == "" {
				if dir, err = source.Dir(); err != nil {
					return err
				}
			}
			return getData(cmd, source, from, dir, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "take the files from this `folder` instead of the network")
	f.StringVar(&dir, "to", "", "keep them in this `folder` instead of your cache")
	f.BoolVar(&asJSON, "json", false, "print what is there as JSON on stdout")
	return cmd
}

// setNames says in a flag's help what a set may be.
func setNames() string { return strings.Join(dataset.Names(), ", ") + ", or a folder with IDX files" }

// dataResult is what `data --json` prints.
type dataResult struct {
	Name    string   `json:"name"`
	Folder  string   `json:"folder"`
	License string   `json:"license"`
	Classes []string `json:"classes"`
	Train   int      `json:"train"`
	Test    int      `json:"test"`
	Height  int      `json:"height"`
	Width   int      `json:"width"`
	Channel int      `json:"channels"`
}

func getData(cmd *cobra.Command, source *dataset.Source, from, dir string, asJSON bool) error {
	fetcher := dataset.Fetcher{Progress: downloadProgress(cmd)}
	var err error
	if from != "" {
		err = fetcher.Import(source, from, dir)
	} else {
		err = fetcher.Fetch(cmd.Context(), source, dir)
	}
	if err != nil {
		return err
	}
	train, err1 := source.Load(dir, dataset.Train)
	test, err2 := source.Load(dir, dataset.Test)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), dataResult{
			Name: source.Name, Folder: dir, License: source.License, Classes: source.Classes,
			Train: train.Len(), Test: test.Len(), Height: train.Height, Width: train.Width, Channel: train.Channels,
		})
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s (%s): %d pictures to train on and %d to test with, %d×%d×%d, in %s\n",
		source.Title, source.License, train.Len(), test.Len(), train.Height, train.Width, train.Channels, dir)
	return nil
}

// downloadProgress shows a bar for each file in turn.
func downloadProgress(cmd *cobra.Command) dataset.Progress {
	var bar *progressbar.ProgressBar
	var shown string
	return func(file string, done, total int64) {
		if file != shown {
			shown = file
			bar = progressbar.NewOptions64(total,
				progressbar.OptionSetWriter(cmd.ErrOrStderr()),
				progressbar.OptionSetVisibility(isTerminal(cmd.ErrOrStderr())),
				progressbar.OptionSetDescription(file),
				progressbar.OptionShowBytes(true),
				progressbar.OptionSetWidth(24),
				progressbar.OptionClearOnFinish(),
			)
		}
		// A bar that cannot be drawn is no reason to stop.
		_ = bar.Set64(done)
	}
}
