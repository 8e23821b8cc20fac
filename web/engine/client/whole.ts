/** What a file is read into when it is longer than was thought: twice as much. */
const growth = 2

/**
 * The bytes of a response, of which about `most` are expected. The browser's own `arrayBuffer` copies what it has at each
 * doubling and once more at the end, and on fresh memory copying is slow; a byte stream is read to where it will lie, and
 * of too large a buffer only what is written costs memory.
 */
export async function whole(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = byteReader(response)
  if (!reader) return new Uint8Array(await response.arrayBuffer())
  let bytes = new Uint8Array(most)
  let length = 0
  for (;;) {
    if (length === bytes.length) {
      const larger = new Uint8Array(growth * length)
      larger.set(bytes)
      bytes = larger
    }
    const { done, value } = await reader.read(new Uint8Array(bytes.buffer, length))
    bytes = new Uint8Array((value as Uint8Array<ArrayBuffer>).buffer)
    if (done) return bytes.subarray(0, length)
    length += value.length
  }
}

function byteReader({ body }: Response): ReadableStreamBYOBReader | undefined {
  try {
    return body?.getReader({ mode: 'byob' })
  } catch {
    return undefined // no byte stream in this browser
  }
}
