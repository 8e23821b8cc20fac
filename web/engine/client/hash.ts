// How a recipe names a checkpoint: the first 12 hex digits of the SHA-256 of its bytes.

import { release } from '../../shared/release.ts'

/** By the browser's own SHA-256, some ten times as fast as the core's, and beside the core's work. */
export class Hash {
  readonly #whole: Uint8Array<ArrayBuffer>
  #length = 0

  private constructor(size: number) {
    this.#whole = new Uint8Array(size)
  }

  /** Of a file of so many bytes; undefined where the browser keeps it for secure contexts, and then the core computes it. */
  static of(size: number): Hash | undefined {
    return globalThis.crypto?.subtle ? new Hash(size) : undefined
  }

  /** Takes a copy of the file's next bytes. The browser hashes a file whole, or not at all. */
  add(piece: Uint8Array): void {
    this.#whole.set(piece.subarray(0, this.#whole.length - this.#length), this.#length)
    this.#length += piece.length
  }

  /** Once all of the file was added. */
  async name(): Promise<string> {
    const sum = crypto.subtle.digest('SHA-256', this.#whole)
    release(this.#whole.buffer)
    return Array.from(new Uint8Array(await sum, 0, 6), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
