//go:build wasip1

package main

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// Schedule replies with eight tables of T+1 float64 each, one after the
// other: β_t, ᾱ_t, √ᾱ_t, √(1−ᾱ_t), SNR(t), log SNR(t), √(1−β_t) and √β_t; the
// index is the paper's t.
//
//go:wasmexport Schedule
func Schedule(name string, T uint32) int32 {
	s, err := schedule.New(name, int(T))
	if err != nil {
		return fail(err)
	}
	n := s.T + 1
	table := make([]float64, 8*n)
	copy(table, s.Beta)
	copy(table[n:], s.AlphaBar)
	for t := range n {
		table[2*n+t] = math.Sqrt(s.AlphaBar[t])
		table[3*n+t] = math.Sqrt(1 - s.AlphaBar[t])
		table[4*n+t] = s.SNR(t)
		table[5*n+t] = s.LogSNR(t)
		table[6*n+t] = math.Sqrt(s.Alpha[t])
		table[7*n+t] = math.Sqrt(s.Beta[t])
	}
	return answer(table)
}
