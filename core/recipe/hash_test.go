package recipe

import (
	reference "crypto/sha256"
	"encoding/hex"
	"testing"
)

func TestSHA256(t *testing.T) {
	data := make([]byte, 300)
	for i := range data {
		data[i] = byte(i*i + 7*i)
	}
	for n := range data {
		if got, want := sha256(data[:n]), reference.Sum256(data[:n]); got != want {
			t.Fatalf("%d bytes: %x, want %x", n, got, want)
		}
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
		sha256(data)
	}
}
