package site

import (
	"bytes"
	"html"
	"net/http"
	"strconv"
	"strings"
)

// page serves GET /r/<recipe>: the page, which opens at the recipe, with what link
// previews show of it. A recipe that is not valid is the page's to explain, as it is
// in its own address.
func (s *Site) page(w http.ResponseWriter, r *http.Request, escaped string) {
	m, recipe, ok := s.recipe(w, escaped)
	if !ok {
		return
	}
	index, err := s.static.read("index.html")
	if err != nil {
		refuse(w, http.StatusInternalServerError, "The page cannot be read.")
		return
	}
	text := recipe.String()
	address := origin(r)
	title := m.Name + ", out of noise"
	description := "Drawn by a diffusion network in " + strconv.Itoa(recipe.Steps) + " steps. Open it to draw it again, on your own device, and to take it apart."
	var tags strings.Builder
	meta := func(kind, name, content string) {
		tags.WriteString(`<meta ` + kind + `="` + name + `" content="` + html.EscapeString(content) + "\" />\n    ")
	}
	meta("name", "ddpm-state", "room=generate&"+text)
	meta("property", "og:type", "website")
	meta("property", "og:title", title)
	meta("property", "og:description", description)
	meta("property", "og:url", address+"/r/"+text)
	if Cost(m, recipe) <= s.options.Budget {
		meta("property", "og:image", address+"/r/"+text+".png")
		meta("property", "og:image:type", "image/png")
		meta("name", "twitter:card", "summary_large_image")
	}
	content := bytes.Replace(index.content, []byte("</head>"), []byte("  "+tags.String()+"</head>"), 1)
	// The page's files are one folder up.
	for _, attribute := range []string{"src", "href"} {
		content = bytes.ReplaceAll(content, []byte(attribute+`="./`), []byte(attribute+`="../`))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	f := fileOf(content)
	w.Header().Set("ETag", f.tag)
	serveBytes(w, r, f)
}

// origin is the scheme and host by which the site was asked.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" || r.URL.Scheme == "https" {
		scheme = "https"
	}
	// On Cloudflare the address has it, and the headers may not.
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	return scheme + "://" + host
}
