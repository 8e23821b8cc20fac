package diffusion

import (
	"math"

	"github.com/ddpm-go/ddpm/core/schedule"
)

// Mixture is a distribution of x_0 for which all that a network has to learn is
// known: a sum of isotropic Gaussians,
//
//	q(x_0) = Σ_k w_k·N(m_k, s²·I)
//
// With s = 0 it is a finite data set, the m_k its images. Then q(x_{t−1}|x_t)
// takes a sum over all of the data for every x_t: it is what p_θ(x_{t−1}|x_t)
// stands in for.
//
// Given the component k, x_t is N(√ᾱ_t·m_k, v_t·I) with v_t = ᾱ_t·s² + 1 − ᾱ_t.
type Mixture[F Float] struct {
	Means   [][]F     // m_k, all of the same length
	Weights []float64 // w_k, of any sum; nil if they are equal
	Spread  float64   // s
}

// Variance returns v_t, the variance of x_t within a component, 0 ≤ t ≤ T.
func (m *Mixture[F]) Variance(s *schedule.Schedule, t int) float64 {
	return float64(s.AlphaBar[t]*m.Spread*m.Spread) + 1 - s.AlphaBar[t]
}

// Responsibilities returns q(k|x_t), how probable it is that x_t comes from
// component k, 0 ≤ t ≤ T (1 ≤ t if s = 0), and ln q(x_t), in nats:
//
//	q(k|x_t) = w_k·N(x_t; √ᾱ_t·m_k, v_t·I) / q(x_t)
func (m *Mixture[F]) Responsibilities(xt []F, s *schedule.Schedule, t int) (shares []float64, logDensity float64) {
	shares = m.logWeights()
	signal, v := math.Sqrt(s.AlphaBar[t]), m.Variance(s, t)
	for k, mean := range m.Means {
		if len(mean) != len(xt) {
			panic("diffusion: slices of different lengths")
		}
		var square float64
		for i, x := range xt {
			d := float64(x) - float64(signal*float64(mean[i]))
			square += float64(d * d)
		}
		shares[k] -= square / (2 * v)
	}
	return shares, normalize(shares) - logVolume(len(xt), v)
}

// Eps sets dst to E[ε|x_t], the ε_θ(x_t, t) at which L_simple is least, 1 ≤ t ≤ T:
//
//	√(1−ᾱ_t)/v_t·(x_t − √ᾱ_t·Σ_k q(k|x_t)·m_k)
func (m *Mixture[F]) Eps(dst, xt []F, s *schedule.Schedule, t int) {
	if len(dst) != len(xt) {
		panic("diffusion: slices of different lengths")
	}
	shares, _ := m.Responsibilities(xt, s, t)
	centre := make([]float64, len(xt))
	for k, share := range shares {
		if share == 0 { // most of a data set is too far away to count
			continue
		}
		for i, x := range m.Means[k] {
			centre[i] += float64(share * float64(x))
		}
	}
	signal, sigma := amplitudes(s, t)
	scale := sigma / m.Variance(s, t)
	for i, x := range xt {
		dst[i] = F(scale * (float64(x) - float64(signal*centre[i])))
	}
}

// LogReverse returns ln q(x_{t−1}|x_t), in nats, 1 ≤ t ≤ T (2 ≤ t if s = 0, as
// x_0 has no density then):
//
//	ln Σ_k q(k|x_t)·N(x_{t−1}; √ᾱ_{t−1}·m_k + √α_t·v_{t−1}/v_t·(x_t − √ᾱ_t·m_k), ρ²·I)
//
// with ρ² as in ReverseVariance. If s = 0, the Gaussians are the posteriors
// q(x_{t−1}|x_t,x_0) of the images.
func (m *Mixture[F]) LogReverse(before, xt []F, s *schedule.Schedule, t int) float64 {
	if len(before) != len(xt) {
		panic("diffusion: slices of different lengths")
	}
	shares, _ := m.Responsibilities(xt, s, t)
	rho := m.ReverseVariance(s, t)
	keep, gain := m.reverseMean(s, t)
	for k, mean := range m.Means {
		if shares[k] == 0 {
			shares[k] = math.Inf(-1)
			continue
		}
		var square float64
		for i, x := range before {
			d := float64(x) - float64(keep*float64(mean[i])) - float64(gain*float64(xt[i]))
			square += float64(d * d)
		}
		shares[k] = math.Log(shares[k]) - square/(2*rho)
	}
	return normalize(shares) - logVolume(len(xt), rho)
}

// ReverseAt returns the density of q(x_{t−1}|x_t) along one element of the image,
// whatever the others are, at each of the values that element could have:
//
//	Σ_k q(k|x_t)·N(value; mean of component k at the element, ρ²)
//
// shares are Responsibilities of that x_t, whose element is xt.
func (m *Mixture[F]) ReverseAt(dst, values []float64, shares []float64, xt float64, element int, s *schedule.Schedule, t int) {
	if len(dst) != len(values) || len(shares) != len(m.Means) {
		panic("diffusion: slices of different lengths")
	}
	rho := m.ReverseVariance(s, t)
	keep, gain := m.reverseMean(s, t)
	clear(dst)
	for k, share := range shares {
		if share == 0 {
			continue
		}
		mean := float64(keep*float64(m.Means[k][element])) + float64(gain*xt)
		for i, value := range values {
			dst[i] += float64(share * Density(value, mean, rho))
		}
	}
}

// reverseMean returns the factors of m_k and of x_t in a component's mean of x_{t−1}.
func (m *Mixture[F]) reverseMean(s *schedule.Schedule, t int) (keep, gain float64) {
	gain = math.Sqrt(s.Alpha[t]) * m.Variance(s, t-1) / m.Variance(s, t)
	return math.Sqrt(s.AlphaBar[t-1]) - float64(gain*math.Sqrt(s.AlphaBar[t])), gain
}

// ReverseVariance returns ρ², the variance of x_{t−1} given x_t and a component;
// of a single Gaussian it is Var q(x_{t−1}|x_t), the best σ_t². It lies between
// β̃_t, where s = 0, and β_t, where s = 1.
func (m *Mixture[F]) ReverseVariance(s *schedule.Schedule, t int) float64 {
	return s.Beta[t] * m.Variance(s, t-1) / m.Variance(s, t)
}

// logWeights returns ln w_k, of weights that add up to 1.
func (m *Mixture[F]) logWeights() []float64 {
	if m.Weights != nil && len(m.Weights) != len(m.Means) {
		panic("diffusion: slices of different lengths")
	}
	logs := make([]float64, len(m.Means))
	for k := range logs {
		if m.Weights != nil {
			logs[k] = math.Log(m.Weights[k])
		}
	}
	normalize(logs)
	for k, w := range logs {
		logs[k] = math.Log(w)
	}
	return logs
}

// logVolume is what the logarithm of a Gaussian's density lacks at its mean, of
// d elements of that variance.
func logVolume(d int, variance float64) float64 {
	return float64(d) * math.Log(2*math.Pi*variance) / 2
}

// normalize turns logarithms into shares of 1, and returns the logarithm of what
// they were shares of.
func normalize(logs []float64) float64 {
	most := math.Inf(-1)
	for _, v := range logs {
		most = max(most, v)
	}
	var sum float64
	for i, v := range logs {
		logs[i] = math.Exp(v - most)
		sum += logs[i]
	}
	for i := range logs {
		logs[i] /= sum
	}
	return most + math.Log(sum)
}
