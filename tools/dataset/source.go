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

// Source is a set that has a name.
type Source struct {
	Name    string // by which it is asked for, "mnist"
	Title   string
	License string
	Classes []string
	mirrors []string // folders that hold the files, tried in turn
	made    string   // where there are no mirrors, how its files are made
	archive *file    // what mirrors have in place of the files themselves
	files   map[Split][]file
}

// file is one file of a source, on a mirror named name.gz, in a folder with or
// without the .gz. The MD5 is of the content, decompressed: mirrors compress the same
// content in different ways. Without an MD5, whatever has the right form will do.
type file struct {
	name, md5 string
	form      form
	packed    bool // the MD5 is of the compressed file instead
}

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
		files: map[Split][]file{
			Train: {
				{name: "train-images-idx3-ubyte", md5: "6bbc9ace898e44ae57da46a324031adb", form: idxImages{}},
				{name: "train-labels-idx1-ubyte", md5: "a25bea736e30d166cdddb491f175f624", form: idxLabels{}},
			},
			Test: {
				{name: "t10k-images-idx3-ubyte", md5: "2646ac647ad5339dbf082846283269ea", form: idxImages{}},
				{name: "t10k-labels-idx1-ubyte", md5: "27ae3e4e09519cfbb04c329615203637", form: idxLabels{}},
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
		files: map[Split][]file{
			Train: {
				{name: "train-images-idx3-ubyte", md5: "f4a8712d7a061bf5bd6d2ca38dc4d50a", form: idxImages{}},
				{name: "train-labels-idx1-ubyte", md5: "9018921c3c673c538a1fc5bad174d6f9", form: idxLabels{}},
			},
			Test: {
				{name: "t10k-images-idx3-ubyte", md5: "8181f5470baa50b63fa0f6fddb340f0a", form: idxImages{}},
				{name: "t10k-labels-idx1-ubyte", md5: "15d484375f8d13e6eb1aabb0c3f46965", form: idxLabels{}},
			},
		},
	},
	{
		Name:    "avatars",
		Title:   "pixel-art avatars",
		License: "CC0 1.0",
		Classes: avatarClasses(),
		made:    "make them with tools/avatars",
		files: map[Split][]file{
			Train: {{name: "train.bin", md5: "3061bd173025ccc197d44d68f65243f2", form: records{16, 16, 3, 50000}}},
			Test:  {{name: "test.bin", md5: "230e8683a2c9d2a4559a9e8603a6f9ce", form: records{16, 16, 3, 5000}}},
		},
	},
	{
		Name:    "cifar10",
		Title:   "CIFAR-10",
		License: "no licence is stated; for research, citing Krizhevsky, 2009",
		Classes: []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
		mirrors: []string{"https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"},
		archive: &file{name: "cifar-10-binary.tar", md5: "c32a1d4ab5d03f1284b67883e8d87530", form: archive{}, packed: true},
		files: map[Split][]file{
			Train: {cifarFile("data_batch_1"), cifarFile("data_batch_2"), cifarFile("data_batch_3"), cifarFile("data_batch_4"), cifarFile("data_batch_5")},
			Test:  {cifarFile("test_batch")},
		},
	},
}

// cifarFile is one of CIFAR-10's six. The archive's checksum covers them all; files of
// one's own in this form are welcome too.
func cifarFile(name string) file {
	return file{name: name + ".bin", form: records{32, 32, 3, 10000}}
}

// avatarClasses names the labels of the avatars: bit 0 is long hair, bit 1 glasses,
// bit 2 a hat.
func avatarClasses() []string {
	var names []string
	for label := range 8 {
		name := "short hair"
		if label&1 != 0 {
			name = "long hair"
		}
		if label&2 != 0 {
			name += " + glasses"
		}
		if label&4 != 0 {
			name += " + hat"
		}
		names = append(names, name)
	}
	return names
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
		files = append(files, s.files[split]...)
	}
	return files
}
