package bench

import (
	"github.com/ddpm-go/ddpm/core/unet"
	"github.com/ddpm-go/ddpm/tools/dataset"
	"github.com/ddpm-go/ddpm/tools/train"
)

// Training is the rate of a step of the trainer: forward, backward, Adam, the
// average of the weights.
type Training struct {
	Batch   int     `json:"batch"`
	Threads int     `json:"threads"`
	Seconds float64 `json:"seconds"` // for a step
	Images  float64 `json:"images_per_s"`
	GFLOPs  float64 `json:"gflops"` // effective; backward is two convolutions for each of forward
	Share   float64 `json:"share"`  // of the ceiling of so many threads
	// Efficiency is the rate over that of as many single threads, and Machine the
	// same of the ceiling: what threads of one core can give.
	Efficiency float64 `json:"efficiency"`
	Machine    float64 `json:"machine_efficiency"`
}

// MeasureTraining measures the trainer on pictures of noise.
func MeasureTraining(c Clock, m Machine, config unet.Config, threads int) ([]Training, error) {
	data := noise(config)
	setup := train.Default
	setup.Net, setup.Classes, setup.Steps = config, data.Classes, 1<<30
	var (
		list   []Training
		runs   []func()
		failed error
	)
	for _, n := range threadCounts(threads) {
		trainer, err := train.New(setup, data, n)
		if err != nil {
			return nil, err
		}
		list = append(list, Training{Batch: setup.Batch, Threads: n})
		runs = append(runs, func() {
			if _, err := trainer.Step(); err != nil {
				failed = err
			}
		})
	}
	for i, seconds := range c.Seconds(runs...) {
		r, n := &list[i], float64(list[i].Threads)
		r.Seconds = seconds
		r.Images = float64(r.Batch) / seconds
		r.GFLOPs = 3 * 2e-9 * float64(config.MulAdds()) * r.Images
		r.Share = r.GFLOPs / m.peak(r.Threads)
		r.Efficiency = r.Images / (n * list[0].Images)
		r.Machine = m.peak(r.Threads) / (n * m.peak(1))
	}
	return list, failed
}

// noise is a set that fits the network.
func noise(c unet.Config) *dataset.Dataset {
	const pictures = 256
	d := &dataset.Dataset{
		Name: "noise", Height: c.ImageSize, Width: c.ImageSize, Channels: c.InChannels,
		Classes: make([]string, c.NumClasses), Labels: make([]uint8, pictures),
	}
	d.Pixels = make([]byte, pictures*d.Size())
	for i := range d.Pixels {
		d.Pixels[i] = byte(uint32(i) * 2654435761 >> 24)
	}
	return d
}
