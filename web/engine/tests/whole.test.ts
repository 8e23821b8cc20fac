import { describe, expect, test, vi } from 'vitest'
import { whole } from '../client/whole.ts'

const content = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251)

/** A response that comes in pieces, as a byte stream or as one that is none. */
function inPieces(kind: 'bytes' | 'chunks'): Response {
  let at = 0
  /** The next piece; none at the end. */
  const next = () => content.slice(at, (at += 130))
  if (kind === 'chunks') {
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const piece = next()
      if (piece.length > 0) controller.enqueue(piece)
      else controller.close()
    }
    return new Response(new ReadableStream<Uint8Array>({ pull }))
  }
  const pull = (controller: ReadableByteStreamController) => {
    const piece = next()
    if (piece.length > 0) return controller.enqueue(piece)
    controller.close()
    // A reader that waits with a buffer of its own gets that back.
    controller.byobRequest?.respond(0)
  }
  return new Response(new ReadableStream({ type: 'bytes', pull }))
}

describe('a file read whole', () => {
  test.each([1, 999, 1000, 1001, 4096])('is what came, when %i bytes were expected', async (most) => {
    expect(await whole(inPieces('bytes'), most)).toEqual(content)
  })

  test('is what came where the browser has no byte streams', async () => {
    const response = inPieces('chunks')
    const read = vi.spyOn(response, 'arrayBuffer')
    expect(await whole(response, 4096)).toEqual(content)
    expect(read).toHaveBeenCalledOnce()
  })

  test('fails as its stream does', async () => {
    const broken = new ReadableStream({ type: 'bytes', pull: (controller) => controller.error(new Error('cut off')) })
    await expect(whole(new Response(broken), 4096)).rejects.toThrow('cut off')
  })
})
