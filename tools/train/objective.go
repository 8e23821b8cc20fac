package train

import (
	"math"
	"strconv"
	"strings"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// objective is what the network is asked for at each t: the loss of an example
// is weight[t]·mean((target − output)²).
type objective struct {
	schedule   *schedule.Schedule
	prediction diffusion.Prediction
	weight     []float64 // [T+1]; 1 everywhere for L_simple of the prediction
	toEps      []float64 // [T+1]; (ε − ε̂)² / (target − output)²
}

func newObjective(c Config) (*objective, error) {
	s, err := schedule.New(c.Schedule, c.Timesteps)
	if err != nil {
		return nil, err
	}
	p, err := diffusion.ParsePrediction(c.Prediction)
	if err != nil {
		return nil, err
	}
	o := &objective{schedule: s, prediction: p, weight: make([]float64, s.T+1), toEps: make([]float64, s.T+1)}
	var total float64 // of the weights of ε's errors in L_VLB
	if c.Weighting == weightedVLB {
		for t := 1; t <= s.T; t++ {
			total += vlbWeight(s, t)
		}
	}
	for t := 1; t <= s.T; t++ {
		// With x_t given, ε, v, x_0, μ̃ and r are affine functions of each other;
		// toEps is the square of ε's slope.
		bar := s.AlphaBar[t]
		switch p {
		case diffusion.Eps:
			o.toEps[t] = 1
		case diffusion.V:
			o.toEps[t] = bar
		case diffusion.X0:
			o.toEps[t] = bar / (1 - bar)
		case diffusion.Mu:
			signal, sigma := math.Sqrt(bar), math.Sqrt(1-bar)
			slope := signal / (s.PosteriorMeanX0[t] * sigma)
			o.toEps[t] = slope * slope
		case diffusion.Residual:
			slope := diffusion.ResidualSlope(s, t)
			o.toEps[t] = slope * slope
		}
		o.weight[t] = 1
		if c.MinSNR > 0 {
			// Hang et al. (2023), §3.4: min(SNR, γ) on the error of x_0, which is
			// that of ε divided by SNR.
			snr := bar / (1 - bar)
			o.weight[t] = min(snr, c.MinSNR) / snr * o.toEps[t]
		}
		if c.Weighting == weightedVLB {
			// Their mean is 1: only then do a rate and a clip mean what they mean elsewhere.
			o.weight[t] = vlbWeight(s, t) * float64(s.T) / total * o.toEps[t]
		}
		if most := mostOfX0(c.Weighting); most > 0 {
			snr := bar / (1 - bar)
			o.weight[t] = min(1+snr, most) / snr * o.toEps[t]
		}
	}
	return o, nil
}

// weightedVLB is the weighting by which the loss is L_VLB, up to a factor.
const weightedVLB = "vlb"

// weightedX0 is the weighting by which the loss is the squared error of x̂_0, whatever
// the network predicts. With a number γ behind it, x0:γ, that error counts min(1+SNR, γ)
// times: 1+SNR makes it the error of v, so that γ stands between the two.
const weightedX0 = "x0"

// mostOfX0 is the γ of such a weighting, and 0 if it is another.
func mostOfX0(weighting string) float64 {
	if weighting == weightedX0 {
		return 1
	}
	text, ok := strings.CutPrefix(weighting, weightedX0+":")
	most, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || !(most > 1) || math.IsInf(most, 1) {
		return 0
	}
	return most
}

// vlbWeight is that of ε's error at t in L_VLB (Ho et al., eq. 12), with the variance
// β_t: with β̃_t, which is 0 at t = 1, the term there would have no weight.
func vlbWeight(s *schedule.Schedule, t int) float64 {
	return diffusion.RegressionWeight(s, t, s.Beta[t])
}

// loss returns the loss of a network's output against its target, the same
// error in terms of ε, and writes the loss's gradient, times scale, to dout.
func (o *objective) loss(dout, out, target []float32, t int, scale float64) (loss, simple float64) {
	by := float32(2 * o.weight[t] * scale / float64(len(out)))
	var sum float64
	for i, y := range out {
		d := y - target[i]
		dout[i] = by * d
		sum += float64(d) * float64(d)
	}
	mean := sum / float64(len(out))
	return o.weight[t] * mean, o.toEps[t] * mean
}

// diverged reports a number after which training would only spoil the weights.
func diverged(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
