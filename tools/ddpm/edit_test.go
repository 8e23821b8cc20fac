package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// halves is a mask of the small model's size: white on the right.
func halves(t *testing.T) string {
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for y := range 8 {
		for x := 4; x < 8; x++ {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	return savePNG(t, m)
}

func grey(t *testing.T, side int, value func(x, y int) uint8) string {
	m := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			m.SetGray(x, y, color.Gray{value(x, y)})
		}
	}
	return savePNG(t, m)
}

// drawnImages returns the images of a file that an edit wrote.
func drawnImages(t *testing.T, path string) (images []byte, n int) {
	t.Helper()
	images, shape, err := parse(t, path).Uint8("images")
	if err != nil {
		t.Fatal(err)
	}
	return images, shape[0]
}

// Encoding goes back with DDIM, whatever is usual for the model.
func TestEncodeWithAnotherUsualSampler(t *testing.T) {
	model, a := filepath.Join(t.TempDir(), "usual.safetensors"), grey(t, 8, func(x, y int) uint8 { return uint8(30*x + y) })
	ok(t, "quantize", "--in", smallModel(t), "--out", model, "--to", "float32", "--recipe", "sampler=unipc&steps=5&spacing=uniform:20&guidance=2")
	text := ok(t, "edit", "encode", "--model", model, "--in", a, "--out", filepath.Join(t.TempDir(), "a.png"))
	if !strings.Contains(text, "&sampler=ddim&steps=5&spacing=uniform&eta=0&clip=0&") {
		t.Errorf("encoded with %s", text)
	}
	text = ok(t, "edit", "interpolate", "--model", model, "--in", a, "--with", a, "--spherical", "--out", filepath.Join(t.TempDir(), "b.png"))
	if !strings.Contains(text, "&sampler=ddim&steps=5&spacing=uniform&eta=0&clip=0&") {
		t.Errorf("interpolated with %s", text)
	}
}

// A recipe that is written into a file has to be one that the file opens with.
func TestQuantizeRefusesARecipeThatWouldNotOpen(t *testing.T) {
	model, dir := smallModel(t), t.TempDir()
	ancestral := filepath.Join(dir, "ancestral.safetensors")
	ok(t, "quantize", "--in", model, "--out", ancestral, "--recipe", "sampler=ddpm")
	for _, c := range [][3]string{{model, "model=0123456789ab&steps=5", "model"}, {ancestral, "variance=beta", "would not open"}} {
		out := filepath.Join(dir, "out", "a.safetensors")
		if code, _, stderr := ddpm("quantize", "--in", c[0], "--out", out, "--recipe", c[1]); code == 0 || !strings.Contains(stderr, c[2]) {
			t.Errorf("%s: exit %d, %q", c[1], code, stderr)
		}
	}
}

// Every edit writes as many pictures as its recipe says, and its recipe, given
// back with the same pictures, draws the same ones whatever the workers.
func TestEdits(t *testing.T) {
	model := smallModel(t)
	a, b, mask := grey(t, 8, func(x, y int) uint8 { return uint8(30*x + y) }), grey(t, 30, func(x, y int) uint8 { return uint8(8 * y) }), halves(t)
	for _, c := range []struct {
		args []string
		n    int
		want string
	}{
		{[]string{"img2img", "--in", a, "--t", "40", "--steps", "3", "--count", "5"}, 5, "&sampler=ddim&steps=3&spacing=uniform&eta=0&clip=1&seed=0&classes=none&guidance=1&count=5&start=40\n"},
		{[]string{"img2img", "--in", a, "--strength", "0.02", "--sampler", "dpmpp", "--classes", "1"}, 16, "&sampler=dpmpp&steps=2&spacing=uniform&eta=0&clip=1&seed=0&classes=1&guidance=1&count=16&start=2\n"},
		{[]string{"inpaint", "--in", a, "--mask", mask, "--steps", "11", "--jump", "2", "--count", "3"}, 3, "&sampler=ddpm&steps=11&spacing=uniform&variance=beta_tilde&clip=1&seed=0&classes=none&guidance=1&count=3&resample=5&jump=2\n"},
		{[]string{"inpaint", "--in", a, "--mask", mask, "--steps", "6", "--resample", "1", "--strength", "0.5", "--count", "3"}, 3, "&count=3&start=50\n"},
		{[]string{"interpolate", "--in", a, "--with", b, "--t", "40", "--steps", "3", "--sampler", "unipc"}, 9, "&sampler=unipc&steps=3&spacing=uniform&clip=1&seed=0&classes=none&guidance=1&count=9&start=40\n"},
		{[]string{"interpolate", "--in", a, "--with", b, "--spherical", "--steps", "3", "--count", "4"}, 4, "&eta=0&clip=0&seed=0&classes=none&guidance=1&count=4\n"},
		{[]string{"interpolate", "--spherical", "--sampler", "dpmpp", "--steps", "3", "--seed", "4"}, 9, "&sampler=dpmpp&steps=3&spacing=uniform&eta=0&clip=1&seed=4&classes=none&guidance=1&count=9\n"},
		{[]string{"branch", "--t", "60", "--steps", "5", "--count", "70", "--eta", "0.5", "--sampler", "ddim"}, 70, "&eta=0.5&clip=1&seed=0&classes=none&guidance=1&count=70&branch=60\n"},
	} {
		out, again := filepath.Join(t.TempDir(), "a.safetensors"), filepath.Join(t.TempDir(), "b.safetensors")
		args := append([]string{"edit", c.args[0], "--model", model}, c.args[1:]...)
		text := ok(t, append(args, "--out", out)...)
		if !strings.HasSuffix(text, c.want) {
			t.Errorf("%v: recipe %q, want one that ends in %q", c.args, text, c.want)
		}
		alone(t, out)
		images, n := drawnImages(t, out)
		if n != c.n || bytes.Equal(images[:64], images[64:128]) {
			t.Errorf("%v: %d images, want %d that differ", c.args, n, c.n)
		}
		given := []string{"edit", c.args[0], "--model", model, "--recipe", strings.TrimSpace(text), "--workers", "3", "--out", again}
		for i, arg := range c.args {
			switch arg {
			case "--in", "--with", "--mask":
				given = append(given, arg, c.args[i+1])
			case "--spherical":
				given = append(given, arg)
			}
		}
		if got := ok(t, given...); got != text {
			t.Errorf("%v: the recipe %q becomes %q", c.args, text, got)
		}
		if second, _ := drawnImages(t, again); !bytes.Equal(images, second) {
			t.Errorf("%v: the recipe draws other pictures", c.args)
		}
	}
}

func TestInpaintKeepsWhatTheMaskShowsBlack(t *testing.T) {
	model, in := smallModel(t), grey(t, 8, func(x, y int) uint8 { return uint8(30*x + y) })
	out := filepath.Join(t.TempDir(), "a.safetensors")
	ok(t, "edit", "inpaint", "--model", model, "--in", in, "--mask", halves(t), "--steps", "12", "--count", "4", "--out", out)
	images, _ := drawnImages(t, out)
	drawn := 0
	for i, got := range images {
		x, y := i%8, i/8%8
		switch same := got == uint8(30*x+y); {
		case x < 4 && !same:
			t.Fatalf("pixel (%d, %d) is %d, was %d and is to be kept", x, y, got, 30*x+y)
		case !same:
			drawn++
		}
	}
	if drawn < 64 {
		t.Errorf("only %d of 128 pixels were drawn", drawn)
	}
}

func TestEncodePrintsTheError(t *testing.T) {
	model, in := smallModel(t), grey(t, 8, func(x, y int) uint8 { return uint8(30*x + y) })
	out := filepath.Join(t.TempDir(), "xT.safetensors")
	var errors []float64
	for _, refine := range []string{"0", "8"} {
		var r encodeReport
		text := ok(t, "edit", "encode", "--model", model, "--in", in, "--steps", "20", "--refine", refine, "--json", "--out", out)
		if err := json.Unmarshal([]byte(text), &r); err != nil || !strings.Contains(r.Recipe, "clip=0") {
			t.Fatalf("report %s, %v", text, err)
		}
		errors = append(errors, r.RMSE)
		f := parse(t, out)
		var planes [3][]float32
		for i, name := range []string{"x0", "xT", "x0_again"} {
			values, shape, err := f.Float32(name)
			if err != nil || !slices.Equal(shape, []int{8, 8, 1}) {
				t.Fatalf("%s: %v, %v", name, shape, err)
			}
			planes[i] = slices.Clone(values)
		}
		var square float64
		for i, x := range planes[0] {
			square += math.Pow(float64(x-planes[2][i]), 2)
		}
		if want := 127.5 * math.Sqrt(square/64); math.Abs(r.RMSE-want) > 1e-9*want {
			t.Errorf("the error is told as %v, the file has %v", r.RMSE, want)
		}
	}
	if !(errors[1] < errors[0]/4) {
		t.Errorf("errors %v: refining does not help", errors)
	}
	picture := filepath.Join(t.TempDir(), "three.png")
	if text := ok(t, "edit", "encode", "--model", model, "--in", in, "--steps", "20", "--zoom", "1", "--out", picture); !strings.Contains(text, "\nreconstructed within ") {
		t.Errorf("prints %q", text)
	}
	file, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if m, err := png.Decode(file); err != nil || m.Bounds().Dx() != 3*10+2 || m.Bounds().Dy() != 12 {
		t.Errorf("picture %v, %v", m, err)
	}
}

func TestFit(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 12, 4)) // the middle square is red on the left, blue on the right
	for y := range 4 {
		for x := range 12 {
			c := color.RGBA{255, 0, 0, 255}
			if x >= 6 {
				c = color.RGBA{0, 0, 255, 255}
			}
			if x < 4 || x >= 8 {
				c = color.RGBA{255, 255, 255, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	b, err := fit(m, 4, 3)
	if want := []byte{255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255}; err != nil || !bytes.Equal(b[:12], want) {
		t.Errorf("a row of the middle square is %v, %v; want %v", b[:12], err, want)
	}
	b, err = fit(m, 4, 1)
	if want := []byte{76, 76, 29, 29}; err != nil || !bytes.Equal(b[:4], want) {
		t.Errorf("in grey it is %v, %v; want %v", b[:4], err, want)
	}
	if b, err = fit(m, 2, 3); err != nil || len(b) != 12 || b[0] < 230 || b[5] < 230 {
		t.Errorf("at half the size it is %v, %v", b, err)
	}
	if b, err = fit(m, 16, 1); err != nil || len(b) != 256 || b[0] != 76 || b[15] != 29 {
		t.Errorf("at four times the size it is %v, %v", b, err)
	}
	if _, err := fit(m, 4, 2); err == nil || !strings.Contains(err.Error(), "1 or 3 channels, the model 2") {
		t.Errorf("error %v", err)
	}
	small, err := openModel(smallModel(t), "")
	if err != nil {
		t.Fatal(err)
	}
	x, err := readFitted(savePNG(t, m), small)
	if err != nil || len(x) != 64 || x[0] != float32(76.)/127.5-1 || x[7] != float32(29.)/127.5-1 {
		t.Errorf("the model's x_0 is %v, %v", x, err)
	}
}

func TestEditRefuses(t *testing.T) {
	model, in, mask := smallModel(t), grey(t, 8, func(x, y int) uint8 { return uint8(x) }), halves(t)
	black := grey(t, 8, func(x, y int) uint8 { return 0 })
	text := filepath.Join(t.TempDir(), "text.png")
	write(t, text, []byte("no picture"))
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"img2img"}, exitMisused, "--in is missing"},
		{[]string{"img2img", "--in", in, "--t", "101"}, exitMisused, "--t is 101, want 1 to 100"},
		{[]string{"img2img", "--in", in, "--t", "0"}, exitMisused, "--t is 0, want 1 to 100"},
		{[]string{"img2img", "--in", in, "--strength", "1.5"}, exitMisused, "--strength is 1.5, want above 0, up to 1"},
		{[]string{"img2img", "--in", in, "--strength", "0.5", "--t", "5"}, exitMisused, "give one of them"},
		{[]string{"img2img", "--in", in, "--t", "5", "--recipe", "start=7"}, exitMisused, "give --t inside it, as start"},
		{[]string{"img2img", "--in", in, "--t", "5", "--steps", "6"}, exitMisused, "more than there are from start=5"},
		{[]string{"img2img", "--in", in, "--zoom", "99"}, exitMisused, "--zoom is 99"},
		{[]string{"img2img", "--in", text}, exitFailed, "is not a picture this program reads"},
		{[]string{"inpaint", "--in", in, "--mask", black}, exitFailed, "is all of one side of grey"},
		{[]string{"inpaint", "--in", in, "--mask", mask, "--sampler", "unipc"}, exitFailed, "inpainting wants ddpm or ddim"},
		{[]string{"inpaint", "--in", in, "--mask", mask, "--jump", "50"}, exitFailed, "a jump of 50 steps, want 1 to 49"},
		{[]string{"inpaint", "--in", in, "--mask", mask, "--resample", "x"}, exitMisused, `resample is "x", want 1 to 1000`},
		{[]string{"inpaint", "--in", in, "--mask", mask, "--resample", "2", "--recipe", "resample=3"}, exitMisused, "give --resample inside it"},
		{[]string{"interpolate", "--in", in}, exitMisused, "give two pictures"},
		{[]string{"interpolate"}, exitMisused, "give two pictures"},
		{[]string{"interpolate", "--spherical", "--t", "5"}, exitMisused, "leave out --t and --strength"},
		{[]string{"interpolate", "--spherical", "--in", in, "--with", in, "--sampler", "dpmpp"}, exitMisused, "cannot be run backwards"},
		{[]string{"img2img", "--in", in, "--recipe", "steps=5"}, exitFailed, "start is missing"},
		{[]string{"branch", "--t", "60", "--recipe", "branch=50"}, exitMisused, "give --t inside it, as branch"},
		{[]string{"branch", "--t", "101"}, exitMisused, "--t is 101, want 1 to 100"},
		{[]string{"branch", "--t", "60", "--sampler", "dpmpp"}, exitMisused, "branch needs noise or classes"},
		{[]string{"encode", "--in", in, "--count", "2"}, exitMisused, "count is 2, but one picture is encoded"},
		{[]string{"encode", "--in", in, "--eta", "1"}, exitMisused, "cannot be run backwards"},
		{[]string{"encode", "--in", in, "--refine", "-1"}, exitMisused, "-1 refinements, want 0 to 100"},
		{[]string{"encode", "--in", in, "--out", "x.jpg"}, exitMisused, "ends in .png or .safetensors"},
	} {
		args := append([]string{"edit", c.args[0], "--model", model, "--out", filepath.Join(t.TempDir(), "x.png")}, c.args[1:]...)
		code, _, stderr := ddpm(args...)
		if code != c.code || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, %q; want %d, %q", c.args, code, stderr, c.code, c.want)
		}
	}
}
