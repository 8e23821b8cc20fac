package evaluate

import (
	_ "embed" // for the weights
	"sync"
)

//go:embed classifiers/digits.safetensors
var digits []byte

// Digits is the classifier for MNIST digits; classifiers/digits.md is its card.
var Digits = sync.OnceValue(func() Judge {
	c, card, err := OpenClassifier(digits)
	if err != nil {
		panic("evaluate: the embedded classifier does not open")
	}
	return Judge{Classifier: c, Card: card}
})
