package schedule

import (
	"math"
	"strings"
	"testing"
)

func TestFromLogSNR(t *testing.T) {
	for name, points := range map[string][]float64{
		"straight":       {9, -9},
		"straight, five": {9, 4.5, 0, -4.5, -9},
		"bent":           {10, 9.5, 0, -0.2, -10},
		"flat":           {16, 15.99, 15.98, -15.98, -16},
	} {
		for _, T := range []int{len(points), 50, 1000, MaxT} {
			s, err := FromLogSNR(T, points)
			if err != nil {
				t.Fatalf("%s, T=%d: %v", name, T, err)
			}
			// It goes through its points wherever they fall on a step.
			for i, p := range points {
				if along := i * (T - 1); along%(len(points)-1) == 0 {
					at := 1 + along/(len(points)-1)
					if got := s.LogSNR(at); math.Abs(got-p) > 1e-6 {
						t.Errorf("%s, T=%d: log SNR at t=%d is %v, want %v", name, T, at, got, p)
					}
				}
			}
			// It falls everywhere, and stays between the points to either side.
			for at := 2; at <= T; at++ {
				if !(s.AlphaBar[at] < s.AlphaBar[at-1]) {
					t.Fatalf("%s, T=%d: ᾱ_%d is %v, not below the one before, %v", name, T, at, s.AlphaBar[at], s.AlphaBar[at-1])
				}
			}
		}
	}
}

// Two points are a straight line, whose ᾱ is the logistic function.
func TestStraightLogSNR(t *testing.T) {
	s, err := FromLogSNR(1000, []float64{8, -6})
	if err != nil {
		t.Fatal(err)
	}
	for at := 1; at <= s.T; at++ {
		lambda := 8 - 14*float64(at-1)/999
		if got, want := s.AlphaBar[at], 1/(1+math.Exp(-lambda)); !near(got, want, 1e-12) {
			t.Fatalf("ᾱ_%d is %v, want %v", at, got, want)
		}
		if got, want := 1-s.AlphaBar[at], 1/(1+math.Exp(lambda)); !near(got, want, 1e-9) {
			t.Fatalf("1 − ᾱ_%d is %v, want %v", at, got, want)
		}
	}
}

// Where the slope changes sign of curvature the cubic's slope is the harmonic mean.
func TestLogSNRIsSmooth(t *testing.T) {
	const T = 4001
	s, err := FromLogSNR(T, []float64{9, 5, 4, -7, -9})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 2 * 4 * 1. / 5, 2 * 1 * 11. / 12, 2 * 11 * 2. / 13} {
		if i == 0 {
			continue
		}
		at := 1 + i*1000
		for _, side := range []int{-1, 1} {
			slope := float64(side) * (s.LogSNR(at) - s.LogSNR(at+side)) * 1000
			if math.Abs(slope-want) > 0.02*want {
				t.Errorf("the log SNR falls by %v a piece at point %d, want %v", slope, i, want)
			}
		}
	}
}

func TestLogSNRRefuses(t *testing.T) {
	for _, c := range []struct {
		name, say string
		T         int
	}{
		{"logsnr:", `"" among the points`, 1000},
		{"logsnr:9", "1 points", 1000},
		{"logsnr:9,,-9", `"" among the points`, 1000},
		{"logsnr:9,x", `"x" among the points`, 1000},
		{"logsnr:NaN,0", "point 1", 1000},
		{"logsnr:9,-Inf", "point 2", 1000},
		{"logsnr:17,0", "point 1 of the log SNR is 17, want -16 to 16", 1000},
		{"logsnr:1,0,0", "point 3 of the log SNR is 0, want at least 0.01 below the one before, 0", 1000},
		{"logsnr:1,2", "point 2 of the log SNR is 2", 1000},
		{"logsnr:9,8,7,6,5,4,3,2,1,0,-1,-2,-3,-4,-5,-6,-7", "17 points", 1000},
		{"logsnr:9,0,-9", "through 3 points, want 3 to", 2},
		{"logsnr:9,0,-9", "want 3 to", MaxT + 1},
	} {
		if _, err := New(c.name, c.T); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s, T=%d: %v, want an error that says %q", c.name, c.T, err, c.say)
		}
	}
	if s, err := New("logsnr:9,0,-9", 3); err != nil || s.T != 3 || math.Abs(s.AlphaBar[2]-0.5) > 1e-15 {
		t.Errorf("logsnr:9,0,-9 with 3 steps: %v, %v", s, err)
	}
}

func TestExponential(t *testing.T) {
	for i := -70_000; i <= 70_000; i++ {
		x := float64(i) / 3001
		if got, want := exponential(x), math.Exp(x); !near(got, want, 9e-16) {
			t.Fatalf("exponential(%v) is %v, want %v", x, got, want)
		}
	}
	if exponential(0) != 1 {
		t.Error("exponential(0) is not 1")
	}
}
