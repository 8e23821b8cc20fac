package evaluate

import (
	"embed"
	"sync"
)

//go:embed classifiers/*.safetensors
var files embed.FS

// builtIn are the classifiers that come with the program, by the set that each was
// trained on; beside each file lies its card.
var builtIn = sync.OnceValue(func() map[string]Judge {
	const dir = "classifiers"
	entries, err := files.ReadDir(dir)
	if err != nil {
		panic("evaluate: the embedded classifiers cannot be listed")
	}
	judges := map[string]Judge{}
	for _, e := range entries {
		file, err := files.ReadFile(dir + "/" + e.Name())
		if err != nil {
			panic("evaluate: an embedded classifier cannot be read")
		}
		c, card, err := OpenClassifier(file)
		if err != nil {
			panic("evaluate: an embedded classifier does not open")
		}
		judges[card.Data] = Judge{Classifier: c, Card: card}
	}
	return judges
})

// BuiltIn returns the classifier for a set, by the set's name, if one comes with the
// program.
func BuiltIn(set string) (Judge, bool) {
	j, ok := builtIn()[set]
	return j, ok
}

// Digits is the classifier for MNIST digits.
func Digits() Judge {
	j, ok := BuiltIn("mnist")
	if !ok {
		panic("evaluate: the classifier for digits is missing")
	}
	return j
}
