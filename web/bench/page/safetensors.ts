// Reads our checkpoints: F32, and I8 with a scale for each index of the first dimension beside it.

export interface Tensor {
  readonly shape: number[]
  readonly values: Float32Array<ArrayBuffer>
}

export interface Checkpoint {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: ReadonlyMap<string, Tensor>
}

interface Entry {
  readonly dtype: string
  readonly shape: number[]
  readonly data_offsets: [number, number]
}

export function readSafetensors(file: ArrayBuffer): Checkpoint {
  const length = Number(new DataView(file).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length))) as Record<string, unknown>
  const metadata = (header['__metadata__'] ?? {}) as Record<string, string>
  const entries = new Map(Object.entries(header).filter(([name]) => name !== '__metadata__')) as Map<string, Entry>
  const raw = ({ data_offsets: [from, to] }: Entry) => file.slice(8 + length + from, 8 + length + to)
  const tensors = new Map<string, Tensor>()
  for (const [name, entry] of entries) {
    if (name.endsWith('.scale')) continue
    if (entry.dtype === 'F32') tensors.set(name, { shape: entry.shape, values: new Float32Array(raw(entry)) })
    else if (entry.dtype === 'I8') {
      const scales = new Float32Array(raw(entries.get(`${name}.scale`) as Entry))
      const row = entry.shape.slice(1).reduce((a, b) => a * b, 1)
      const quantized = new Int8Array(raw(entry))
      const values = new Float32Array(quantized.length)
      for (let o = 0, i = 0; o < scales.length; o++) {
        const scale = scales[o] as number
        for (const end = i + row; i < end; i++) values[i] = (quantized[i] as number) * scale
      }
      tensors.set(name, { shape: entry.shape, values })
    } else throw new Error(`${name} is ${entry.dtype}; want F32 or I8`)
  }
  return { metadata, tensors }
}
