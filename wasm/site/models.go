package site

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"sync"

	"github.com/ddpm-go/ddpm/core/recipe"
)

// ModelFile is one of the build's checkpoints, as models.json lists them; the first is
// meant where a recipe names none.
type ModelFile struct {
	Name string `json:"name"`
	Hash string `json:"hash"` // as recipes have it
	File string `json:"file"`
}

// models are the checkpoints of a build, opened when they are first needed.
type models struct{ list []*openable }

type openable struct {
	ModelFile
	open func() (*recipe.Model, error)
}

func readModels(files fs.FS) (models, error) {
	text, err := fs.ReadFile(files, "models.json")
	if err != nil {
		return models{}, errors.New("site: there is no models.json: build the page with `make dist`")
	}
	var list []ModelFile
	if err := json.Unmarshal(text, &list); err != nil {
		return models{}, errors.New("site: models.json: " + err.Error())
	}
	if len(list) == 0 {
		return models{}, errors.New("site: models.json lists no models")
	}
	var m models
	for _, f := range list {
		m.list = append(m.list, &openable{f, sync.OnceValues(func() (*recipe.Model, error) {
			content, err := fs.ReadFile(files, f.File)
			if err != nil {
				return nil, errors.New("site: the weights of " + f.Name + " cannot be read")
			}
			return recipe.Options{Hash: f.Hash}.Open(content)
		})})
	}
	return m, nil
}

// errUnknownModel is a recipe's that asks for a network that is not here.
type errUnknownModel struct{ asked, have string }

func (e errUnknownModel) Error() string {
	return "model: " + e.asked + " is not a network of this site; it has " + e.have
}

// parse reads a recipe, which may leave out the model, and opens what it needs.
func (m models) parse(text string) (*recipe.Model, recipe.Recipe, error) {
	chosen := m.list[0]
	if values, err := url.ParseQuery(text); err == nil && values.Get("model") != "" {
		asked, have := values.Get("model"), ""
		chosen = nil
		for _, o := range m.list {
			if o.Hash == asked {
				chosen = o
			}
			if have != "" {
				have += ", "
			}
			have += o.Hash + " (" + o.Name + ")"
		}
		if chosen == nil {
			return nil, recipe.Recipe{}, errUnknownModel{asked, have}
		}
	}
	model, err := chosen.open()
	if err != nil {
		return nil, recipe.Recipe{}, err
	}
	r, err := model.Parse(text, recipe.CountOnPage)
	return model, r, err
}
