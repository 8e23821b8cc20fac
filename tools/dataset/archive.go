package dataset

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// archive is a tar file in which mirrors keep all files of a source.
type archive struct{}

// read goes through all of it, so that its end and its checksum are seen.
func (archive) read(r io.Reader) (part, error) {
	t := tar.NewReader(r)
	for {
		switch _, err := t.Next(); {
		case errors.Is(err, io.EOF):
			_, err := io.Copy(io.Discard, r) // what pads it
			return part{}, err
		case err != nil:
			return part{}, fmt.Errorf("it is no tar file, or damaged: %w", err)
		}
	}
}

// unpack writes to dir the source's files from its archive in the folder from, in
// whatever folder of the archive they are.
func (s *Source) unpack(from, dir string) error {
	at, err := s.archive.find(from)
	if err != nil {
		return err
	}
	f, err := os.Open(at)
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	defer f.Close()
	r, err := gunzip(f)
	if err != nil {
		return fmt.Errorf("dataset: %s: %w", at, err)
	}
	lacking := map[string]bool{}
	for _, file := range s.all() {
		lacking[file.name] = true
	}
	t := tar.NewReader(r)
	for len(lacking) > 0 {
		header, err := t.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("dataset: %s does not have all files of %s", at, s.Title)
		}
		if err != nil {
			return fmt.Errorf("dataset: %s: %w", at, err)
		}
		name := path.Base(header.Name)
		if header.Typeflag != tar.TypeReg || !lacking[name] {
			continue
		}
		if err := writeBeside(filepath.Join(dir, name), t); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
		delete(lacking, name)
	}
	return nil
}

// writeBeside writes a file that has its name only once it is whole.
func writeBeside(path string, r io.Reader) error {
	w, err := os.Create(path + partSuffix)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.Rename(path+partSuffix, path)
}
