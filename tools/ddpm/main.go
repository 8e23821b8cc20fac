// Command ddpm trains, samples and measures denoising diffusion models (Ho et
// al., 2020) on the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes.
const (
	exitFailed      = 1
	exitMisused     = 2   // the command line itself is wrong
	exitInterrupted = 130 // as shells report Ctrl-C
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: it returns the exit code, and tells an error in one
// line on stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "%s: %v\n", cmd.CommandPath(), err)
	var misuse *usageError
	switch {
	case errors.As(err, &misuse):
		fmt.Fprintf(stderr, "Try '%s --help'.\n", cmd.CommandPath())
		return exitMisused
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitFailed
}

// usageError is a fault of the command line, as against one of a file.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// misuse makes a usageError.
func misuse(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}
