import type { RGBAPicture } from '../../shared/engine.ts'

/** Strokes on a canvas larger than the picture, which smooths them when it is made smaller. */
export class Brush {
  readonly #canvas = document.createElement('canvas')
  readonly #context: CanvasRenderingContext2D
  readonly #side: number
  readonly #before: ImageData[] = []
  #last: readonly [number, number] | undefined

  /** Pixels of the canvas for one of the picture's. */
  static readonly scale = 10

  constructor(side: number) {
    this.#side = side
    this.#canvas.width = this.#canvas.height = side * Brush.scale
    this.#context = this.#canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
    this.#context.lineCap = this.#context.lineJoin = 'round'
    this.clear()
  }

  get canvas(): HTMLCanvasElement {
    return this.#canvas
  }

  get undoable(): boolean {
    return this.#before.length > 0
  }

  clear(): void {
    this.#before.length = 0
    this.#context.fillStyle = '#000'
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
  }

  undo(): void {
    const before = this.#before.pop()
    if (before) this.#context.putImageData(before, 0, 0)
  }

  /** Begins a stroke at a place given as shares of the side, 0…1; `width` is in the picture's pixels. */
  down(x: number, y: number, width: number, colour: string): void {
    this.#before.push(this.#context.getImageData(0, 0, this.#canvas.width, this.#canvas.height))
    if (this.#before.length > 20) this.#before.shift()
    this.#context.strokeStyle = colour
    this.#context.lineWidth = width * Brush.scale
    this.#last = undefined
    this.to(x, y)
  }

  to(x: number, y: number): void {
    const place = [x * this.#canvas.width, y * this.#canvas.height] as const
    const [fromX, fromY] = this.#last ?? place
    this.#context.beginPath()
    this.#context.moveTo(fromX, fromY)
    this.#context.lineTo(...place)
    this.#context.stroke()
    this.#last = place
  }

  /** The strokes as they were drawn, `scale` times as large as the picture. */
  strokes(): RGBAPicture {
    const { width, height } = this.#canvas
    return { width, height, data: new Uint8ClampedArray(this.#context.getImageData(0, 0, width, height).data) }
  }

  /** The picture at its own size. */
  picture(): RGBAPicture {
    const small = document.createElement('canvas')
    small.width = small.height = this.#side
    const context = small.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
    context.imageSmoothingQuality = 'high'
    context.drawImage(this.#canvas, 0, 0, this.#side, this.#side)
    const { data } = context.getImageData(0, 0, this.#side, this.#side)
    return { width: this.#side, height: this.#side, data: new Uint8ClampedArray(data) }
  }
}
