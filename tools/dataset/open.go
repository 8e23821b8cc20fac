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

// Load reads a split from a folder that holds the source's files, gzipped or raw,
// and checks them.
func (s *Source) Load(dir string, split Split) (*Dataset, error) {
	d, err := load(dir, s.files[split], s.Name)
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
			return nil, fmt.Errorf("dataset: %s is not here yet; %s (%w)", s.Title, s.howToGet(), err)
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
	own := slices.Clone(sources[0].files[split])
	for i := range own {
		own[i].md5 = ""
	}
	d, err := load(dir, own, filepath.Base(filepath.Clean(dir)))
	if err != nil {
		return nil, err
	}
	for i := range int(slices.Max(d.Labels)) + 1 {
		d.Classes = append(d.Classes, strconv.Itoa(i))
	}
	return d, nil
}

// load puts together what the files give.
func load(dir string, files []file, name string) (*Dataset, error) {
	d := &Dataset{Name: name}
	for _, f := range files {
		p, err := f.read(dir)
		if err != nil {
			return nil, err
		}
		if p.pixels != nil {
			d.Height, d.Width, d.Channels = p.height, p.width, p.channels
			d.Pixels = append(d.Pixels, p.pixels...)
		}
		d.Labels = append(d.Labels, p.labels...)
	}
	if images := len(d.Pixels) / d.Size(); images != d.Len() {
		return nil, fmt.Errorf("dataset: in %s there are %d labels and %d images; the files do not belong together", dir, d.Len(), images)
	}
	return d, nil
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
func (f file) read(dir string) (part, error) {
	path, err := f.find(dir)
	if err != nil {
		return part{}, err
	}
	r, err := os.Open(path)
	if err != nil {
		return part{}, fmt.Errorf("dataset: %w", err)
	}
	defer r.Close()
	return f.check(r, path)
}

// check reads a file that is called path in errors. What is wrong with its
// form is reported first, because it says more than a checksum.
func (f file) check(r io.Reader, path string) (part, error) {
	sum := md5.New()
	if f.packed {
		r = io.TeeReader(r, sum)
	}
	r, err := gunzip(r)
	if err != nil {
		return part{}, fmt.Errorf("dataset: %s: %w", path, err)
	}
	if !f.packed {
		r = io.TeeReader(r, sum)
	}
	p, err := f.form.read(r)
	if err != nil {
		return part{}, fmt.Errorf("dataset: %s: %w", path, err)
	}
	return p, f.compare(sum, path)
}

func (f file) compare(sum hash.Hash, path string) error {
	if got := hex.EncodeToString(sum.Sum(nil)); f.md5 != "" && got != f.md5 {
		return fmt.Errorf("dataset: %s: the MD5 of its content is %s, and that of the real %s is %s: it was damaged on its way, or is another file of this name",
			path, got, f.name, f.md5)
	}
	return nil
}
