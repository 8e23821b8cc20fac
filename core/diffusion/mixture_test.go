package diffusion

import (
	"math"
	"testing"

	"github.com/ddpm-go/ddpm/core/noise"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// mixtures are of images of three pixels: three Gaussians, and as many points.
func mixtures() map[string]*Mixture[float64] {
	means := [][]float64{{0.9, -0.3, 0.1}, {-0.5, -0.6, 0.2}, {-0.4, 0.8, -0.9}}
	return map[string]*Mixture[float64]{
		"gaussians": {Means: means, Weights: []float64{1, 2, 0.5}, Spread: 0.3},
		"points":    {Means: means},
	}
}

// draw returns n draws of x_0.
func (m *Mixture[F]) draw(n int, seed uint64) [][]float64 {
	var total float64
	for k := range m.Means {
		total += m.weight(k)
	}
	x := make([][]float64, n)
	z := make([]float32, len(m.Means[0]))
	for i := range x {
		noise.Normal(z, seed, noise.Initial, uint32(i), 0)
		left, k := total*noise.Uniform(seed, noise.Time, uint32(i), 0), 0
		for ; left >= m.weight(k) && k < len(m.Means)-1; k++ {
			left -= m.weight(k)
		}
		x[i] = make([]float64, len(z))
		for j := range z {
			x[i][j] = float64(m.Means[k][j]) + m.Spread*float64(z[j])
		}
	}
	return x
}

func (m *Mixture[F]) weight(k int) float64 {
	if m.Weights == nil {
		return 1
	}
	return m.Weights[k]
}

// TestMixtureScore: E[ε|x_t] = −√(1−ᾱ_t)·∇ ln q(x_t), with the gradient by
// central differences (Song et al., 2021; Tweedie's formula).
func TestMixtureScore(t *testing.T) {
	const h = 1e-5
	for which, m := range mixtures() {
		for name, s := range exactSchedules(t) {
			for i, x0 := range m.draw(5, 1) {
				for _, at := range edges(s) {
					xt := sample(x0, widen(normals(3, uint32(i))), s, at)
					got := make([]float64, len(xt))
					m.Eps(got, xt, s, at)
					_, sigma := amplitudes(s, at)
					for j := range xt {
						centre := xt[j]
						xt[j] = centre + h*sigma
						_, above := m.Responsibilities(xt, s, at)
						xt[j] = centre - h*sigma
						_, below := m.Responsibilities(xt, s, at)
						xt[j] = centre
						if want := -(above - below) / (2 * h); math.Abs(got[j]-want) > 1e-5*(1+math.Abs(want)) {
							t.Fatalf("%s, %s, t=%d: ε̂ is %v, the score says %v", which, name, at, got[j], want)
						}
					}
				}
			}
		}
	}
}

// TestMixtureReverseIsBayes checks q(x_{t−1}|x_t) = q(x_t|x_{t−1})·q(x_{t−1})/q(x_t)
// at random points: the reverse of the chain that the network stands in for.
func TestMixtureReverseIsBayes(t *testing.T) {
	for which, m := range mixtures() {
		for name, s := range exactSchedules(t) {
			for i, x0 := range m.draw(5, 2) {
				for at := 2; at <= s.T; at += max(1, s.T/20) {
					before := sample(x0, widen(normals(3, uint32(2*i))), s, at-1)
					z := widen(normals(3, uint32(2*i+1)))
					xt := make([]float64, len(x0))
					var forward float64
					for j := range xt {
						mean := math.Sqrt(s.Alpha[at]) * before[j]
						xt[j] = mean + math.Sqrt(s.Beta[at])*z[j]
						forward += logDensity(xt[j], mean, s.Beta[at])
					}
					_, earlier := m.Responsibilities(before, s, at-1)
					_, later := m.Responsibilities(xt, s, at)
					got, want := m.LogReverse(before, xt, s, at), forward+earlier-later
					if math.Abs(got-want) > 1e-7*(1+math.Abs(want)) {
						t.Fatalf("%s, %s, t=%d: ln q(x_{t−1}|x_t) is %v, by Bayes' rule %v", which, name, at, got, want)
					}
				}
			}
		}
	}
}

// TestMixtureOfOne is a Gaussian, whose reverse has one closed form.
func TestMixtureOfOne(t *testing.T) {
	g := gaussianData{0.3, 0.5}
	m := &Mixture[float64]{Means: [][]float64{{g.mean}}, Spread: g.spread}
	for name, s := range exactSchedules(t) {
		for _, at := range edges(s) {
			xt, eps := []float64{0.7}, []float64{0}
			m.Eps(eps, xt, s, at)
			if want := g.eps(xt[0], s, at); !relative(eps[0], want, 1e-12) {
				t.Errorf("%s, t=%d: ε̂ is %v, want %v", name, at, eps[0], want)
			}
			if got, want := m.ReverseVariance(s, at), g.reverse(s, at); !relative(got, want, 1e-12) {
				t.Errorf("%s, t=%d: ρ² is %v, want %v", name, at, got, want)
			}
			mean := reverseMean(xt[0], eps[0], s, at)
			got, want := m.LogReverse([]float64{0.2}, xt, s, at), logDensity(0.2, mean, g.reverse(s, at))
			if !relative(got, want, 1e-9) {
				t.Errorf("%s, t=%d: ln q(x_{t−1}|x_t) is %v, want %v", name, at, got, want)
			}
		}
	}
}

// TestWhyANetwork is the finite data set: q(x_{t−1}|x_t) is a sum over all of
// it and no single Gaussian, and what p_θ loses to it splits as
//
//	E KL(q(x_{t−1}|x_t,x_0) ‖ p_θ) = E KL(q(x_{t−1}|x_t) ‖ p_θ) + I(x_{t−1}; x_0 | x_t)
//
// into what a better p_θ could gain and what none can. All three are estimated
// from the same draws, for the best ε_θ and for one that has never seen the data.
func TestWhyANetwork(t *testing.T) {
	const n, sigmas = 4000, 4.5
	m := mixtures()["points"]
	s := exactSchedules(t)["steep"]
	draws := m.draw(n, 3)
	most := 0.0
	for at := 2; at <= s.T; at++ {
		tilde := s.PosteriorVariance[at]
		var gaps [2]float64
		for model, predict := range []func(eps, xt []float64){
			func(eps, xt []float64) { m.Eps(eps, xt, s, at) },
			func(eps, xt []float64) { // as if x_0 were always 0
				for i := range eps {
					eps[i] = xt[i] / math.Sqrt(1-s.AlphaBar[at])
				}
			},
		} {
			var rest, squares float64
			for i, x0 := range draws {
				xt := sample(x0, widen(normals(3, uint32(i))), s, at)
				z := widen(normals(3, uint32(n+i)))
				eps, before := make([]float64, 3), make([]float64, 3)
				predict(eps, xt)
				var logP, logQ float64
				for j := range before {
					mean := s.PosteriorMeanX0[at]*x0[j] + s.PosteriorMeanXt[at]*xt[j]
					before[j] = mean + math.Sqrt(tilde)*z[j]
					logQ += logDensity(before[j], mean, tilde)
					logP += logDensity(before[j], reverseMean(xt[j], eps[j], s, at), tilde)
				}
				whole := PosteriorKL(x0, xt, eps, s, at, tilde)
				exact := m.LogReverse(before, xt, s, at)
				gaps[model] += (exact - logP) / n
				d := whole - (exact - logP) - (logQ - exact)
				rest, squares = rest+d/n, squares+d*d/n
			}
			if standard := math.Sqrt(squares / n); math.Abs(rest) > sigmas*standard {
				t.Errorf("t=%d, model %d: the two parts miss the divergence by %v ± %v nats", at, model, rest, standard)
			}
		}
		if !(gaps[0] < gaps[1]) {
			t.Errorf("t=%d: the best ε_θ loses %v nats, one without data %v", at, gaps[0], gaps[1])
		}
		most = max(most, gaps[0])
	}
	// However good ε_θ is, q(x_{t−1}|x_t) between points that are still apart is
	// not a Gaussian.
	if most < 0.01 {
		t.Errorf("the best ε_θ loses %v nats at most: the data are too easy", most)
	}
}

// A far-off x_t is nobody's, and still has finite numbers.
func TestMixtureFarOut(t *testing.T) {
	s := schedule.Linear(1000)
	for which, m := range mixtures() {
		xt, eps := []float64{1e4, -1e4, 1e4}, make([]float64, 3)
		m.Eps(eps, xt, s, 2)
		for _, v := range append(eps, m.LogReverse(xt, xt, s, 2)) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s: %v", which, v)
			}
		}
	}
}

// TestReverseAt: on a line the density along the one element is that of the whole; of
// several elements it does not depend on the others but by the shares, and adds up to 1.
func TestReverseAt(t *testing.T) {
	s := exactSchedules(t)["steep"]
	one := &Mixture[float64]{Means: [][]float64{{-0.5}, {0.25}, {0.9}}, Weights: []float64{1, 2, 1}, Spread: 0.1}
	values, density := []float64{-1.5, -0.2, 0, 0.4, 1}, make([]float64, 5)
	for at := 1; at <= s.T; at++ {
		xt := []float64{0.3}
		shares, _ := one.Responsibilities(xt, s, at)
		one.ReverseAt(density, values, shares, xt[0], 0, s, at)
		for i, x := range values {
			if want := math.Exp(one.LogReverse([]float64{x}, xt, s, at)); !relative(density[i], want, 1e-9) {
				t.Errorf("t=%d: the density at %v is %v, want %v", at, x, density[i], want)
			}
		}
	}
	data := &Mixture[float64]{Means: [][]float64{{-1, 1, 0}, {1, 1, 0}}}
	const n, step = 4000, 0.002
	line, along := make([]float64, n), make([]float64, n)
	for i := range line {
		line[i] = (float64(i) - n/2) * step
	}
	xt := []float64{0.2, 0.9, 0.1}
	shares, _ := data.Responsibilities(xt, s, 4)
	for element := range xt {
		data.ReverseAt(along, line, shares, xt[element], element, s, 4)
		var total float64
		for _, v := range along {
			total += v * step
		}
		if math.Abs(total-1) > 1e-6 {
			t.Errorf("along element %d the density adds up to %v", element, total)
		}
	}
}
