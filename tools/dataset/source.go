package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// Split is a part of a set.
type Split string

// The splits: what a model sees, and what it is measured on.
const (
	Train Split = "train"
	Test  Split = "test"
)

// Source is a set that the public keeps on mirrors.
type Source struct {
	Name    string // by which it is asked for, "mnist"
	Title   string
	License string
	Classes []string
	mirrors []string // folders that hold the files, tried in turn
	files   map[Split]pair
}

// pair is the two IDX files of a split.
type pair struct{ images, labels file }

// file is one file of a source, on a mirror and in a folder named name.gz. The
// MD5 is of the content, decompressed: mirrors compress the same content in
// different ways.
type file struct{ name, md5 string }

var sources = []*Source{
	{
		Name:    "mnist",
		Title:   "MNIST",
		License: "CC BY-SA 3.0",
		Classes: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
		mirrors: []string{
			"https://ossci-datasets.s3.amazonaws.com/mnist/",
			"https://storage.googleapis.com/cvdf-datasets/mnist/",
		},
		files: map[Split]pair{
			Train: {
				file{"train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"},
				file{"train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"},
			},
			Test: {
				file{"t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"},
				file{"t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"},
			},
		},
	},
	{
		Name:    "fashion-mnist",
		Title:   "Fashion-MNIST",
		License: "MIT",
		Classes: []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"},
		mirrors: []string{
			"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
			"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
		},
		files: map[Split]pair{
			Train: {
				file{"train-images-idx3-ubyte", "f4a8712d7a061bf5bd6d2ca38dc4d50a"},
				file{"train-labels-idx1-ubyte", "9018921c3c673c538a1fc5bad174d6f9"},
			},
			Test: {
				file{"t10k-images-idx3-ubyte", "8181f5470baa50b63fa0f6fddb340f0a"},
				file{"t10k-labels-idx1-ubyte", "15d484375f8d13e6eb1aabb0c3f46965"},
			},
		},
	},
}

// Names returns the names that Lookup knows.
func Names() []string {
	var names []string
	for _, s := range sources {
		names = append(names, s.Name)
	}
	return names
}

// Lookup returns the source of a name.
func Lookup(name string) (*Source, error) {
	i := slices.IndexFunc(sources, func(s *Source) bool { return s.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("dataset: no set is called %q; known are %s", name, strings.Join(Names(), ", "))
	}
	return sources[i], nil
}

// all returns the source's files in a fixed order.
func (s *Source) all() []file {
	var files []file
	for _, split := range []Split{Train, Test} {
		p := s.files[split]
		files = append(files, p.images, p.labels)
	}
	return files
}
