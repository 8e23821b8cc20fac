package main

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/schedule"
)

func TestScheduleIsTheCores(t *testing.T) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		for _, name := range []string{"linear", "cosine", "logsnr:9,1,-9"} {
			for _, T := range []int{40, 1000} {
				s, err := schedule.New(name, T)
				if err != nil {
					t.Fatal(err)
				}
				e.mustWith("Schedule", []byte(name), uint64(T))
				table := e.doubles()
				n := T + 1
				if len(table) != 8*n {
					t.Fatalf("%s: %d values, want %d", name, len(table), 8*n)
				}
				for step := range n {
					want := [...]float64{s.Beta[step], s.AlphaBar[step], math.Sqrt(s.AlphaBar[step]), math.Sqrt(1 - s.AlphaBar[step]), s.SNR(step)}
					for row, w := range want {
						if got := table[row*n+step]; got != w {
							t.Fatalf("%s, T=%d: table %d at t=%d is %v, want %v", name, T, row, step, got, w)
						}
					}
					// math.Log may differ in the last bit between platforms.
					if got, w := table[5*n+step], s.LogSNR(step); !(math.Abs(got-w) < 1e-12) && got != w {
						t.Fatalf("%s, T=%d: log SNR at t=%d is %v, want %v", name, T, step, got, w)
					}
					if got, w := table[6*n+step], math.Sqrt(s.Alpha[step]); got != w {
						t.Fatalf("%s, T=%d: √α_%d is %v, want %v", name, T, step, got, w)
					}
					if got, w := table[7*n+step], math.Sqrt(s.Beta[step]); got != w {
						t.Fatalf("%s, T=%d: √β_%d is %v, want %v", name, T, step, got, w)
					}
				}
			}
		}
	})
}

func TestScheduleRefuses(t *testing.T) {
	forEachBuild(t, func(t *testing.T, e *instance) {
		for _, c := range []struct {
			name, say string
			T         uint64
		}{{"quadratic", "linear, cosine, sigmoid", 1000}, {"logsnr:9,10", "point 2", 1000}, {"linear", "steps", 0}, {"cosine", "steps", 1 << 30}} {
			e.refused(c.name, c.say, e.with("Schedule", []byte(c.name), c.T))
		}
		e.mustWith("Schedule", []byte("linear"), 1000)
	})
}
