package dataset

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// Dir returns the folder in the user's cache in which a source's files are kept.
func (s *Source) Dir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("dataset: no place to keep %s: %w", s.Title, err)
	}
	return filepath.Join(cache, "ddpm", "data", s.Name), nil
}

// Load reads a split from a folder that holds the source's IDX files, gzipped
// or raw, and checks every file's MD5.
func (s *Source) Load(dir string, split Split) (*Dataset, error) {
	d, err := loadIDX(dir, s.files[split], s.Name)
	if err != nil {
		return nil, err
	}
	if most := slices.Max(d.Labels); int(most) >= len(s.Classes) {
		return nil, fmt.Errorf("dataset: a label of %s is %d; its classes are 0 to %d", s.Title, most, len(s.Classes)-1)
	}
	d.Classes = s.Classes
	return d, nil
}

// Open returns a split of a set by its name, from the user's cache; or, if name
// is a folder, from four IDX files of one's own in it, with MNIST's names, whose
// classes are the numbers up to the largest label.
func Open(name string, split Split) (*Dataset, error) {
	if s, err := Lookup(name); err == nil {
		dir, err := s.Dir()
		if err != nil {
			return nil, err
		}
		d, err := s.Load(dir, split)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("dataset: %s is not here yet; get it with: ddpm data %s (%w)", s.Title, s.Name, err)
		}
		return d, err
	}
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		_, err := Lookup(name)
		return nil, fmt.Errorf("%w; or give a folder with IDX files", err)
	}
	return OpenFolder(name, split)
}

// OpenFolder is Open of a folder with IDX files of one's own.
func OpenFolder(dir string, split Split) (*Dataset, error) {
	own := sources[0].files[split]
	own.images.md5, own.labels.md5 = "", ""
	d, err := loadIDX(dir, own, filepath.Base(filepath.Clean(dir)))
	if err != nil {
		return nil, err
	}
	for i := range int(slices.Max(d.Labels)) + 1 {
		d.Classes = append(d.Classes, strconv.Itoa(i))
	}
	return d, nil
}

func loadIDX(dir string, p pair, name string) (*Dataset, error) {
	shape, pixels, err := p.images.read(dir, imageDims)
	if err != nil {
		return nil, err
	}
	count, labels, err := p.labels.read(dir, labelDims)
	if err != nil {
		return nil, err
	}
	if count[0] != shape[0] {
		return nil, fmt.Errorf("dataset: in %s, %s has %d labels and %s has %d images; they do not belong together",
			dir, p.labels.name, count[0], p.images.name, shape[0])
	}
	return &Dataset{Name: name, Height: shape[1], Width: shape[2], Channels: 1, Pixels: pixels, Labels: labels}, nil
}

// find returns where in a folder the file is, gzipped or raw.
func (f file) find(dir string) (string, error) {
	for _, ext := range []string{".gz", ""} {
		path := filepath.Join(dir, f.name+ext)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", fmt.Errorf("dataset: %s has neither %s.gz nor %s: %w", dir, f.name, f.name, fs.ErrNotExist)
}

// read returns the file's content from a folder, checked.
func (f file) read(dir string, dims int) (shape []int, data []byte, err error) {
	path, err := f.find(dir)
	if err != nil {
		return nil, nil, err
	}
	r, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("dataset: %w", err)
	}
	defer r.Close()
	return f.check(r, path, dims)
}

// check reads a file that is called path in errors. What is wrong with its
// form is reported first, because it says more than a checksum.
func (f file) check(r io.Reader, path string, dims int) (shape []int, data []byte, err error) {
	r, err = gunzip(r)
	if err != nil {
		return nil, nil, fmt.Errorf("dataset: %s: %w", path, err)
	}
	sum := md5.New()
	shape, data, err = readIDX(io.TeeReader(r, sum), dims)
	if err != nil {
		return nil, nil, fmt.Errorf("dataset: %s: %w", path, err)
	}
	return shape, data, f.compare(sum, path)
}

func (f file) compare(sum hash.Hash, path string) error {
	if got := hex.EncodeToString(sum.Sum(nil)); f.md5 != "" && got != f.md5 {
		return fmt.Errorf("dataset: %s: the MD5 of its content is %s, and that of the real %s is %s: it was damaged on its way, or is another file of this name",
			path, got, f.name, f.md5)
	}
	return nil
}

// dims returns the dimensions that the file has by its name.
func (f file) dims(s *Source) int {
	for _, p := range s.files {
		if f == p.images {
			return imageDims
		}
	}
	return labelDims
}
