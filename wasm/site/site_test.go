package site

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/ddpm-go/ddpm/core/checkpoint"
	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/recipe"
	"github.com/ddpm-go/ddpm/core/unet"
)

const page = `<!doctype html><html><head><title>DDPM</title><link href="./assets/style-01234567.css"></head><body><script src="./assets/index-abcdefgh.js"></script></body></html>`

// build is a site as make dist writes it, with a tiny model, and that model.
func build(t *testing.T) (fstest.MapFS, *recipe.Model) {
	t.Helper()
	net, err := unet.New(unet.Config{ImageSize: 8, InChannels: 1, OutChannels: 1, BaseCh: 8, EmbCh: 16, Depth: 1, NumClasses: 2})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	weights, err := recipe.Save(net, nil, recipe.Card{
		Name: `tiny "one" <b>`, Prediction: diffusion.Eps, Schedule: "cosine", Timesteps: 100, Classes: []string{"0", "1"},
	}, checkpoint.F32)
	if err != nil {
		t.Fatal(err)
	}
	m, err := recipe.Open(weights)
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal([]ModelFile{{"tiny", m.Hash, "assets/tiny-01234567.safetensors"}})
	if err != nil {
		t.Fatal(err)
	}
	script := []byte(strings.Repeat("console.log('a script');\n", 40))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(script)
	_ = z.Close()
	file := func(b []byte) *fstest.MapFile { return &fstest.MapFile{Data: b} }
	return fstest.MapFS{
		"index.html":                       file([]byte(page)),
		"models.json":                      file(list),
		"assets/tiny-01234567.safetensors": file(weights),
		"assets/index-abcdefgh.js":         file(script),
		"assets/index-abcdefgh.js.gz":      file(packed.Bytes()),
		"embed.js":                         file([]byte("export {}")),
	}, m
}

func open(t *testing.T, o Options) (*Site, *recipe.Model) {
	t.Helper()
	files, m := build(t)
	o.Files = files
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s, m
}

func ask(s http.Handler, method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	s, _ := open(t, Options{})
	const script = "/assets/index-abcdefgh.js"
	for _, c := range []struct {
		name, method, target string
		headers              []string
		status               int
		want                 map[string]string
	}{
		{"the page", "GET", "/", nil, 200, map[string]string{"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"}},
		{"a hashed name", "GET", script, nil, 200, map[string]string{
			"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "",
			"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff", "Content-Length": "1000", "Access-Control-Allow-Origin": "*"}},
		{"compressed", "GET", script, []string{"Accept-Encoding", "gzip, br"}, 200, map[string]string{"Content-Encoding": "gzip"}},
		{"compression refused", "GET", script, []string{"Accept-Encoding", "gzip;q=0, identity"}, 200, map[string]string{"Content-Encoding": ""}},
		{"a range", "GET", script, []string{"Accept-Encoding", "gzip", "Range", "bytes=0-11"}, 206, map[string]string{
			"Content-Range": "bytes 0-11/1000", "Content-Encoding": "", "Content-Length": "12"}},
		{"a range beyond", "GET", script, []string{"Range", "bytes=5000-"}, 416, nil},
		{"only the head", "HEAD", script, nil, 200, map[string]string{"Content-Length": "1000"}},
		{"embed.js may change", "GET", "/embed.js", nil, 200, map[string]string{"Cache-Control": "no-cache"}},
		{"weights", "GET", "/assets/tiny-01234567.safetensors", nil, 200, map[string]string{"Content-Type": "application/octet-stream"}},
		{"nothing there", "GET", "/nothing", nil, 404, map[string]string{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}},
		{"a compressed form by its own name", "GET", script + ".gz", nil, 404, nil},
		{"a way out of the folder", "GET", "/assets/../../secret", nil, 404, nil},
		{"a folder", "GET", "/assets", nil, 404, nil},
		{"alive", "GET", "/healthz", nil, 200, map[string]string{"Cache-Control": "no-store"}},
		{"another method", "POST", "/", nil, 405, map[string]string{"Allow": "GET, HEAD"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ask(s, c.method, c.target, c.headers...)
			if r.StatusCode != c.status {
				t.Fatalf("status %d, want %d: %s", r.StatusCode, c.status, body(t, r))
			}
			for name, want := range c.want {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, " 'unsafe-eval'") {
				t.Errorf("the policy is %q", csp)
			}
			if text := body(t, r); c.method == "HEAD" && text != "" {
				t.Errorf("the head has a body of %d bytes", len(text))
			}
		})
	}
	r := ask(s, "GET", script, "Accept-Encoding", "gzip")
	tag := r.Header.Get("ETag")
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	if _, err := whole.ReadFrom(z); err != nil || whole.Len() != 1000 {
		t.Errorf("unpacked it is %d bytes, %v", whole.Len(), err)
	}
	if r := ask(s, "GET", script, "Accept-Encoding", "gzip", "If-None-Match", tag); r.StatusCode != 304 {
		t.Errorf("who has it gets %d, want 304", r.StatusCode)
	}
	if r := ask(s, "GET", script, "If-None-Match", tag); r.StatusCode != 200 {
		t.Errorf("who has another form of it gets %d, want 200", r.StatusCode)
	}
}

func TestPicture(t *testing.T) {
	s, m := open(t, Options{Pictures: NewMemory(1 << 20)})
	const text = "steps=3&classes=0,1&count=4&seed=5&guidance=2"
	r := ask(s, "GET", "/r/"+text+".png")
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" || r.Header.Get("Cache-Control") != "public, max-age=300" {
		t.Fatalf("status %d, %v", r.StatusCode, r.Header)
	}
	if full := ask(s, "GET", "/r/"+r.Header.Get("X-Recipe")+".png"); !strings.Contains(full.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("a recipe that names its network: %v", full.Header)
	}
	content := body(t, r)
	parsed, err := m.Parse(text, recipe.CountOnPage)
	if err != nil {
		t.Fatal(err)
	}
	want, err := Draw(context.Background(), m, parsed, 2)
	if err != nil || content != string(want) {
		t.Errorf("the picture is not the recipe's (%v)", err)
	}
	if r.Header.Get("X-Recipe") != parsed.String() {
		t.Errorf("the recipe is %q, want %q", r.Header.Get("X-Recipe"), parsed)
	}
	picture, err := png.Decode(strings.NewReader(content))
	if err != nil || picture.Bounds().Dx() != 2*(8*Zoom+2)+2 {
		t.Errorf("the picture is %v, %v", picture.Bounds(), err)
	}
	// The same recipe in other words, and in full, is the same picture.
	for _, same := range []string{"seed=5&guidance=2&count=4&steps=3&classes=0-1", parsed.String(), strings.ReplaceAll(text, "=", "%3D")} {
		if got := body(t, ask(s, "GET", "/r/"+same+".png")); got != content {
			t.Errorf("%s is another picture: %.80s", same, got)
		}
	}
	if r := ask(s, "GET", "/r/"+text+".png", "If-None-Match", r.Header.Get("ETag")); r.StatusCode != 304 {
		t.Errorf("who has it gets %d, want 304", r.StatusCode)
	}
	if r := ask(s, "HEAD", "/r/"+text+".png"); r.StatusCode != 200 || body(t, r) != "" || r.ContentLength < 100 {
		t.Errorf("its head is %d of %d bytes", r.StatusCode, r.ContentLength)
	}
}

func TestRecipesAreRefused(t *testing.T) {
	s, m := open(t, Options{Budget: 20 * 4 * mulAdds(t)})
	for _, c := range []struct {
		recipe string
		status int
		want   string
	}{
		{"steps=0", 400, "steps"},
		{"sampler=magic", 400, "sampler"},
		{"colour=red", 400, "colour"},
		{"%zz", 400, ""},
		{"classes=7", 400, "class"},
		{"model=0123456789ab", 404, m.Hash + " (tiny)"},
		{"steps=50&count=10", 422, "fewer steps or pictures"},
		{"seed=" + strings.Repeat("1", 2000), 400, "2000 characters"},
	} {
		for _, ending := range []string{".png", ""} {
			if c.status == 422 && ending == "" {
				continue // the page draws it
			}
			target := "/r/" + c.recipe + ending
			var r *http.Response
			if c.recipe == "%zz" {
				request := httptest.NewRequest("GET", "/r/x", nil)
				request.URL.RawPath, request.URL.Path = "", "/r/%zz"+ending
				w := httptest.NewRecorder()
				s.ServeHTTP(w, request)
				r = w.Result()
			} else {
				r = ask(s, "GET", target)
			}
			if text := body(t, r); r.StatusCode != c.status || !strings.Contains(text, c.want) || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") {
				t.Errorf("%.60s: %d, %q; want %d with %q", target, r.StatusCode, text, c.status, c.want)
			}
		}
	}
}

func mulAdds(t *testing.T) int64 {
	_, m := build(t)
	return m.Net.Config().MulAdds()
}

func TestPageOfARecipe(t *testing.T) {
	s, m := open(t, Options{Budget: 20 * 4 * mulAdds(t)})
	r := ask(s, "GET", "https://ddpm.example/r/steps=3&count=2&seed=5")
	text := body(t, r)
	canonical := "model=" + m.Hash + "&amp;sampler=ddim&amp;steps=3"
	for _, want := range []string{
		`<meta name="ddpm-state" content="room=generate&amp;` + canonical,
		`<meta property="og:image" content="https://ddpm.example/r/` + canonical,
		`<meta property="og:title" content="tiny &#34;one&#34; &lt;b&gt;, out of noise"`,
		`src="../assets/index-abcdefgh.js"`, `href="../assets/style-01234567.css"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not have %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, `"./assets`) {
		t.Error("files are looked for beside the recipe")
	}
	if heavy := body(t, ask(s, "GET", "/r/steps=50&count=10")); strings.Contains(heavy, "og:image") || !strings.Contains(heavy, "ddpm-state") {
		t.Errorf("a recipe beyond the budget promises a picture, or has no page:\n%s", heavy)
	}
}

// Two hundred clients at once: each gets the picture or is told to come back, none is lost.
func TestManyAtOnce(t *testing.T) {
	s, _ := open(t, Options{Renders: 2, Waiting: 20, Pictures: NewMemory(1 << 20)})
	server := httptest.NewServer(s)
	defer server.Close()
	var wait sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for i := range 200 {
		wait.Go(func() {
			r, err := http.Get(server.URL + "/r/steps=2&count=2&seed=" + string(rune('0'+i%10)) + ".png")
			status := 0
			if err == nil {
				status = r.StatusCode
				_ = r.Body.Close()
			}
			mu.Lock()
			statuses[status]++
			mu.Unlock()
		})
	}
	wait.Wait()
	if statuses[200]+statuses[503] != 200 || statuses[200] < 20 {
		t.Errorf("statuses %v, want 200 answers of 200 or 503", statuses)
	}
}

func TestRate(t *testing.T) {
	s, _ := open(t, Options{Pictures: NewMemory(1 << 20)})
	limited := LimitRate(s, 0.001, 3, nil)
	for i := range 5 {
		want := 200
		if i >= 3 {
			want = 429
		}
		if r := ask(limited, "GET", "/r/steps=1&count=1.png"); r.StatusCode != want || (want == 429) != (r.Header.Get("Retry-After") != "") {
			t.Errorf("picture %d: %d, want %d", i, r.StatusCode, want)
		}
	}
	if r := ask(limited, "GET", "/"); r.StatusCode != 200 {
		t.Errorf("the page counts as a picture: %d", r.StatusCode)
	}
}

func TestClient(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:4000", "", "203.0.113.9"},
		{"203.0.113.9:4000", "198.51.100.1", "203.0.113.9"}, // who is no proxy is not believed
		{"10.0.0.7:4000", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:4000", "1.1.1.1, 198.51.100.1, 10.2.3.4", "198.51.100.1"}, // a client may have begun the list
		{"[::1]:4000", "2001:db8::5", "2001:db8::5"},
		{"[::ffff:10.0.0.7]:4000", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:4000", "", "10.0.0.7"},
		{"10.0.0.7:4000", " , ", "10.0.0.7"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := client(r, proxies); got != c.want {
			t.Errorf("from %s for %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func TestMemoryForgets(t *testing.T) {
	m := NewMemory(10)
	m.Put("a", make([]byte, 4))
	m.Put("b", make([]byte, 4))
	m.Get("a")
	m.Put("c", make([]byte, 4)) // b was asked for longest ago
	m.Put("huge", make([]byte, 11))
	for recipe, want := range map[string]bool{"a": true, "b": false, "c": true, "huge": false} {
		if _, ok := m.Get(recipe); ok != want {
			t.Errorf("%s is kept: %v, want %v", recipe, ok, want)
		}
	}
}

func TestNewSaysWhatIsMissing(t *testing.T) {
	files, _ := build(t)
	for name, want := range map[string]string{"index.html": "make dist", "models.json": "models.json"} {
		without := fstest.MapFS{}
		for n, f := range files {
			if n != name {
				without[n] = f
			}
		}
		if _, err := New(Options{Files: without}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	files["models.json"] = &fstest.MapFile{Data: []byte("[]")}
	if _, err := New(Options{Files: files}); err == nil || !strings.Contains(err.Error(), "lists no models") {
		t.Errorf("without models: %v", err)
	}
}
