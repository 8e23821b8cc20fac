package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Progress is told how much of a file has come: total is −1 where the mirror
// does not say.
type Progress func(file string, done, total int64)

// Fetcher brings a source's files into a folder.
type Fetcher struct {
	Client   *http.Client // nil: http.DefaultClient
	Progress Progress     // nil: nobody is told
}

const partSuffix = ".part"

// Fetch downloads to dir the files that are not there, trying the mirrors in
// turn. A file appears under its name only whole and with the right MD5; what
// came before an interruption stays beside it and the next Fetch goes on from
// there. Files that are there already are checked too.
func (f Fetcher) Fetch(ctx context.Context, s *Source, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	lacking, err := s.lacking(dir)
	if err != nil || len(lacking) == 0 {
		return err
	}
	if len(s.mirrors) == 0 {
		return fmt.Errorf("dataset: nobody keeps %s for download; %s", s.Title, s.howToGet())
	}
	if s.archive != nil {
		if err := f.bring(ctx, s, []file{*s.archive}, dir); err != nil {
			return err
		}
		if err := s.unpack(dir, dir); err != nil {
			return err
		}
		return os.Remove(filepath.Join(dir, s.archive.name+".gz"))
	}
	return f.bring(ctx, s, lacking, dir)
}

// lacking lists the files that a folder does not have. Those that it has are whole.
func (s *Source) lacking(dir string) ([]file, error) {
	var list []file
	for _, file := range s.all() {
		switch _, err := file.read(dir); {
		case err == nil:
		case errors.Is(err, fs.ErrNotExist):
			list = append(list, file)
		default:
			return nil, fmt.Errorf("%w; remove it and try again", err)
		}
	}
	return list, nil
}

// howToGet says what brings the source's files.
func (s *Source) howToGet() string {
	if len(s.mirrors) > 0 {
		return "get it with: ddpm data " + s.Name
	}
	return s.made + ", then: ddpm data " + s.Name + " --from FOLDER"
}

// bring downloads files, from the first mirror that has them.
func (f Fetcher) bring(ctx context.Context, s *Source, files []file, dir string) error {
	for _, file := range files {
		var err error
		var failures []error
		for _, mirror := range s.mirrors {
			if err = f.download(ctx, file, mirror+file.name+".gz", dir); err == nil || ctx.Err() != nil {
				break
			}
			failures = append(failures, err)
		}
		if err != nil {
			return errors.Join(append(failures, ctx.Err(),
				fmt.Errorf("dataset: %s could not be had; if you have its files, use: ddpm data %s --from FOLDER", s.Title, s.Name))...)
		}
	}
	return nil
}

// download brings one file from one mirror. What an interruption left may be of
// another mirror, which compressed the file differently: if going on from it
// fails, it is done again from the start.
func (f Fetcher) download(ctx context.Context, file file, url, dir string) error {
	path := filepath.Join(dir, file.name+".gz")
	info, err := os.Stat(path + partSuffix)
	left := err == nil && info.Size() > 0
	err = f.complete(ctx, file, url, path)
	if left && errors.Is(err, errContent) {
		err = f.complete(ctx, file, url, path)
	}
	return err
}

// errContent is in the errors about a file that came whole and is wrong.
var errContent = errors.New("dataset: not the right content")

// complete brings what is lacking of path, checks it and gives it its name.
func (f Fetcher) complete(ctx context.Context, file file, url, path string) error {
	part, err := os.OpenFile(path+partSuffix, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	defer part.Close()
	if err := f.receive(ctx, part, url, file.name); err != nil {
		return err
	}
	if err := rewind(part); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if _, err := file.check(part, url); err != nil {
		// Nothing good can be built on it.
		return errors.Join(errContent, err, os.Remove(part.Name()))
	}
	if err := part.Close(); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return os.Rename(part.Name(), path)
}

// receive appends to part what it lacks of url.
func (f Fetcher) receive(ctx context.Context, part *os.File, url, name string) error {
	have, err := part.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	// Otherwise a transport may decompress on its own and hide the file's size.
	request.Header.Set("Accept-Encoding", "identity")
	if have > 0 {
		request.Header.Set("Range", "bytes="+strconv.FormatInt(have, 10)+"-")
	}
	client := f.Client
	if client == nil {
		client = http.DefaultClient
	}
	reply, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	defer reply.Body.Close()
	switch {
	case reply.StatusCode == http.StatusPartialContent &&
		strings.HasPrefix(reply.Header.Get("Content-Range"), "bytes "+strconv.FormatInt(have, 10)+"-"):
	case reply.StatusCode == http.StatusRequestedRangeNotSatisfiable && have > 0:
		return nil // all of it is here; the checksum will tell
	case reply.StatusCode == http.StatusOK:
		have = 0
		if err := errors.Join(part.Truncate(0), rewind(part)); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
	default:
		return fmt.Errorf("dataset: %s answered %q", url, reply.Status)
	}
	total := int64(-1)
	if reply.ContentLength >= 0 {
		total = have + reply.ContentLength
	}
	w := &reporter{w: part, name: name, done: have, total: total, tell: f.Progress}
	if _, err := io.Copy(w, io.LimitReader(reply.Body, idxLargest)); err != nil {
		return fmt.Errorf("dataset: %s broke off after %d bytes, which are kept: %w", url, w.done, err)
	}
	return nil
}

func rewind(f *os.File) error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// reporter is a writer that tells how far it is.
type reporter struct {
	w           io.Writer
	name        string
	done, total int64
	tell        Progress
}

func (r *reporter) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	r.done += int64(n)
	if r.tell != nil {
		r.tell(r.name, r.done, r.total)
	}
	return n, err
}

// Import copies a source's files from a folder, gzipped or raw, to dir, after
// the same checks.
func (f Fetcher) Import(s *Source, from, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	for _, file := range s.all() {
		_, err := file.read(from)
		if s.archive != nil && errors.Is(err, fs.ErrNotExist) {
			return s.importArchive(from, dir)
		}
		if err != nil {
			return err
		}
	}
	for _, file := range s.all() {
		path, err := file.find(from)
		if err != nil {
			return err
		}
		if err := f.copyFile(path, filepath.Join(dir, filepath.Base(path))); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
	}
	return nil
}

// importArchive takes a source's files from its archive.
func (s *Source) importArchive(from, dir string) error {
	if _, err := s.archive.read(from); err != nil {
		return err
	}
	return s.unpack(from, dir)
}

func (f Fetcher) copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return err
	}
	told := &reporter{w: io.Discard, name: filepath.Base(to), total: info.Size(), tell: f.Progress}
	return writeBeside(to, io.TeeReader(r, told))
}
