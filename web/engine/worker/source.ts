// The checkpoint while the module reads it. That memory never shrinks, and it is largest when all weights stand packed
// in it: by then the file should be gone.

import { release } from '../../shared/release.ts'

/** How much of the file is let go at a time: memory that browsers map for it alone, and give back when it is freed. */
const pieceBytes = 2 << 20

export class Source {
  #pieces: Piece[] = []

  /** Takes the file's bytes apart, and from whoever has them. If it is `again` to be read from its beginning, all stay. */
  take(file: ArrayBuffer, again: boolean): void {
    for (let at = 0; at < file.byteLength; at += pieceBytes) {
      const bytes = new Uint8Array(file.slice(at, at + pieceBytes))
      this.#pieces.push({ bytes, unread: again ? Infinity : bytes.length })
    }
    release(file)
  }

  /** Copies what of the file is at an offset. What has been read is gone. */
  read(offset: number, into: Uint8Array): void {
    for (let done = 0; done < into.length;) {
      const at = offset + done
      const piece = this.#pieces[Math.floor(at / pieceBytes)]
      const begin = at % pieceBytes
      if (!piece?.unread || begin >= piece.bytes.length) {
        throw new RangeError(`byte ${at} of the checkpoint is gone, or never was`)
      }
      const part = piece.bytes.subarray(begin, begin + into.length - done)
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
  }
}

interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>
  unread: number
}
