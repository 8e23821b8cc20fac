package recipe

import (
	"errors"
	"io"
	"math/bits"
)

// Hash names a checkpoint: the first 12 hex digits of the SHA-256 of its bytes.
func Hash(file []byte) string {
	d := sha256{h: sha256Start}
	d.write(file)
	return d.name()
}

// HashFrom is Hash of a file of so many bytes that stays where it is.
func HashFrom(r io.ReaderAt, size int64) (string, error) {
	d := sha256{h: sha256Start}
	held := make([]byte, min(size, 1<<16))
	for at := int64(0); at < size; at += int64(len(held)) {
		held = held[:min(size-at, int64(len(held)))]
		if n, err := r.ReadAt(held, at); n < len(held) {
			return "", errors.New("model: the file cannot be read: " + err.Error())
		}
		d.write(held)
	}
	return d.name(), nil
}

// sha256 is FIPS 180-4's. The standard library's would add 90 KB (gzip) to the
// browser module, for self-tests and modes that have no use there.
type sha256 struct {
	h      [8]uint32
	length int // of what was written
	tail   [64]byte
}

var sha256Start = [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}

// write takes data, which is whole blocks but for the last time.
func (d *sha256) write(data []byte) {
	if d.length%64 != 0 {
		panic("recipe: a hash went on after its end")
	}
	d.length += len(data)
	for len(data) >= 64 {
		sha256Block(&d.h, data[:64])
		data = data[64:]
	}
	copy(d.tail[:], data)
}

func (d *sha256) sum() (sum [32]byte) {
	h, n := d.h, d.length%64
	var last [128]byte
	copy(last[:], d.tail[:n])
	last[n] = 0x80
	end := 64
	if n >= 56 { // no room left for the length
		end = 128
	}
	length := uint64(d.length) * 8
	for i := range 8 {
		last[end-1-i] = byte(length >> (8 * i))
	}
	for i := 0; i < end; i += 64 {
		sha256Block(&h, last[i:i+64])
	}
	for i, v := range h {
		sum[4*i], sum[4*i+1], sum[4*i+2], sum[4*i+3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
	}
	return sum
}

func (d *sha256) name() string {
	sum := d.sum()
	const digits = "0123456789abcdef"
	var name [hashDigits]byte
	for i := range name {
		name[i] = digits[sum[i/2]>>(4*(1-i%2))&15]
	}
	return string(name[:])
}

func sha256Block(h *[8]uint32, block []byte) {
	var w [64]uint32
	for i := range 16 {
		p := block[4*i : 4*i+4]
		w[i] = uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])
	}
	for i := 16; i < 64; i++ {
		v, u := w[i-2], w[i-15]
		w[i] = (bits.RotateLeft32(v, -17) ^ bits.RotateLeft32(v, -19) ^ v>>10) + w[i-7] +
			(bits.RotateLeft32(u, -7) ^ bits.RotateLeft32(u, -18) ^ u>>3) + w[i-16]
	}
	a, b, c, d, e, f, g, hh := h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]
	for i := range 64 {
		t1 := hh + (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)) +
			(e&f ^ ^e&g) + sha256K[i] + w[i]
		t2 := (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) +
			(a&b ^ a&c ^ b&c)
		a, b, c, d, e, f, g, hh = t1+t2, a, b, c, d+t1, e, f, g
	}
	for i, v := range [8]uint32{a, b, c, d, e, f, g, hh} {
		h[i] += v
	}
}

// sha256K is the fractional parts of the cube roots of the first 64 primes.
var sha256K = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}
