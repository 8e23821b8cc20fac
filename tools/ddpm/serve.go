package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddpm-go/ddpm/wasm/site"
	"github.com/ddpm-go/ddpm/web"
)

type serveOptions struct {
	address, dir   string
	budget         float64
	renders, queue int
	cache, workers int
	rate           float64
	burst          int
	proxies        []string
	grace          time.Duration
}

func newServeCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the page, and pictures of recipes",
		Long: `Serves the built page, and under /r/<recipe>.png the pictures of a recipe, drawn
here; /r/<recipe> is the page opened at it, with what link previews show. A binary
that was built with the page inside ('make serve') needs nothing else; otherwise
--dir names the folder that 'make dist' wrote.

Drawing is bounded: by --budget for one picture, by --renders at a time and --queue
that wait, and by --rate for each client. Beyond that the answer is an error that
says so. Ctrl-C lets what is under way come to its end.`,
		Example: `  ddpm serve --addr :8080
  ddpm serve --dir web/dist --budget 200`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runServe(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.address, "addr", "localhost:8080", "`address` to listen on")
	f.StringVar(&o.dir, "dir", "", "`folder` of the built page (default: the one inside this binary, or web/dist)")
	f.Float64Var(&o.budget, "budget", site.DefaultBudget/1e9, "billions of multiply-adds that one picture may take")
	f.IntVar(&o.renders, "renders", 1, "pictures drawn at a time")
	f.IntVar(&o.queue, "queue", 64, "requests that may wait for that")
	f.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines that draw one picture")
	f.IntVar(&o.cache, "cache", 64, "megabytes of pictures to keep")
	f.Float64Var(&o.rate, "rate", 5, "pictures a second for each client, after the first --burst")
	f.IntVar(&o.burst, "burst", 20, "pictures that a client may ask for at once")
	f.StringSliceVar(&o.proxies, "proxy", nil, "`addresses` of reverse proxies, as 10.0.0.0/8 or 127.0.0.1: who comes through them is told apart by X-Forwarded-For")
	f.DurationVar(&o.grace, "grace", 10*time.Second, "how long requests may take to end after Ctrl-C")
	f.SortFlags = false
	return cmd
}

func (o serveOptions) check() error {
	switch {
	case !(o.budget > 0):
		return misuse("--budget is %g, want more than 0", o.budget)
	case o.renders < 1 || o.workers < 1:
		return misuse("--renders is %d and --workers %d, want at least 1", o.renders, o.workers)
	case o.queue < 0 || o.cache < 0:
		return misuse("--queue is %d and --cache %d, want at least 0", o.queue, o.cache)
	case !(o.rate > 0) || o.burst < 1:
		return misuse("--rate is %g and --burst %d, want more than 0", o.rate, o.burst)
	}
	return nil
}

// trusted reads the addresses of proxies.
func (o serveOptions) trusted() ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, text := range o.proxies {
		if address, err := netip.ParseAddr(text); err == nil {
			proxies = append(proxies, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, misuse("--proxy: %q is no address and no range of addresses, such as 127.0.0.1 or 10.0.0.0/8", text)
		}
		proxies = append(proxies, prefix)
	}
	return proxies, nil
}

// files finds the built page.
func (o serveOptions) files() (fs.FS, error) {
	if o.dir != "" {
		if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--dir: %s is not a folder", o.dir)
		}
		return os.DirFS(o.dir), nil
	}
	if inside := web.Dist(); inside != nil {
		return inside, nil
	}
	const built = "web/dist"
	if info, err := os.Stat(built); err == nil && info.IsDir() {
		return os.DirFS(built), nil
	}
	return nil, errors.New("this binary has no page inside, and there is no web/dist: run `make dist`, or name its folder with --dir")
}

func runServe(cmd *cobra.Command, o serveOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	proxies, err := o.trusted()
	if err != nil {
		return err
	}
	files, err := o.files()
	if err != nil {
		return err
	}
	handler, err := site.New(site.Options{
		Files: files, Budget: int64(o.budget * 1e9), Workers: o.workers, Renders: o.renders, Waiting: o.queue,
		Pictures: site.NewMemory(o.cache << 20),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.address)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	server := &http.Server{
		Handler:           site.LimitRate(handler, o.rate, o.burst, proxies),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	fmt.Fprintf(cmd.OutOrStdout(), "serving on http://%s\n", listener.Addr())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-cmd.Context().Done():
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "ending; what is under way is finished first")
	ctx, cancel := context.WithTimeout(context.Background(), o.grace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("requests were cut off after %s: %w", o.grace, err)
	}
	return nil
}
