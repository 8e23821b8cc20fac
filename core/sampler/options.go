// Package sampler draws images from a diffusion model, one denoising step at a
// time. It knows the network only as a Predictor of ε.
//
// A run is a batch of images that share a schedule. An image's noise is keyed
// by its index in the whole run and by the original t, so a batch may be split
// between workers, by Options.First, without changing a bit of any image, as
// long as the Predictor treats each image by itself. A run allocates nothing
// once it has begun.
package sampler

import (
	"errors"
	"math"
	"strconv"

	"github.com/ddpm-go/ddpm/core/diffusion"
	"github.com/ddpm-go/ddpm/core/schedule"
)

// Null is the class of an image that is drawn without one.
const Null = -1

// Predictor predicts the noise in a batch of images: it sets eps to ε_θ(x_t, t,
// class). xt and eps are [len(classes)][size], row-major; t is the original
// schedule's, 1…T; a class may be Null. It may write to eps only, and may not
// keep any of the slices.
type Predictor interface {
	PredictEps(eps, xt []float32, t int, classes []int)
}

// Options says what to draw.
type Options struct {
	Schedule  *schedule.Schedule // respaced to the steps to take
	Predictor Predictor
	Size      int    // float32 values an image, at least 1
	Seed      uint64 // of all noise
	First     int    // index of the first image in the whole run
	Classes   []int  // one an image, Null for none; its length is the batch

	// Guidance is the weight w of classifier-free guidance, any finite number:
	// ε̂ = ε(Null) + w·(ε(class) − ε(Null)) (Ho & Salimans, 2022,
	// arXiv:2207.12598, eq. 6, whose 1+w is our w). At 1 it is plain conditional
	// sampling, at 0 the classes are ignored; the network is evaluated twice a
	// step only if w is neither and some image has a class.
	Guidance float64

	// Interval is where guidance acts; elsewhere sampling is plain conditional, at the
	// cost of one evaluation. Guidance at much noise costs variety and at little
	// noise does nothing but cost (Kynkäänniemi et al., 2024, arXiv:2404.07724).
	Interval Interval

	// Clip bounds the predicted x̂_0 to [−1, 1] in each step. All that is used of
	// a prediction is then the clipped x̂_0 and the ε that it implies.
	Clip bool

	Variance diffusion.Variance // σ_t² of DDPM; others ignore it
	Eta      float64            // η of DDIM and DPMSolverPP, 0 (deterministic) to 1; others ignore it

	// Start, if not nil, is where the run starts in place of noise: x_t at the
	// schedule's last step, [len(Classes)][Size]. The run copies it.
	Start []float32

	// SameNoise gives all images the noise of image 0 of the whole run.
	SameNoise bool

	Branch  *Branch     // nil for none
	Inpaint *Inpainting // nil for none
}

// validateEta reports an η that no sampler has.
func (o Options) validateEta() error {
	if o.Eta >= 0 && o.Eta <= 1 {
		return nil
	}
	return errors.New("sampler: eta is " + strconv.FormatFloat(o.Eta, 'g', -1, 64) + ", want 0 to 1")
}

// Interval is the original schedule's t from From to To, both included; the zero
// Interval is every t.
type Interval struct{ From, To int }

// Contains says whether t is in the interval.
func (i Interval) Contains(t int) bool { return i == Interval{} || i.From <= t && t <= i.To }

// String is "From-To", and nothing for every t.
func (i Interval) String() string {
	if i == (Interval{}) {
		return ""
	}
	return strconv.Itoa(i.From) + "-" + strconv.Itoa(i.To)
}

// maxValues bounds a batch, 8 GB an array: far more than fits, far less than
// what overflows.
const maxValues = 1 << 31

// validate reports what in o no sampler can work with.
func (o Options) validate() error {
	switch {
	case o.Schedule == nil || o.Schedule.T < 1:
		return errors.New("sampler: no schedule")
	case o.Predictor == nil:
		return errors.New("sampler: no predictor")
	case o.Size < 1:
		return errors.New("sampler: images of " + strconv.Itoa(o.Size) + " values, want at least 1")
	case len(o.Classes) < 1:
		return errors.New("sampler: no images, want at least one class (Null for an image without)")
	case o.Size > maxValues/len(o.Classes):
		return errors.New("sampler: " + strconv.Itoa(len(o.Classes)) + " images of " + strconv.Itoa(o.Size) +
			" values are too many for one batch")
	case o.First < 0 || uint64(o.First)+uint64(len(o.Classes)) > 1<<32:
		return errors.New("sampler: the first image's index is " + strconv.Itoa(o.First) +
			", want 0 or more, and the last one's below 2^32")
	case !(math.Abs(o.Guidance) <= math.MaxFloat32):
		return errors.New("sampler: the guidance weight is not a finite number")
	case o.Interval != Interval{} && (o.Interval.From < 1 || o.Interval.To < o.Interval.From):
		return errors.New("sampler: guidance acts in an interval that begins after its end, or before t = 1")
	case o.Start != nil && len(o.Start) != o.Size*len(o.Classes):
		return errors.New("sampler: a start of " + strconv.Itoa(len(o.Start)) + " values, want " +
			strconv.Itoa(o.Size*len(o.Classes)))
	case o.Branch != nil && (o.Start != nil || o.Inpaint != nil):
		return errors.New("sampler: a run that branches starts from noise and inpaints nothing")
	}
	if o.Branch != nil {
		if err := o.Branch.validate(o.Schedule); err != nil {
			return err
		}
	}
	if o.Inpaint != nil {
		if err := o.Inpaint.validate(o.Size, o.Schedule.T); err != nil {
			return err
		}
	}
	for i, class := range o.Classes {
		if class < Null {
			return errors.New("sampler: image " + strconv.Itoa(i) + " has class " + strconv.Itoa(class) +
				", want 0 or more, or -1 for none")
		}
	}
	return nil
}
