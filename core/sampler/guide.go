package sampler

import "slices"

// Guided returns options for the same pictures with the guidance inside of the
// predictor, so that what is put around that gets the guided ε̂.
func (o Options) Guided() Options {
	o.Classes = slices.Clone(o.Classes)
	g := newGuide(o.Predictor, o.Guidance, o.Interval, len(o.Classes), o.Size, o.Classes)
	o.Predictor, o.Guidance, o.Interval = &g, 1, Interval{}
	return o
}

// guide predicts ε for a batch with classifier-free guidance.
type guide struct {
	predictor Predictor
	weight    float32
	interval  Interval
	null      []float32 // ε(Null); nil unless the network is evaluated twice
	nulls     []int     // the classes of the second evaluation, all Null
}

// newGuide plans for at most n images of the classes given, and sets those to
// Null if the weight ignores them.
func newGuide(p Predictor, weight float64, interval Interval, n, size int, classes ...[]int) guide {
	g := guide{predictor: p, weight: float32(weight), interval: interval, nulls: make([]int, n)}
	conditional := false
	for _, list := range classes {
		for i := range list {
			if weight == 0 {
				list[i] = Null
			}
			conditional = conditional || list[i] != Null
		}
	}
	for i := range g.nulls {
		g.nulls[i] = Null
	}
	if conditional && weight != 1 {
		g.null = make([]float32, n*size)
	}
	return g
}

// PredictEps sets eps to the guided ε̂ at x_t, where t is the original schedule's.
func (g *guide) PredictEps(eps, xt []float32, t int, classes []int) {
	g.predictor.PredictEps(eps, xt, t, classes)
	if g.null == nil || !g.interval.Contains(t) {
		return
	}
	null := g.null[:len(eps)]
	g.predictor.PredictEps(null, xt, t, g.nulls[:len(classes)])
	for i, v := range null {
		eps[i] = v + float32(g.weight*(eps[i]-v))
	}
}
