import { Queue } from '../../shared/queue.ts'

/** A checkpoint on its way from the page: its bytes, piece after piece, and then its hash. */
export class Arrival {
  readonly size: number
  /** Whether the page tells its hash. If not, the core computes it, when it has read the file once already. */
  readonly hashed: boolean
  readonly #pieces = new Queue<ArrayBuffer>()
  #hash: string | undefined

  constructor({ size, hashed }: { size: number; hashed: boolean }) {
    this.size = size
    this.hashed = hashed
  }

  /** One that is there, and nobody's any more. */
  static of(file: ArrayBuffer): Arrival {
    const arrival = new Arrival({ size: file.byteLength, hashed: false })
    arrival.add(file)
    arrival.end('')
    return arrival
  }

  add(bytes: ArrayBuffer): void {
    this.#pieces.push(bytes)
  }

  /** There are no more. Without a hash they have broken off. */
  end(hash: string | undefined): void {
    this.#hash = hash
    this.#pieces.end()
  }

  /** The next bytes, or undefined at the end. */
  next(): Promise<ArrayBuffer | undefined> {
    return this.#pieces.next()
  }

  /** At the end: empty if the core is to compute it, undefined if the file broke off. */
  get hash(): string | undefined {
    return this.#hash
  }
}
