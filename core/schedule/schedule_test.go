package schedule

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"
	"testing"
)

// near reports whether got is want to a relative error.
func near(got, want, relative float64) bool {
	return math.Abs(got-want) <= relative*math.Abs(want)
}

func TestLinear(t *testing.T) {
	s := Linear(1000)
	for _, c := range []struct {
		t    int
		want float64
	}{{1, 1e-4}, {2, 1e-4 + 0.0199/999}, {500, 1e-4 + 499*0.0199/999}, {1000, 0.02}} {
		if !near(s.Beta[c.t], c.want, 1e-15) {
			t.Errorf("β_%d is %v, want %v", c.t, s.Beta[c.t], c.want)
		}
	}
	// The product over 1 - (1e-4 + i*(0.02 - 1e-4)/999) in Python, one float at a time.
	if got := s.AlphaBar[1000]; !near(got, 4.0358297653756754e-05, 1e-12) {
		t.Errorf("ᾱ_1000 is %v", got)
	}
	// Another T is the same chain at another resolution.
	for _, T := range []int{linearMinT, 100, 4000, MaxT} {
		s := Linear(T)
		if got, want := s.Beta[T], 20/float64(T); !near(got, want, 1e-15) {
			t.Errorf("T=%d: β_T is %v, want %v", T, got, want)
		}
		// −ln ᾱ_T → ∫β = 10.05 as T grows.
		if got := -math.Log(s.AlphaBar[T]); T >= 1000 && !near(got, 10.05, 0.01) {
			t.Errorf("T=%d: −ln ᾱ_T is %v, want about 10.05", T, got)
		}
	}
}

func TestCosine(t *testing.T) {
	for _, T := range []int{1, 2, 10, 1000, 4000} {
		s := Cosine(T)
		f := func(t int) float64 {
			c := math.Cos((float64(t)/float64(T) + 0.008) / 1.008 * math.Pi / 2)
			return c * c
		}
		for i := 1; i < T; i++ {
			want := 1 - f(i)/f(i-1)
			if want < 0.999 && math.Abs(s.Beta[i]-want) > 1e-12 {
				t.Fatalf("T=%d: β_%d is %v, want %v", T, i, s.Beta[i], want)
			}
			if want < 0.999 && !near(s.AlphaBar[i], f(i)/f(0), 1e-11) {
				t.Fatalf("T=%d: ᾱ_%d is %v, want %v", T, i, s.AlphaBar[i], f(i)/f(0))
			}
		}
		if s.Beta[T] != 0.999 {
			t.Errorf("T=%d: β_T is %v, want it clipped to 0.999", T, s.Beta[T])
		}
		if got, want := s.AlphaBar[T], s.AlphaBar[T-1]*0.001; !near(got, want, 1e-12) {
			t.Errorf("T=%d: ᾱ_T is %v, want %v from the clipped β", T, got, want)
		}
	}
	// No lower clip: the first β of a long chain is far below 1e-4.
	if b := Cosine(4000).Beta[1]; b > 1.1e-5 {
		t.Errorf("β_1 of 4000 steps is %v", b)
	}
}

func TestSine(t *testing.T) {
	for i := range 100_001 {
		x := float64(i) / 100_000 * (math.Pi / 2)
		if got, want := sine(x), math.Sin(x); math.Abs(got-want) > 3.4e-16*want {
			t.Fatalf("sine(%v) is %v, want %v", x, got, want)
		}
	}
}

// TestDerived checks every derived array against its equation.
func TestDerived(t *testing.T) {
	respaced, err := Cosine(1000).Respace(17)
	if err != nil {
		t.Fatal(err)
	}
	short, err := FromBeta([]float64{0.3})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Schedule{
		"linear": Linear(1000), "cosine": Cosine(1000), "respaced": respaced, "one step": short,
	} {
		for _, a := range [][]float64{s.Beta, s.Alpha, s.AlphaBar, s.PosteriorVariance, s.PosteriorMeanX0, s.PosteriorMeanXt} {
			if len(a) != s.T+1 {
				t.Fatalf("%s: an array has %d entries, want %d", name, len(a), s.T+1)
			}
		}
		if s.AlphaBar[0] != 1 || s.Alpha[0] != 1 || s.Beta[0] != 0 || s.Step[0] != 0 {
			t.Errorf("%s: t = 0 is not the clean image", name)
		}
		if s.PosteriorVariance[1] != 0 || s.PosteriorMeanX0[1] != 1 || s.PosteriorMeanXt[1] != 0 {
			t.Errorf("%s: the posterior at t = 1 is not the point x_0", name)
		}
		if !math.IsInf(s.SNR(0), 1) {
			t.Errorf("%s: SNR(0) is %v, want +Inf", name, s.SNR(0))
		}
		for i := 1; i <= s.T; i++ {
			a, before, now := s.Alpha[i], s.AlphaBar[i-1], s.AlphaBar[i]
			if !(s.Beta[i] > 0 && s.Beta[i] < 1 && now < before && now > 0) {
				t.Fatalf("%s: β_%d = %v, ᾱ = %v after %v", name, i, s.Beta[i], now, before)
			}
			for _, c := range []struct {
				what      string
				got, want float64
			}{
				{"α", a, 1 - s.Beta[i]},
				{"ᾱ", now, before * a},
				{"β̃", s.PosteriorVariance[i], s.Beta[i] * (1 - before) / (1 - now)},
				{"c_0", s.PosteriorMeanX0[i], math.Sqrt(before) * s.Beta[i] / (1 - now)},
				{"c_t", s.PosteriorMeanXt[i], math.Sqrt(a) * (1 - before) / (1 - now)},
				{"SNR", s.SNR(i), now / (1 - now)},
				{"log SNR", s.LogSNR(i), math.Log(now) - math.Log1p(-now)},
				// E x_{t−1} given x_0 is √ᾱ_{t−1}·x_0 whichever way it is reached.
				{"c_0 + c_t·√ᾱ_t", s.PosteriorMeanX0[i] + s.PosteriorMeanXt[i]*math.Sqrt(now), math.Sqrt(before)},
				// And so is its variance.
				{"β̃ + c_t²(1−ᾱ_t)", s.PosteriorVariance[i] + s.PosteriorMeanXt[i]*s.PosteriorMeanXt[i]*(1-now), 1 - before},
			} {
				if math.Abs(c.got-c.want) > 1e-11*math.Abs(c.want)+1e-15 {
					t.Fatalf("%s, t=%d: %s is %v, want %v", name, i, c.what, c.got, c.want)
				}
			}
		}
	}
}

func TestRespace(t *testing.T) {
	for name, s := range map[string]*Schedule{"linear": Linear(1000), "cosine": Cosine(1000)} {
		for n := 1; n <= s.T; n++ {
			r, err := s.Respace(n)
			if err != nil {
				t.Fatal(err)
			}
			if r.T != n || r.Step[n] != s.T {
				t.Fatalf("%s, n=%d: %d steps up to %d", name, n, r.T, r.Step[n])
			}
			for i := 1; i <= n; i++ {
				tau := r.Step[i]
				if want := int(math.Floor(float64(i)*1000/float64(n) + 0.5)); tau != want {
					t.Fatalf("%s, n=%d: τ_%d is %d, want %d", name, n, i, tau, want)
				}
				if r.AlphaBar[i] != s.AlphaBar[tau] {
					t.Fatalf("%s, n=%d: ᾱ_%d is not that of t=%d", name, n, i, tau)
				}
				if want := 1 - s.AlphaBar[tau]/s.AlphaBar[r.Step[i-1]]; math.Abs(r.Beta[i]-want) > 1e-14 {
					t.Fatalf("%s, n=%d: β_%d is %v, want %v", name, n, i, r.Beta[i], want)
				}
			}
		}
		r, _ := s.Respace(s.T)
		for i := range r.Beta {
			if r.Beta[i] != s.Beta[i] || r.PosteriorVariance[i] != s.PosteriorVariance[i] ||
				r.PosteriorMeanX0[i] != s.PosteriorMeanX0[i] || r.PosteriorMeanXt[i] != s.PosteriorMeanXt[i] {
				t.Fatalf("%s: Respace(T) differs at t=%d", name, i)
			}
		}
	}
	// A respaced schedule respaced again still knows the network's t.
	once, _ := Linear(1000).Respace(100)
	twice, err := once.RespaceTo([]int{1, 50, 99})
	if err != nil {
		t.Fatal(err)
	}
	if got := [4]int(twice.Step); got != [4]int{0, 10, 500, 990} {
		t.Errorf("the steps are %v", got)
	}
}

func TestErrors(t *testing.T) {
	build := func(name string, T int) error { _, err := New(name, T); return err }
	beta := func(b ...float64) error { _, err := FromBeta(b); return err }
	respace := func(n int) error { _, err := Linear(100).Respace(n); return err }
	to := func(steps ...int) error { _, err := Linear(100).RespaceTo(steps); return err }
	long := make([]float64, 5000)
	for i := range long {
		long[i] = 0.9
	}
	for _, c := range []struct {
		err  error
		want string // "" for none
	}{
		{build("linear", 1000), ""},
		{build("linear", 21), ""},
		{build("cosine", 1), ""},
		{build("linear", 20), "20 steps, want 21 to 100000"},
		{build("linear", MaxT+1), "want 21 to 100000"},
		{build("cosine", 0), "want 1 to 100000"},
		{build("cosine", -5), "want 1 to 100000"},
		{build("sine", 1000), `unknown schedule "sine", want linear, cosine, sigmoid, shifted: and a number or logsnr: and points`},
		{beta(0.1, 0.2), ""},
		{beta(), "0 values"},
		{beta(0.1, 0), "t=2 is 0"},
		{beta(1), "t=1 is 1"},
		{beta(0.5, -0.1), "t=2 is -0.1"},
		{beta(math.NaN()), "t=1 is NaN"},
		{beta(1e-17), "t=1 is 1e-17"},
		{beta(long...), "product of all alpha is 0"},
		{beta(make([]float64, MaxT+1)...), "100001 values"},
		{respace(100), ""},
		{respace(1), ""},
		{respace(0), "0 steps of a chain of 100, want 1 to 100"},
		{respace(101), "101 steps of a chain of 100"},
		{to(1, 2, 100), ""},
		{to(), "no steps"},
		{to(0, 5), "step 1 is at t=0, want 1 to 100"},
		{to(5, 5), "step 2 is at t=5, want 6 to 100"},
		{to(5, 101), "step 2 is at t=101"},
	} {
		switch {
		case c.want == "" && c.err != nil:
			t.Errorf("unexpected error %q", c.err)
		case c.want != "" && (c.err == nil || !strings.Contains(c.err.Error(), c.want)):
			t.Errorf("got error %v, want one with %q", c.err, c.want)
		}
	}
}

// TestBits pins the schedules to the bit, the same on every platform.
func TestBits(t *testing.T) {
	for _, c := range []struct {
		name string
		want string
	}{
		{"linear", "d9ea08da440c2cd9"},
		{"cosine", "a91431274d180021"},
		{"logsnr:9,5,4,-7,-9", "94778daaa90e88dc"},
	} {
		s, err := New(c.name, 1000)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Respace(50)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		for _, s := range []*Schedule{s, r} {
			for _, a := range [][]float64{s.Beta, s.AlphaBar, s.PosteriorVariance, s.PosteriorMeanX0, s.PosteriorMeanXt} {
				for _, v := range a {
					var b [8]byte
					binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
					h.Write(b[:])
				}
			}
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != c.want {
			t.Errorf("%s: sha256 begins with %s, want %s", c.name, got, c.want)
		}
	}
}
