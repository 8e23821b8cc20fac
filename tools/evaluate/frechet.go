package evaluate

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Gaussian is the mean and the covariance of feature vectors.
type Gaussian struct {
	Mean       []float64
	Covariance *mat.SymDense
}

// Fit is the Gaussian with the moments of n vectors of the given length,
// [n][length], which count as much as weights says, nil for all alike; the
// covariance is the unbiased one where weights are, in the mean, 1.
func Fit(features []float32, length int, weights []float64) (Gaussian, error) {
	n := len(features) / length
	if n < 2 {
		return Gaussian{}, errors.New("a covariance needs at least two feature vectors")
	}
	if weights != nil && len(weights) != n {
		return Gaussian{}, errors.New("as many weights as feature vectors are needed, or none")
	}
	values := make([]float64, n*length)
	for i, v := range features[:n*length] {
		values[i] = float64(v)
	}
	x := mat.NewDense(n, length, values)
	g := Gaussian{Mean: make([]float64, length), Covariance: mat.NewSymDense(length, nil)}
	for j := range g.Mean {
		g.Mean[j] = stat.Mean(mat.Col(nil, j, x), weights)
	}
	stat.CovarianceMatrix(g.Covariance, x, weights)
	return g, nil
}

// FrechetDistance is the squared Wasserstein-2 distance of two Gaussians (Dowson
// & Landau, 1982; Heusel et al., 2017, for images),
//
//	‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2·(Σ₁^½·Σ₂·Σ₁^½)^½)
//
// with the square roots of symmetric matrices taken by their eigenvalues, where
// rounding below 0 counts as 0.
func FrechetDistance(a, b Gaussian) (float64, error) {
	n := len(a.Mean)
	if len(b.Mean) != n {
		return 0, errors.New("Gaussians over features of different number")
	}
	root, err := squareRoot(a.Covariance)
	if err != nil {
		return 0, err
	}
	var half, product mat.Dense
	half.Mul(root, b.Covariance)
	product.Mul(&half, root)
	middle := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			middle.SetSym(i, j, (product.At(i, j)+product.At(j, i))/2)
		}
	}
	values, _, err := eigen(middle)
	if err != nil {
		return 0, err
	}
	distance := mat.Trace(a.Covariance) + mat.Trace(b.Covariance)
	for _, v := range values {
		distance -= 2 * math.Sqrt(v)
	}
	for i := range a.Mean {
		distance += (a.Mean[i] - b.Mean[i]) * (a.Mean[i] - b.Mean[i])
	}
	return max(distance, 0), nil
}

// distanceTo is the Fréchet distance of feature vectors, with their weights, from a
// Gaussian.
func distanceTo(reference Gaussian, features []float32, length int, weights []float64) (float64, error) {
	g, err := Fit(features, length, weights)
	if err != nil {
		return 0, err
	}
	return FrechetDistance(g, reference)
}

// classWeights are weights with which samples of the classes that were asked for
// count as often as the classes do in the data, 1 in the mean: a model is asked for
// p(x|class), and p(class) is the data's. They are nil, for all alike, where nothing
// differs or some sample was asked for without a class.
func classWeights(asked []int, labels []uint8) []float64 {
	var ofAsked, ofData [256]float64
	for _, class := range asked {
		if class < 0 {
			return nil
		}
		ofAsked[class]++
	}
	shared := 0.0 // of the data: labels that were asked for
	for _, label := range labels {
		if ofAsked[label] > 0 {
			ofData[label]++
			shared++
		}
	}
	if shared == 0 {
		return nil
	}
	weights, differs := make([]float64, len(asked)), false
	for i, class := range asked {
		weights[i] = ofData[class] / shared * float64(len(asked)) / ofAsked[class]
		differs = differs || weights[i] != 1
	}
	if !differs {
		return nil
	}
	return weights
}

// squareRoot is the symmetric S with S·S = a.
func squareRoot(a *mat.SymDense) (*mat.Dense, error) {
	values, vectors, err := eigen(a)
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		values[i] = math.Sqrt(v)
	}
	var half, root mat.Dense
	half.Mul(vectors, mat.NewDiagDense(len(values), values))
	root.Mul(&half, vectors.T())
	return &root, nil
}

// eigen is the eigenvalues of a matrix that is positive semidefinite but for
// rounding, and its eigenvectors, in columns.
func eigen(a *mat.SymDense) (values []float64, vectors *mat.Dense, err error) {
	var e mat.EigenSym
	if !e.Factorize(a, true) {
		return nil, nil, errors.New("the eigenvalues of a covariance do not converge; are there features that are not finite?")
	}
	values = e.Values(nil)
	for i, v := range values {
		values[i] = max(v, 0)
	}
	vectors = new(mat.Dense)
	e.VectorsTo(vectors)
	return values, vectors, nil
}
