import type { RGBAPicture } from '../../shared/engine.ts'

/**
 * Writes a picture as PNG (RFC 2083, 8-bit RGB). A canvas could do it too, but
 * some privacy modes alter what a canvas gives out, and a saved picture should
 * be the one that was computed.
 */
export async function png(picture: RGBAPicture): Promise<Blob> {
  const { width, height, data } = picture
  const rows = new Uint8Array(height * (1 + width * 3))
  for (let y = 0, to = 0, from = 0; y < height; y++) {
    rows[to++] = 0 // no filter
    for (let x = 0; x < width; x++, from += 4) {
      rows[to++] = data[from] as number
      rows[to++] = data[from + 1] as number
      rows[to++] = data[from + 2] as number
    }
  }
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  header.setUint8(8, 8)
  header.setUint8(9, 2)
  const signature = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const chunks = [
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', await deflate(rows)),
    chunk('IEND', new Uint8Array()),
  ]
  return new Blob([signature, ...chunks], { type: 'image/png' })
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function chunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, body.length)
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i)
  bytes.set(body, 8)
  view.setUint32(8 + body.length, crc(bytes.subarray(4, 8 + body.length)))
  return bytes
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
  return n
})

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = (table[(c ^ byte) & 0xff] as number) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
