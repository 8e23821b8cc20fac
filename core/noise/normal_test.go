package noise

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// TestNormalBits pins every bit of a million values. It is the same on amd64
// (any GOAMD64), arm64 and WASM; a change here changes every picture ever
// shared as a recipe.
func TestNormalBits(t *testing.T) {
	dst := make([]float32, 1_000_000)
	Normal(dst, 0x0123456789ABCDEF, Forward, 3, 500)
	h := sha256.New()
	var b [4]byte
	for _, z := range dst {
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(z))
		h.Write(b[:])
	}
	const want = "5db1bb4a36288cc16e98e193c51ae4ab358c5e6a5deba6628af2dbc2c002f56e"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("sha256 of the bits is %s, want %s", got, want)
	}
}

// TestNormalFormula recomputes the package comment's formula with math's
// functions, from Philox4x32's words.
func TestNormalFormula(t *testing.T) {
	const n = 100_000
	dst := make([]float32, n)
	Normal(dst, 42<<32|7, Reverse, 9, 1000)
	wrong := 0
	for i := 0; i < n; i += 2 {
		w := Philox4x32([4]uint32{uint32(i / 4), 1000, 9, uint32(Reverse)}, [2]uint32{7, 42})
		wr, wa := w[i%4], w[i%4+1]
		r := math.Sqrt(-2 * math.Log((float64(wr)+0.5)/(1<<32)))
		sin, cos := math.Sincos(2 * math.Pi * (float64(wa) + 0.5) / (1 << 32))
		for j, want := range []float64{r * cos, r * sin} {
			got := dst[i+j]
			if math.Abs(float64(got)-want) > 1.3e-7*math.Abs(want)+1e-15 {
				t.Fatalf("element %d: got %v, want %v", i+j, got, want)
			}
			if got != float32(want) {
				wrong++
			}
		}
	}
	if wrong > n/10_000 {
		t.Errorf("%d of %d values are not the correctly rounded ones", wrong, n)
	}
}

func TestNormalPrefix(t *testing.T) {
	whole := make([]float32, 41)
	Normal(whole, 5, Initial, 2, 0)
	for n := range whole {
		part := make([]float32, n+1)
		part[n] = 99
		Normal(part[:n:n], 5, Initial, 2, 0)
		for i := range n {
			if part[i] != whole[i] {
				t.Fatalf("element %d of %d is %v, want %v", i, n, part[i], whole[i])
			}
		}
		if part[n] != 99 {
			t.Fatalf("filling %d elements wrote one more", n)
		}
	}
}

func TestNormalAllocates(t *testing.T) {
	dst := make([]float32, 1001)
	if n := testing.AllocsPerRun(10, func() { Normal(dst, 1, Forward, 0, 1) }); n != 0 {
		t.Errorf("Normal allocates %v times", n)
	}
}

func BenchmarkNormal(b *testing.B) {
	dst := make([]float32, 1<<16)
	b.SetBytes(4 << 16)
	for b.Loop() {
		Normal(dst, 7, Forward, 0, 0)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(1<<16), "ns/value")
}
