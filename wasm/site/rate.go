package site

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostClients bounds how many clients are remembered; beyond, those that have been
// quiet for a while are forgotten.
const mostClients = 10_000

// LimitRate lets each client, by its address, have so many pictures a second, after so
// many at once. The page's own files are not counted. Of a client behind one of the
// proxies, the address is the one that the proxy says; nobody else is believed.
func LimitRate(next http.Handler, perSecond float64, burst int, proxies []netip.Prefix) http.Handler {
	var mu sync.Mutex
	clients := map[string]*rate.Limiter{}
	limiter := func(address string) *rate.Limiter {
		mu.Lock()
		defer mu.Unlock()
		if l := clients[address]; l != nil {
			return l
		}
		if len(clients) >= mostClients {
			for a, l := range clients {
				if l.Tokens() >= float64(burst) {
					delete(clients, a)
				}
			}
			if len(clients) >= mostClients {
				clear(clients)
			}
		}
		l := rate.NewLimiter(rate.Limit(perSecond), burst)
		clients[address] = l
		return l
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/r/") && strings.HasSuffix(r.URL.Path, ".png") {
			if !limiter(client(r, proxies)).AllowN(time.Now(), 1) {
				secure(w.Header())
				w.Header().Set("Retry-After", "1")
				refuse(w, http.StatusTooManyRequests, "Too many pictures at once; try again in a second.")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// client is the address that a request came from: the connection's, or, if that is a
// proxy's, the last in X-Forwarded-For that is none. What stands before it there
// anybody may have written.
func client(r *http.Request, proxies []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	proxy := func(host string) bool {
		address, err := netip.ParseAddr(host)
		return err == nil && slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(address.Unmap()) })
	}
	if !proxy(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if hop = strings.TrimSpace(hop); hop == "" {
			continue
		}
		host = hop
		if !proxy(host) {
			break
		}
	}
	return host
}
