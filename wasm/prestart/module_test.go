package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
)

// TestSegments puts memory together again from its segments.
func TestSegments(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	memory := make([]byte, 3*pageSize)
	for range 200 { // islands in a sea of zeros, some of them near each other
		at := r.IntN(len(memory) - 64)
		for i := range r.IntN(64) {
			memory[at+i] = byte(r.Uint32())
		}
	}
	memory[0], memory[len(memory)-1] = 1, 1
	again := make([]byte, len(memory))
	list := reader{segments(memory)}
	n, err := list.unsigned()
	if err != nil || n < 2 {
		t.Fatalf("%d segments, %v", n, err)
	}
	last := 0
	for range n {
		head, _ := list.take(2)
		at, _ := list.signed()
		over, _ := list.byte()
		content, err := list.sized()
		if err != nil || head[0] != 0 || head[1] != i32Const || over != end {
			t.Fatalf("a segment begins % x … %x, %v", head, over, err)
		}
		if int(at) < last {
			t.Fatalf("a segment at %d, after one that ends at %d", at, last)
		}
		last = copy(again[at:], content) + int(at)
	}
	if len(list.rest) > 0 || !bytes.Equal(again, memory) {
		t.Errorf("%d bytes left, equal: %v", len(list.rest), bytes.Equal(again, memory))
	}
}

func TestSigned(t *testing.T) {
	for _, v := range []int64{0, 1, 63, 64, -1, -64, -65, 127, 128, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64} {
		r := reader{appendSigned(nil, v)}
		if got, err := r.signed(); got != v || err != nil || len(r.rest) > 0 {
			t.Errorf("%d became %d, %v, %d bytes left", v, got, err, len(r.rest))
		}
	}
}

func TestRefusesWhatIsNoModule(t *testing.T) {
	for _, raw := range [][]byte{nil, []byte("<!doctype html>"), magic, append(bytes.Clone(magic), 5, 200), append(bytes.Clone(magic), 5, 0x80)} {
		if _, err := parse(raw); err == nil {
			t.Errorf("% x is taken for a module", raw)
		}
	}
}
