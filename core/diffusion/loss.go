package diffusion

// LSimple returns one example's term of L_simple (eq. 14), as the mean over its
// d elements rather than the sum, so that it does not grow with the image:
//
//	‖ε − ε_θ(x_t, t)‖²/d
//
// For another Prediction, give its Target and the network's output. The sum is
// kept in float64.
func LSimple(target, predicted []float32) float64 {
	if len(target) != len(predicted) || len(target) == 0 {
		panic("diffusion: slices of different lengths, or empty")
	}
	var sum float64
	for i, e := range target {
		d := float64(e) - float64(predicted[i])
		sum += float64(d * d)
	}
	return sum / float64(len(target))
}
