package main

import (
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// drawn is a picture whose every pixel differs.
func drawn(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x * 7), uint8(y * 11), uint8(x + y), 255})
		}
	}
	return m
}

func savePNG(t *testing.T, m image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.png")
	if err := writePNG(path, m); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNoiseFollowsTheFormula(t *testing.T) {
	in := savePNG(t, drawn(20, 12))
	out := filepath.Join(t.TempDir(), "noised.safetensors")
	for _, c := range []struct {
		schedule string
		t        int
	}{{"cosine", 0}, {"cosine", 300}, {"linear", 1}, {"linear", 1000}, {"logsnr:9,3,-9", 500}} {
		report := ok(t, "noise", "--in", in, "--schedule", c.schedule, "--t", strconv.Itoa(c.t), "--seed", "7", "--out", out, "--json")
		s, err := schedule.New(c.schedule, 1000)
		if err != nil {
			t.Fatal(err)
		}
		var r noiseReport
		if err := json.Unmarshal([]byte(report), &r); err != nil || r.AlphaBar != s.AlphaBar[c.t] || r.Width != 20 || r.Height != 12 || (r.SNR == nil) != (c.t == 0) {
			t.Errorf("report %s, %v", report, err)
		}
		f := parse(t, out)
		x0, shape, err := f.Float32("x0")
		if err != nil || !slices.Equal(shape, []int{12, 20, 3}) {
			t.Fatalf("x0 %v %v", shape, err)
		}
		eps, _, err := f.Float32("eps")
		if err != nil {
			t.Fatal(err)
		}
		xt, _, err := f.Float32("xt")
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float32, len(eps))
		noise.Normal(want, 7, noise.Forward, 0, 0)
		if !slices.Equal(eps, want) {
			t.Error("ε is not the page's")
		}
		if got, want := x0[(5*20+3)*3:(5*20+4)*3], []float32{21/127.5 - 1, 55/127.5 - 1, 8/127.5 - 1}; !slices.Equal(got, want) {
			t.Errorf("pixel (3, 5) is %v, want %v", got, want)
		}
		for i := range xt {
			exact := math.Sqrt(s.AlphaBar[c.t])*float64(x0[i]) + math.Sqrt(1-s.AlphaBar[c.t])*float64(eps[i])
			if math.Abs(float64(xt[i])-exact) > 1e-6*max(1, math.Abs(exact)) {
				t.Fatalf("t = %d: x_t[%d] = %v, want %v", c.t, i, xt[i], exact)
			}
		}
	}
	alone(t, out)
}

func TestNoiseAtZeroIsThePicture(t *testing.T) {
	want := drawn(9, 5)
	out := filepath.Join(t.TempDir(), "same.png")
	if text := ok(t, "noise", "--in", savePNG(t, want), "--t", "0", "--out", out); !strings.Contains(text, "9×5 at t = 0") {
		t.Errorf("output %q", text)
	}
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 5 {
		for x := range 9 {
			if g, w := color.NRGBAModel.Convert(got.At(x, y)), want.NRGBAAt(x, y); g != w {
				t.Fatalf("pixel (%d, %d) is %v, want %v", x, y, g, w)
			}
		}
	}
}

func TestPicturesAreScaledDown(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{1024, 10, 1024, 10}, {1025, 10, 1024, 10}, {3000, 1500, 1024, 512}, {10, 2048, 5, 1024}, {5000, 1, 1024, 1},
	} {
		m := flatten(image.NewGray(image.Rect(0, 0, c.w, c.h)))
		if m.Rect.Dx() != c.wantW || m.Rect.Dy() != c.wantH {
			t.Errorf("%d×%d becomes %v, want %d×%d", c.w, c.h, m.Rect.Size(), c.wantW, c.wantH)
		}
	}
}

func TestTransparencyIsWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	m.SetNRGBA(1, 0, color.NRGBA{0, 0, 0, 128})
	got, err := readPicture(savePNG(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if b := rgb(got); !slices.Equal(b, []byte{255, 255, 255, 127, 127, 127}) {
		t.Errorf("bytes %v", b)
	}
}

func TestGIFsFirstFrame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gif")
	palette := color.Palette{color.RGBA{1, 2, 3, 255}, color.RGBA{200, 100, 50, 255}}
	first := image.NewPaletted(image.Rect(1, 0, 3, 2), palette) // of a screen of 3×2
	second := image.NewPaletted(image.Rect(0, 0, 3, 2), palette)
	first.Pix[3] = 1
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	animation := &gif.GIF{Image: []*image.Paletted{first, second}, Delay: []int{1, 1}, Config: image.Config{ColorModel: palette, Width: 3, Height: 2}}
	if err := gif.EncodeAll(file, animation); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := readPicture(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []byte{255, 255, 255, 1, 2, 3, 1, 2, 3, 255, 255, 255, 1, 2, 3, 200, 100, 50}
	if b := rgb(m); m.Rect.Dx() != 3 || !slices.Equal(b, want) {
		t.Errorf("%v bytes %v", m.Rect, b)
	}
}

func TestWebP(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.webp") // one lossless pixel
	write(t, path, []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	m, err := readPicture(path)
	if err != nil || m.Rect.Dx() != 1 || m.Rect.Dy() != 1 {
		t.Errorf("%v, %v", m, err)
	}
}

func TestBadPictures(t *testing.T) {
	var bomb = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00")
	whole, err := os.ReadFile(savePNG(t, drawn(40, 40)))
	if err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string][]byte{
		"is not a picture this program reads": []byte("hello"),
		"cannot read":                         nil,
		"is damaged":                          whole[:len(whole)/2],
		"not a picture":                       bomb, // the checksum is wrong, too
	} {
		path := filepath.Join(t.TempDir(), "bad.png")
		if data != nil {
			write(t, path, data)
		}
		if _, err := readPicture(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
