//go:build wasip1

package main

import (
	"errors"
	"strconv"
	"strings"
	"unsafe"

	"github.com/ddpm-go/ddpm/core/recipe"
)

// model is the open checkpoint.
var model struct {
	*recipe.Model
	size      uint32            // of its file
	predictor *recipe.Predictor // shared by Predict and all runs, which take turns
	eps       []float32         // of Predict, as is class
	class     [1]int
}

var errNoModel = errors.New("engine: there is no model yet, load one first")

// NameModel tells the loaded model recipe.Hash of its file, which browsers compute
// faster than Go does here and while the model is opened, and replies with its card as
// JSON. If it is empty the module computes it; the page still holds the file.
//
//go:wasmexport NameModel
func NameModel(hash string) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	hash = strings.Clone(hash)
	if hash == "" {
		var err error
		if hash, err = recipe.HashFrom(file{size: model.size, arrived: &model.size}, int64(model.size)); err != nil {
			return fail(err)
		}
	}
	model.SetHash(hash)
	return answer(cardJSON(model.Model))
}

func loaded(m *recipe.Model, n uint32, err error) int32 {
	if err != nil {
		return fail(err)
	}
	c := m.Net.Config()
	before := model.Model
	model.Model, model.size, model.predictor = m, n, m.NewPredictor(1)
	forgetExamples()
	model.eps = make([]float32, c.ImageSize*c.ImageSize*c.OutChannels)
	if before != nil {
		Collect() // the next model takes its room, and the module does not grow
	}
	return ok
}

// ParseRecipe checks a recipe against the model and replies with its fields and
// its canonical text as JSON. Keys that the text lacks have the model's defaults.
//
//go:wasmexport ParseRecipe
func ParseRecipe(text string) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	r, err := model.Parse(text, recipe.CountOnPage)
	if err != nil {
		return fail(err)
	}
	return answer(recipeJSON(r))
}

// Predict evaluates the network on one image x, [size][size][channels] float32
// in n bytes, at the paper's t, and replies with ε̂ in the same layout, whatever
// the network itself predicts. Class −1 is the null class.
//
//go:wasmexport Predict
func Predict(x unsafe.Pointer, n, t uint32, class int32) int32 {
	if model.Model == nil {
		return fail(errNoModel)
	}
	c := model.Net.Config()
	switch want := c.ImageSize * c.ImageSize * c.InChannels; {
	case int(n) != 4*want:
		return fail(errors.New("engine: an image of " + strconv.Itoa(int(n)) + " bytes, want " + strconv.Itoa(want) + " float32"))
	case t < 1 || int(t) > model.Timesteps:
		return fail(errors.New("engine: t = " + strconv.Itoa(int(t)) + ", want 1 to " + strconv.Itoa(model.Timesteps)))
	}
	if err := checkClass(class); err != nil {
		return fail(err)
	}
	model.class[0] = int(class)
	model.predictor.PredictEps(model.eps, floatsAt(x, n/4), int(t), model.class[:])
	return answer(model.eps)
}
