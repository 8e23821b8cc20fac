package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ddpm-go/ddpm/core/recipe"
)

// openModel opens a checkpoint to run it: one of ours, or a plain one with the
// config.json at configPath, or, where that is empty, the one beside it.
func openModel(path, configPath string) (*recipe.Model, error) {
	return openModelAs(recipe.Options{}, path, configPath)
}

// openModelAs is openModel for other ends.
func openModelAs(o recipe.Options, path, configPath string) (*recipe.Model, error) {
	file, err := readFile(path, "model")
	if err != nil {
		return nil, err
	}
	if configPath != "" {
		return openPlain(o, path, configPath, file)
	}
	m, err := o.Open(file)
	if errors.Is(err, recipe.ErrPlain) {
		beside := filepath.Join(filepath.Dir(path), "config.json")
		if _, missing := os.Stat(beside); missing != nil {
			return nil, fmt.Errorf("%s: the file says nothing of its network, and there is no config.json beside it; name one with --config", path)
		}
		return openPlain(o, path, beside, file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func openPlain(o recipe.Options, path, configPath string, file []byte) (*recipe.Model, error) {
	config, err := readFile(configPath, "config")
	if err != nil {
		return nil, err
	}
	m, err := o.OpenPlain(file, config)
	if err != nil {
		return nil, fmt.Errorf("%s with %s: %w", path, configPath, err)
	}
	return m, nil
}
