// Our U-Net, the ancestor's and those of core/unet's other configs, in TensorFlow.js's operations, NHWC, from our checkpoint.
//
// The backend has a fast path (XNNPACK) for pooling and for products of two plain matrices. Its sums along an axis
// transpose first, and its products of stacks of matrices are a plain loop. So norms pool the whole image, and attention
// goes head by head: measured against tf.moments, products with ones and stacked products, the fastest at most sizes.

import * as tf from '@tensorflow/tfjs-core'
import type { Checkpoint } from '../safetensors.ts'

interface Config {
  readonly image_size: number
  readonly depth: number
  readonly num_classes: number | null
  readonly attention_levels?: number[]
  readonly blocks?: number
  readonly scale_shift?: boolean
}

const timeWidth = 32
const heads = 8

export class UNet {
  readonly #config: Config
  readonly #parameters = new Map<string, tf.Tensor>()

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
    for (const tensor of this.#parameters.values()) tensor.dispose()
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
    let h = this.#block(x, emb, block)
    for (let k = 2; k <= (this.#config.blocks ?? 1); k++) h = this.#block(h, emb, `${block}${k}`)
    return this.#config.attention_levels?.includes(level) ? this.#attention(h, attention) : h
  }

  #block(x: tf.Tensor4D, emb: tf.Tensor2D, name: string): tf.Tensor4D {
    let h = this.#conv(silu(this.#groupNorm(x, `${name}.norm1`, 8, 1e-5)), `${name}.conv1`)
    const projected = this.#linear(emb, `${name}.emb_proj`)
    const spread = (part: tf.Tensor2D) => tf.reshape<tf.Rank.R4>(part, [part.shape[0], 1, 1, part.shape[1]])
    if (this.#config.scale_shift) {
      const [scale, shift] = tf.split(projected, 2, 1) as [tf.Tensor2D, tf.Tensor2D]
      h = this.#groupNorm(h, `${name}.norm2`, 8, 1e-5)
      h = tf.add(tf.mul(h, spread(tf.add(scale, 1))), spread(shift))
    } else {
      h = this.#groupNorm(tf.add(h, spread(projected)), `${name}.norm2`, 8, 1e-5)
    }
    h = this.#conv(silu(h), `${name}.conv2`)
    return tf.add(h, this.#parameters.has(`${name}.skip.weight`) ? this.#conv(x, `${name}.skip`) : x)
  }

  #attention(x: tf.Tensor4D, name: string): tf.Tensor4D {
    const [n, height, width, c] = x.shape
    const pixels = height * width
    const projected = (h: tf.Tensor, weight: string, bias: string) =>
      tf.fused.matMul({
        a: tf.reshape<tf.Rank.R2>(h, [n * pixels, c]),
        b: this.#parameter(weight),
        bias: this.#parameter(bias),
      })
    const normed = this.#groupNorm(x, `${name}.group_norm`, 32, 1e-6)
    const qkv = projected(normed, `${name}.attention.in_proj_weight`, `${name}.attention.in_proj_bias`)
    const seen = tf.split(qkv, n, 0).map((image) => {
      const [q, k, v] = [0, 1, 2].map((i) => tf.split(tf.slice(image, [0, i * c], [pixels, c]), heads, 1)) as [
        Heads,
        Heads,
        Heads,
      ]
      return tf.concat(
        q.map((query, i) => attended(query, k[i] as tf.Tensor2D, v[i] as tf.Tensor2D)),
        1,
      )
    })
    const out = projected(tf.concat(seen, 0), `${name}.attention.out_proj.weight`, `${name}.attention.out_proj.bias`)
    return tf.add(x, tf.reshape<tf.Rank.R4>(out, x.shape))
  }

  #groupNorm(x: tf.Tensor4D, name: string, groups: number, epsilon: number): tf.Tensor4D {
    const [n, height, width, c] = x.shape
    const each = [groups, c / groups]
    const channels = [n, 1, 1, c] as [number, number, number, number]
    const within = (h: tf.Tensor4D) =>
      tf.mean(tf.reshape(tf.avgPool(h, [height, width], 1, 'valid'), [n, ...each]), 2, true)
    const mean = within(x) // [n, groups, 1]
    const centre = tf.reshape<tf.Rank.R4>(tf.tile(mean, [1, 1, c / groups]), channels)
    const variance = within(tf.squaredDifference(x, centre))
    const scale = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), tf.reshape(this.#parameter(`${name}.weight`), each))
    const shift = tf.sub(tf.reshape(this.#parameter(`${name}.bias`), each), tf.mul(scale, mean))
    return tf.add(tf.mul(x, tf.reshape(scale, channels)), tf.reshape(shift, channels))
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
    return tf.fused.matMul({
      a: x,
      b: this.#parameter<tf.Tensor2D>(`${name}.weight`),
      bias: this.#parameter(`${name}.bias`),
    }) as tf.Tensor2D
  }
}

function silu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(x))
}

type Heads = tf.Tensor2D[]

/** softmax(Q Kᵀ/√d) V of one head of one image. */
function attended(query: tf.Tensor2D, key: tf.Tensor2D, value: tf.Tensor2D): tf.Tensor2D {
  const scores = tf.matMul(tf.mul(query, 1 / Math.sqrt(query.shape[1])), tf.transpose(key))
  return tf.matMul(tf.softmax(scores), value)
}
