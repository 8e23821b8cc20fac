import type { RGBAPicture } from '../../shared/engine.ts'

/** The longest side that a picture is scaled down to. */
export const longest = 1024

export type PictureFaultKind = 'empty' | 'type' | 'broken' | 'large'

/** Why a file could not be opened as a picture. */
export class PictureFault extends Error {
  readonly kind: PictureFaultKind
  /** What the file's first bytes say it is. */
  readonly type: string

  constructor(kind: PictureFaultKind, type = '') {
    super(`picture: ${kind}`)
    this.kind = kind
    this.type = type
  }
}

/**
 * Reads a picture of any format that the browser decodes, upright by its EXIF
 * orientation, first frame only, on white where it is transparent, scaled down
 * to at most 1024 pixels a side.
 */
export async function decode(file: Blob): Promise<RGBAPicture> {
  if (file.size === 0) throw new PictureFault('empty')
  const type = sniff(new Uint8Array(await file.slice(0, 16).arrayBuffer()))
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    throw new PictureFault(type ? 'broken' : 'type', type)
  }
  try {
    return await pixels(bitmap, longest)
  } catch {
    throw new PictureFault('large', type)
  } finally {
    bitmap.close()
  }
}

/** The picture on white, scaled down to at most so many pixels a side. */
async function pixels(bitmap: ImageBitmap, most: number): Promise<RGBAPicture> {
  const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  if (!context) throw new PictureFault('large')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  const data = ((await tellsColours()) && (await frameBytes(canvas))) || context.getImageData(0, 0, width, height).data
  return { width, height, data }
}

/** A picture as it is, or scaled down to at most so many pixels a side. */
export async function shrink(picture: RGBAPicture, most: number): Promise<RGBAPicture> {
  const { width, height, data } = picture
  if (Math.max(width, height) <= most) return picture
  const bitmap = await createImageBitmap(new ImageData(data, width, height))
  try {
    return await pixels(bitmap, most)
  } finally {
    bitmap.close()
  }
}

/**
 * The canvas's bytes by way of a video frame: some privacy modes randomise what
 * getImageData reads, and then t = 0 would not be the visitor's picture.
 */
async function frameBytes(canvas: HTMLCanvasElement): Promise<Uint8ClampedArray<ArrayBuffer> | undefined> {
  if (typeof VideoFrame === 'undefined') return undefined
  try {
    const frame = new VideoFrame(canvas, { timestamp: 0 })
    try {
      const data = new Uint8ClampedArray(canvas.width * canvas.height * 4)
      const options: VideoFrameCopyToOptions & { format: string; colorSpace: string } = {
        format: 'RGBA',
        colorSpace: 'srgb',
      }
      await frame.copyTo(data, options)
      return data
    } finally {
      frame.close()
    }
  } catch {
    return undefined // the browser has video frames, but does not convert them
  }
}

let told: Promise<boolean> | undefined

/** Whether frames come in the order that is asked for: WebKitGTK 2.50 gives blue for red, and says nothing of it. */
function tellsColours(): Promise<boolean> {
  told ??= (async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 })
    const context = canvas.getContext('2d')
    if (!context) return false
    context.fillStyle = '#f00'
    context.fillRect(0, 0, 16, 16)
    const [red = 0, , blue = 0] = (await frameBytes(canvas)) ?? []
    return red > blue
  })()
  return told
}

const signatures: readonly (readonly [type: string, offset: number, bytes: string])[] = [
  ['JPEG', 0, '\xff\xd8\xff'],
  ['PNG', 0, '\x89PNG'],
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['AVIF', 4, 'ftypavif'],
]

function sniff(head: Uint8Array): string {
  const begin = String.fromCharCode(...head)
  return signatures.find(([, offset, bytes]) => begin.startsWith(bytes, offset))?.[0] ?? ''
}
