package main

import (
	"bytes"
	"encoding/binary"
)

// orientation returns the EXIF orientation, 1 to 8, of a JPEG, PNG or WebP
// file: how the camera was held. It is 1 (upright) where the file does not say,
// or says nonsense, as browsers have it.
func orientation(file []byte) int {
	tiff := exif(file)
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		const tagOrientation, typeShort = 0x0112, 3
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			break
		}
		entries = entries[12:]
	}
	return 1
}

// exif finds the block of metadata, a TIFF file, in a picture file.
func exif(file []byte) []byte {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8")):
		return exifJPEG(file[2:])
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return chunk(file[8:], "eXIf", binary.BigEndian, true)
	case bytes.HasPrefix(file, []byte("RIFF")) && len(file) >= 12 && string(file[8:12]) == "WEBP":
		// Some writers keep the prefix that JPEG has.
		return bytes.TrimPrefix(chunk(file[12:], "EXIF", binary.LittleEndian, false), exifPrefix)
	}
	return nil
}

var exifPrefix = []byte("Exif\x00\x00")

// exifJPEG looks through the segments before the picture: 0xFF, marker, length
// (with itself), data.
func exifJPEG(b []byte) []byte {
	const app1, startOfScan = 0xe1, 0xda
	for len(b) >= 4 && b[0] == 0xff && b[1] != startOfScan {
		size := 2 + int(binary.BigEndian.Uint16(b[2:]))
		if size < 4 || size > len(b) {
			return nil
		}
		if data, ok := bytes.CutPrefix(b[4:size], exifPrefix); ok && b[1] == app1 {
			return data
		}
		b = b[size:]
	}
	return nil
}

// chunk returns the data of the first chunk of a kind. A PNG chunk is length,
// kind, data, checksum; a RIFF chunk is kind, length, data, padded to even.
func chunk(b []byte, kind string, order binary.ByteOrder, png bool) []byte {
	for len(b) >= 8 {
		length, name, after := b[4:8], b[:4], int64(0)
		if png {
			length, name, after = b[:4], b[4:8], 4
		}
		size := int64(order.Uint32(length))
		if !png {
			after = size & 1
		}
		if 8+size > int64(len(b)) {
			return nil
		}
		if string(name) == kind {
			return b[8 : 8+size]
		}
		b = b[min(8+size+after, int64(len(b))):]
	}
	return nil
}
