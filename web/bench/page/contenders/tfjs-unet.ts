// The ancestor's U-Net in TensorFlow.js's operations, NHWC, from our checkpoint.
//
// The backend reduces along the last axis only and transposes before it does anything else, so the norms' sums over
// pixels are products with a row of ones: of the ways tried here the fastest.

import * as tf from '@tensorflow/tfjs-core'
import type { Checkpoint } from '../safetensors.ts'

interface Config {
  readonly image_size: number
  readonly depth: number
  readonly num_classes: number | null
  readonly attention_levels?: number[]
}

const timeWidth = 32
const heads = 8

export class UNet {
  readonly #config: Config
  readonly #parameters = new Map<string, tf.Tensor>()
  /** [1, 1, pixels] of 1/pixels, and [1, C, C] that averages within groups. */
  readonly #constants = new Map<string, tf.Tensor3D>()

  constructor({ metadata, tensors }: Checkpoint) {
    this.#config = JSON.parse(metadata['config'] as string) as Config
    for (const [name, { shape, values }] of tensors) {
      const parameter = tf.tidy(() => {
        const as = tf.tensor(values, shape)
        if (shape.length === 4) return tf.transpose(as, [2, 3, 1, 0]) // [out, in, h, w] to [h, w, in, out]
        return shape.length === 2 && name !== 'label_emb.weight' ? tf.transpose(as) : as
      })
      this.#parameters.set(name, parameter)
    }
  }

  dispose(): void {
    for (const tensor of [...this.#parameters.values(), ...this.#constants.values()]) tensor.dispose()
  }

  predict(x: tf.Tensor4D, t: readonly number[], y: readonly number[]): tf.Tensor4D {
    const { depth } = this.#config
    const emb = this.#embedding(t, y)
    let h = this.#conv(x, 'init_conv')
    const skips: tf.Tensor4D[] = []
    for (let level = 0; level < depth; level++) {
      h = this.#stage(h, emb, `downs.${level}.block`, `downs.${level}.attention`, level)
      skips.push(h)
      h = tf.avgPool(h, 2, 2, 'valid')
    }
    h = this.#stage(h, emb, 'bot', 'bot_attention', depth)
    for (let level = depth - 1; level >= 0; level--) {
      const name = `ups.${depth - 1 - level}`
      const up = tf.image.resizeNearestNeighbor(h, [2 * h.shape[1], 2 * h.shape[2]])
      h = tf.concat([up, skips[level] as tf.Tensor4D], 3)
      h = this.#stage(h, emb, `${name}.block`, `${name}.attention`, level)
    }
    return this.#conv(silu(this.#groupNorm(h, 'out_conv.0', 8, 1e-5)), 'out_conv.2')
  }

  #parameter<T extends tf.Tensor>(name: string): T {
    return this.#parameters.get(name) as T
  }

  #embedding(t: readonly number[], y: readonly number[]): tf.Tensor2D {
    const half = timeWidth / 2
    const waves = t.map((step) => {
      const angles = Array.from({ length: half }, (_, i) => step * Math.exp((-i * Math.log(10000)) / (half - 1)))
      return [...angles.map(Math.sin), ...angles.map(Math.cos)]
    })
    const emb = this.#linear(silu(this.#linear(tf.tensor2d(waves), 'time_mlp.1')), 'time_mlp.3')
    if (!this.#config.num_classes) return emb
    return tf.add(emb, tf.gather(this.#parameter<tf.Tensor2D>('label_emb.weight'), tf.tensor1d(y.slice(), 'int32')))
  }

  #stage(x: tf.Tensor4D, emb: tf.Tensor2D, block: string, attention: string, level: number): tf.Tensor4D {
    const h = this.#block(x, emb, block)
    return this.#config.attention_levels?.includes(level) ? this.#attention(h, attention) : h
  }

  #block(x: tf.Tensor4D, emb: tf.Tensor2D, name: string): tf.Tensor4D {
    let h = this.#conv(silu(this.#groupNorm(x, `${name}.norm1`, 8, 1e-5)), `${name}.conv1`)
    const shift = this.#linear(emb, `${name}.emb_proj`)
    h = tf.add(h, tf.reshape(shift, [shift.shape[0], 1, 1, shift.shape[1]]))
    h = this.#conv(silu(this.#groupNorm(h, `${name}.norm2`, 8, 1e-5)), `${name}.conv2`)
    return tf.add(h, this.#parameters.has(`${name}.skip.weight`) ? this.#conv(x, `${name}.skip`) : x)
  }

  #attention(x: tf.Tensor4D, name: string): tf.Tensor4D {
    const [n, height, width, c] = x.shape
    const pixels = height * width
    const projected = (h: tf.Tensor, weight: string, bias: string) =>
      tf.fused.matMul({
        a: tf.reshape<tf.Rank.R2>(h, [n * pixels, c]),
        b: this.#parameter<tf.Tensor2D>(weight),
        bias: this.#parameter(bias),
      })
    const normed = this.#groupNorm(x, `${name}.group_norm`, 32, 1e-6)
    const qkv = projected(normed, `${name}.attention.in_proj_weight`, `${name}.attention.in_proj_bias`)
    const split = tf.split(tf.transpose(tf.reshape(qkv, [n, pixels, 3 * heads, c / heads]), [0, 2, 1, 3]), 3, 1)
    const [q, k, v] = split as [tf.Tensor, tf.Tensor, tf.Tensor]
    const scores = tf.softmax(tf.matMul(tf.mul(q, Math.sqrt(heads / c)), k, false, true))
    const seen = tf.transpose(tf.matMul(scores, v), [0, 2, 1, 3])
    const out = projected(seen, `${name}.attention.out_proj.weight`, `${name}.attention.out_proj.bias`)
    return tf.add(x, tf.reshape<tf.Rank.R4>(out, x.shape))
  }

  #groupNorm(x: tf.Tensor4D, name: string, groups: number, epsilon: number): tf.Tensor4D {
    const [n, height, width, c] = x.shape
    const pixels = height * width
    const flat = tf.reshape<tf.Rank.R3>(x, [n, pixels, c])
    const ones = this.#constant(`ones ${pixels}`, () => tf.fill([1, 1, pixels], 1 / pixels))
    const average = this.#constant(`groups ${c} ${groups}`, () => blocks(c, groups))
    const within = (h: tf.Tensor3D) => tf.matMul(tf.matMul(ones, h), average) as tf.Tensor3D // [n, 1, c]
    const mean = within(flat)
    const centred = tf.sub<tf.Tensor3D>(flat, mean)
    const scale = tf.mul(tf.rsqrt(tf.add(within(tf.square(centred)), epsilon)), this.#parameter(`${name}.weight`))
    const out = tf.add(tf.mul(centred, scale), this.#parameter(`${name}.bias`))
    return tf.reshape<tf.Rank.R4>(out, x.shape)
  }

  #constant(key: string, make: () => tf.Tensor): tf.Tensor3D {
    let constant = this.#constants.get(key)
    if (!constant) {
      constant = tf.keep(make() as tf.Tensor3D)
      this.#constants.set(key, constant)
    }
    return constant
  }

  #conv(x: tf.Tensor4D, name: string): tf.Tensor4D {
    return tf.fused.conv2d({
      x,
      filter: this.#parameter<tf.Tensor4D>(`${name}.weight`),
      strides: 1,
      pad: 'same',
      bias: this.#parameter(`${name}.bias`),
    })
  }

  #linear(x: tf.Tensor2D, name: string): tf.Tensor2D {
    return tf.fused.matMul({ a: x, b: this.#parameter<tf.Tensor2D>(`${name}.weight`), bias: this.#parameter(`${name}.bias`) }) as tf.Tensor2D
  }
}

function silu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(x))
}

/** The matrix that puts, in place of each channel's value, the mean of its group. */
function blocks(channels: number, groups: number): tf.Tensor {
  const per = channels / groups
  const values = new Float32Array(channels * channels)
  for (let a = 0; a < channels; a++) {
    for (let b = 0; b < channels; b++) {
      if (Math.floor(a / per) === Math.floor(b / per)) values[a * channels + b] = 1 / per
    }
  }
  return tf.tensor3d(values, [1, channels, channels])
}
