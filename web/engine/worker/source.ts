// The checkpoint while the module reads it. That memory never shrinks, and it is largest when all weights stand packed
// in it: by then the file should be gone.

import { release } from '../../shared/release.ts'

export class Source {
  #pieces: Piece[] = []
  #again = false
  #length = 0

  /** How much of the file has come. */
  get length(): number {
    return this.#length
  }

  /** Begins a file. If it is `again` to be read from its beginning, all stays. */
  begin(again: boolean): void {
    this.clear()
    this.#again = again
  }

  /** Takes the file's next bytes, and from whoever has them. */
  add(bytes: ArrayBuffer): void {
    if (bytes.byteLength === 0) return
    const unread = this.#again ? Infinity : bytes.byteLength
    this.#pieces.push({ at: this.#length, bytes: new Uint8Array(bytes), unread })
    this.#length += bytes.byteLength
  }

  /** Copies what of the file is at an offset. What has been read is gone. */
  read(offset: number, into: Uint8Array): void {
    let which = this.#find(offset)
    for (let done = 0; done < into.length; which++) {
      const at = offset + done
      const piece = this.#pieces[which]
      if (!piece?.unread) throw new RangeError(`byte ${at} of the checkpoint is gone, or never was`)
      const part = piece.bytes.subarray(at - piece.at, at - piece.at + into.length - done)
      into.set(part, done)
      done += part.length
      piece.unread -= part.length
      if (piece.unread === 0) release(piece.bytes.buffer)
    }
  }

  /** Lets all of it go. */
  clear(): void {
    for (const { bytes, unread } of this.#pieces) if (unread > 0) release(bytes.buffer)
    this.#pieces = []
    this.#length = 0
  }

  /** The piece that an offset is in: the last that does not begin behind it. */
  #find(offset: number): number {
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#pieces[middle] as Piece).at <= offset) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

interface Piece {
  /** Where in the file it begins. */
  readonly at: number
  readonly bytes: Uint8Array<ArrayBuffer>
  unread: number
}
