package unet

import (
	"math"
	"strconv"
)

// reference is the network once more, as plainly as can be: float64, planes of
// pixels, PyTorch's layouts, and parameters found by name.
type reference struct {
	config Config
	param  map[string][]float64
}

// planes are channels × side × side numbers.
type planes struct {
	channels, side int
	data           []float64
}

func newPlanes(channels, side int) planes {
	return planes{channels, side, make([]float64, channels*side*side)}
}

func (p planes) plane(c int) []float64 { return p.data[c*p.side*p.side : (c+1)*p.side*p.side] }

func (p planes) at(c, y, x int) float64 {
	if y < 0 || x < 0 || y >= p.side || x >= p.side {
		return 0
	}
	return p.data[(c*p.side+y)*p.side+x]
}

func (r *reference) forward(x planes, step, class int) planes {
	c := r.config
	emb := make([]float64, 32)
	for i := range 16 {
		f := math.Exp(-float64(i) * math.Log(10000) / 15)
		emb[i], emb[16+i] = math.Sin(float64(step)*f), math.Cos(float64(step)*f)
	}
	emb = r.linear("time_mlp.1.weight", "time_mlp.1.bias", emb)
	for i, v := range emb {
		emb[i] = silu(v)
	}
	emb = r.linear("time_mlp.3.weight", "time_mlp.3.bias", emb)
	if class != Null {
		for i := range emb {
			emb[i] += r.param["label_emb.weight"][class*len(emb)+i]
		}
	}
	h := r.conv("init_conv", x, 3)
	var skips []planes
	for i := range c.Depth {
		name := "downs." + strconv.Itoa(i)
		h = r.stage(name+".block", name+".attention", h, emb)
		skips = append(skips, h)
		pooled := newPlanes(h.channels, h.side/2)
		for j := range pooled.data {
			ch, y, x := j/(pooled.side*pooled.side), j/pooled.side%pooled.side, j%pooled.side
			pooled.data[j] = (h.at(ch, 2*y, 2*x) + h.at(ch, 2*y, 2*x+1) + h.at(ch, 2*y+1, 2*x) + h.at(ch, 2*y+1, 2*x+1)) / 4
		}
		h = pooled
	}
	h = r.stage("bot", "bot_attention", h, emb)
	for i := c.Depth - 1; i >= 0; i-- {
		name := "ups." + strconv.Itoa(c.Depth-1-i)
		joined := newPlanes(h.channels+skips[i].channels, 2*h.side)
		for j := range h.channels * joined.side * joined.side {
			ch, y, x := j/(joined.side*joined.side), j/joined.side%joined.side, j%joined.side
			joined.data[j] = h.at(ch, y/2, x/2)
		}
		copy(joined.data[h.channels*joined.side*joined.side:], skips[i].data)
		h = r.stage(name+".block", name+".attention", joined, emb)
	}
	h = r.norm("out_conv.0", h, 8, 1e-5)
	for i, v := range h.data {
		h.data[i] = silu(v)
	}
	return r.conv("out_conv.2", h, 3)
}

func (r *reference) stage(block, attention string, x planes, emb []float64) planes {
	h := r.block(block, x, emb)
	for k := 2; r.param[block+strconv.Itoa(k)+".conv1.weight"] != nil; k++ {
		h = r.block(block+strconv.Itoa(k), h, emb)
	}
	if _, ok := r.param[attention+".group_norm.weight"]; ok {
		return r.attention(attention, h)
	}
	return h
}

func (r *reference) block(block string, x planes, emb []float64) planes {
	h := r.norm(block+".norm1", x, 8, 1e-5)
	for i, v := range h.data {
		h.data[i] = silu(v)
	}
	h = r.conv(block+".conv1", h, 3)
	projected := r.linear(block+".emb_proj.weight", block+".emb_proj.bias", emb)
	if !r.config.ScaleShift {
		for c, v := range projected {
			for i := range h.plane(c) {
				h.plane(c)[i] += v
			}
		}
	}
	h = r.norm(block+".norm2", h, 8, 1e-5)
	if r.config.ScaleShift {
		for c := range h.channels {
			for i, v := range h.plane(c) {
				h.plane(c)[i] = (1+projected[c])*v + projected[h.channels+c]
			}
		}
	}
	for i, v := range h.data {
		h.data[i] = silu(v)
	}
	h = r.conv(block+".conv2", h, 3)
	if _, ok := r.param[block+".skip.weight"]; ok {
		x = r.conv(block+".skip", x, 1)
	}
	for i, v := range x.data {
		h.data[i] += v
	}
	return h
}

func (r *reference) attention(name string, x planes) planes {
	const heads = 8
	n, width := x.side*x.side, x.channels/heads
	normed := r.norm(name+".group_norm", x, 32, 1e-6)
	qkv := make([][]float64, n)
	for i := range qkv {
		pixel := make([]float64, x.channels)
		for c := range pixel {
			pixel[c] = normed.plane(c)[i]
		}
		qkv[i] = r.linear(name+".attention.in_proj_weight", name+".attention.in_proj_bias", pixel)
	}
	out := newPlanes(x.channels, x.side)
	for i := range n {
		seen := make([]float64, x.channels)
		for head := range heads {
			weights, total := make([]float64, n), 0.0
			for j := range n {
				var dot float64
				for k := range width {
					dot += qkv[i][head*width+k] * qkv[j][x.channels+head*width+k]
				}
				weights[j] = math.Exp(dot / math.Sqrt(float64(width)))
				total += weights[j]
			}
			for j, w := range weights {
				for k := range width {
					seen[head*width+k] += w / total * qkv[j][2*x.channels+head*width+k]
				}
			}
		}
		for c, v := range r.linear(name+".attention.out_proj.weight", name+".attention.out_proj.bias", seen) {
			out.plane(c)[i] = x.plane(c)[i] + v
		}
	}
	return out
}

func (r *reference) linear(weight, bias string, x []float64) []float64 {
	out := append([]float64(nil), r.param[bias]...)
	for o := range out {
		for i, v := range x {
			out[o] += v * r.param[weight][o*len(x)+i]
		}
	}
	return out
}

func (r *reference) conv(name string, x planes, side int) planes {
	weight, bias := r.param[name+".weight"], r.param[name+".bias"]
	out := newPlanes(len(bias), x.side)
	for o := range bias {
		to := out.plane(o)
		for i := range to {
			to[i] = bias[o]
		}
		for c := range x.channels {
			from := x.plane(c)
			for k := range side * side {
				w, dy, dx := weight[(o*x.channels+c)*side*side+k], k/side-side/2, k%side-side/2
				for py := max(0, -dy); py < min(x.side, x.side-dy); py++ {
					for px := max(0, -dx); px < min(x.side, x.side-dx); px++ {
						to[py*x.side+px] += w * from[(py+dy)*x.side+px+dx]
					}
				}
			}
		}
	}
	return out
}

func (r *reference) norm(name string, x planes, groups int, eps float64) planes {
	out := newPlanes(x.channels, x.side)
	size := len(x.data) / groups
	for g := range groups {
		in := x.data[g*size : (g+1)*size]
		var mean, variance float64
		for _, v := range in {
			mean += v / float64(size)
		}
		for _, v := range in {
			variance += (v - mean) * (v - mean) / float64(size)
		}
		for i, v := range in {
			c := (g*size + i) / (x.side * x.side)
			out.data[g*size+i] = (v-mean)/math.Sqrt(variance+eps)*r.param[name+".weight"][c] + r.param[name+".bias"][c]
		}
	}
	return out
}

func silu(x float64) float64 { return x / (1 + math.Exp(-x)) }
