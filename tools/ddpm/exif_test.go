package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"testing"
)

// tiff is EXIF metadata that says nothing but an orientation.
func tiff(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	b := []byte(mark)
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8) // the directory is next
	b = order.AppendUint16(b, 2) // entries
	for _, tag := range []uint16{0x010f, 0x0112} {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, orientation)
		b = order.AppendUint16(b, 0)
	}
	return b
}

func jpegWith(t *testing.T, exif []byte) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 16, 8))
	for y := range 8 {
		for x := range 8 {
			m.SetGray(x, y, color.Gray{255}) // the left half is white
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	segment := []byte{0xff, 0xe0, 0, 4, 'J', 'F'} // another one first
	segment = append(segment, 0xff, 0xe1)
	segment = binary.BigEndian.AppendUint16(segment, uint16(2+6+len(exif)))
	segment = append(append(segment, "Exif\x00\x00"...), exif...)
	return slices.Concat(b.Bytes()[:2], segment, b.Bytes()[2:])
}

func TestOrientation(t *testing.T) {
	little := tiff(binary.LittleEndian, "II", 6)
	big := tiff(binary.BigEndian, "MM", 8)
	png := slices.Concat([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x02IHDRxxcccc"), binary.BigEndian.AppendUint32(nil, uint32(len(big))), []byte("eXIf"), big, []byte("cccc"))
	webp := slices.Concat([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x03\x00\x00\x00xxxpEXIF"), binary.LittleEndian.AppendUint32(nil, uint32(len(little))), little)
	for name, c := range map[string]struct {
		file []byte
		want int
	}{
		"JPEG":              {jpegWith(t, little), 6},
		"JPEG, big-endian":  {jpegWith(t, big), 8},
		"PNG":               {png, 8},
		"WebP":              {webp, 6},
		"none":              {[]byte("GIF89a"), 1},
		"orientation 9":     {jpegWith(t, tiff(binary.LittleEndian, "II", 9)), 1},
		"unknown byteorder": {jpegWith(t, tiff(binary.LittleEndian, "XX", 6)), 1},
	} {
		if got := orientation(c.file); got != c.want {
			t.Errorf("%s: orientation %d, want %d", name, got, c.want)
		}
		for n := range c.file { // no length of it makes it panic
			orientation(c.file[:n])
		}
	}
}

// A camera held in each of eight ways takes the same picture: turned upright,
// they are equal. Pixels are numbered 0 1 2 / 3 4 5.
func TestUpright(t *testing.T) {
	for o, c := range map[int]struct {
		w, h int
		pix  []byte
	}{
		1: {3, 2, []byte{0, 1, 2, 3, 4, 5}},
		2: {3, 2, []byte{2, 1, 0, 5, 4, 3}},
		3: {3, 2, []byte{5, 4, 3, 2, 1, 0}},
		4: {3, 2, []byte{3, 4, 5, 0, 1, 2}},
		5: {2, 3, []byte{0, 3, 1, 4, 2, 5}},
		6: {2, 3, []byte{2, 5, 1, 4, 0, 3}},
		7: {2, 3, []byte{5, 2, 4, 1, 3, 0}},
		8: {2, 3, []byte{3, 0, 4, 1, 5, 2}},
	} {
		stored := image.NewRGBA(image.Rect(0, 0, c.w, c.h))
		for i, v := range c.pix {
			stored.SetRGBA(i%c.w, i/c.w, color.RGBA{v, 0, 0, 255})
		}
		got := upright(stored, o)
		if got.Rect.Dx() != 3 || got.Rect.Dy() != 2 {
			t.Errorf("orientation %d: %v", o, got.Rect)
			continue
		}
		for i := range 6 {
			if v := got.RGBAAt(i%3, i/3).R; v != byte(i) {
				t.Errorf("orientation %d: pixel %d is %d", o, i, v)
			}
		}
	}
}

func TestReadPictureTurnsUpright(t *testing.T) {
	path := t.TempDir() + "/turned.jpg"
	write(t, path, jpegWith(t, tiff(binary.BigEndian, "MM", 6))) // 16×8, white on the left
	m, err := readPicture(path)
	if err != nil {
		t.Fatal(err)
	}
	if m.Rect.Dx() != 8 || m.Rect.Dy() != 16 || m.RGBAAt(4, 2).R < 250 || m.RGBAAt(4, 13).R > 5 {
		t.Errorf("%v, top %v, bottom %v; want 8×16, white on top", m.Rect, m.RGBAAt(4, 2), m.RGBAAt(4, 13))
	}
}
