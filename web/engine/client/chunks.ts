/** The chunks of a stream, where browsers do not let one iterate over it. It is cancelled when no more are wanted. */
export async function* chunks(
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = stream?.getReader()
  if (!reader) return
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    reader.cancel().catch(() => undefined) // it broke off by itself
  }
}
