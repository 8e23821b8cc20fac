package train

import "github.com/ddpm-go/ddpm/core/nn"

// Adam is the optimizer by itself, with Default's β_1 and β_2, for a network that
// no Trainer trains.
type Adam struct {
	adam  adam
	spans []span
	steps int
}

// NewAdam makes the optimizer of a network with these parameters. decay is the
// decoupled weight decay, λ.
func NewAdam(params []nn.Param, decay float64) *Adam {
	n := 0
	for _, p := range params {
		n += p.Len()
	}
	return &Adam{
		adam:  adam{m: make([]float32, n), v: make([]float32, n), beta1: Default.Beta1, beta2: Default.Beta2, decay: decay},
		spans: spans(params),
	}
}

// Step moves the weights by one step at the given rate.
func (a *Adam) Step(w, grad []float32, rate float64) {
	a.steps++
	for _, s := range a.spans {
		a.adam.step(w, grad, s, a.steps, rate, 1)
	}
}
