import { readFileSync, writeFileSync } from 'node:fs'

const kinds = { F32: Float32Array, I64: BigInt64Array }

/** Writes tensors, { name: { dtype, shape, data } }, as a safetensors file. */
export function writeTensors(path, tensors) {
  const header = {}
  const parts = []
  let at = 0
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] }
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    at += data.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  writeFileSync(path, Buffer.concat([length, text, ...parts]))
}

/** Reads a safetensors file: its metadata, and a function that reads a tensor. */
export function readTensors(path) {
  const file = readFileSync(path)
  const start = 8 + Number(file.readBigUInt64LE())
  const header = JSON.parse(file.subarray(8, start).toString())
  return {
    metadata: header.__metadata__ ?? {},
    tensor(name) {
      const { dtype, data_offsets } = header[name]
      const bytes = file.subarray(start + data_offsets[0], start + data_offsets[1])
      return new kinds[dtype](Uint8Array.from(bytes).buffer)
    },
  }
}
