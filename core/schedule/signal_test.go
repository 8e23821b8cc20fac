package schedule

import (
	"math"
	"strings"
	"testing"
)

func TestSigmoid(t *testing.T) {
	sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for _, T := range []int{1, 2, 50, 1000} {
		s := Sigmoid(T)
		for i := 0; i < T; i++ {
			want := (sigma(3) - sigma(-3+6*float64(i)/float64(T))) / (sigma(3) - sigma(-3))
			if !near(s.AlphaBar[i], want, 1e-9) {
				t.Fatalf("T=%d: ᾱ_%d is %v, want %v", T, i, s.AlphaBar[i], want)
			}
		}
		if s.Beta[T] != 0.999 {
			t.Errorf("T=%d: β_T is %v, want it clipped at 0.999", T, s.Beta[T])
		}
	}
}

func TestShifted(t *testing.T) {
	const T = 1000
	cosine := Cosine(T)
	for _, R := range []float64{0.5, 1, 2, 64.0 / 28} {
		s, err := Shifted(T, R)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < T; i++ {
			if want := cosine.SNR(i) * R * R; !near(s.SNR(i), want, 1e-8) {
				t.Fatalf("R=%v: SNR(%d) is %v, want %v", R, i, s.SNR(i), want)
			}
		}
	}
	for R, want := range map[float64]string{0: "want 0.05 to 20", 21: "want 0.05 to 20", math.NaN(): "want 0.05 to 20"} {
		if _, err := Shifted(T, R); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("R=%v: %v", R, err)
		}
	}
}

// New knows both by name, and says what is wrong with others.
func TestNewSignal(t *testing.T) {
	for name, want := range map[string]*Schedule{"sigmoid": Sigmoid(100), "shifted:1": Cosine(100)} {
		s, err := New(name, 100)
		if err != nil || !near(s.AlphaBar[50], want.AlphaBar[50], 1e-12) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	for name, want := range map[string]string{
		"shifted:":   `"" in "shifted:" is not a number`,
		"shifted:x":  `"x" in "shifted:x" is not a number`,
		"shifted:99": "by 99, want 0.05 to 20",
		"sigmoids":   "want linear, cosine, sigmoid, shifted: and a number or logsnr: and points",
	} {
		if _, err := New(name, 100); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	for _, name := range []string{"sigmoid", "shifted:2"} {
		if _, err := New(name, 0); err == nil || !strings.Contains(err.Error(), "of 0 steps, want 1 to 100000") {
			t.Errorf("%s of 0 steps: %v", name, err)
		}
	}
}
