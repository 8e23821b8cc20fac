package recipe

import (
	"bytes"
	reference "crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

func TestSHA256(t *testing.T) {
	data := make([]byte, 300)
	for i := range data {
		data[i] = byte(i*i + 7*i)
	}
	for n := range data {
		d := sha256{h: sha256Start}
		d.write(data[:n/128*64]) // some whole blocks, and the rest
		d.write(data[n/128*64 : n])
		if got, want := d.sum(), reference.Sum256(data[:n]); got != want {
			t.Fatalf("%d bytes: %x, want %x", n, got, want)
		}
	}
	long := make([]byte, 3<<16+5)
	copy(long, data)
	for _, data := range [][]byte{nil, data, long[:1<<16], long} {
		if got, err := HashFrom(bytes.NewReader(data), int64(len(data))); err != nil || got != Hash(data) {
			t.Errorf("%d bytes from a reader: %s, %v, want %s", len(data), got, err, Hash(data))
		}
	}
	if _, err := HashFrom(bytes.NewReader(data), 301); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a file that is shorter than it was said to be: error %v", err)
	}
	sum := reference.Sum256(data)
	if got, want := Hash(data), hex.EncodeToString(sum[:6]); got != want {
		t.Errorf("Hash %s, want %s", got, want)
	}
}

func BenchmarkSHA256(b *testing.B) {
	data := make([]byte, 1<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Hash(data)
	}
}
