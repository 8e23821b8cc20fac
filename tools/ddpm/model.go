package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ddpm-go/ddpm/core/recipe"
)

// openModel opens a checkpoint of ours, or a plain one with the config.json at
// configPath, or, where that is empty, the one beside it.
func openModel(path, configPath string) (*recipe.Model, error) {
	file, err := readFile(path, "model")
	if err != nil {
		return nil, err
	}
	if configPath != "" {
		return openPlain(path, configPath, file)
	}
	m, err := recipe.Open(file)
	if errors.Is(err, recipe.ErrPlain) {
		beside := filepath.Join(filepath.Dir(path), "config.json")
		if _, missing := os.Stat(beside); missing != nil {
			return nil, fmt.Errorf("%s: the file says nothing of its network, and there is no config.json beside it; name one with --config", path)
		}
		return openPlain(path, beside, file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func openPlain(path, configPath string, file []byte) (*recipe.Model, error) {
	config, err := readFile(configPath, "config")
	if err != nil {
		return nil, err
	}
	m, err := recipe.OpenPlain(file, config)
	if err != nil {
		return nil, fmt.Errorf("%s with %s: %w", path, configPath, err)
	}
	return m, nil
}
