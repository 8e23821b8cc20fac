/**
 * Gives a buffer's memory back now rather than when it is collected; it has no bytes from then on. ArrayBuffer's own
 * `transfer` would not do: what came from a fetch, a file or another thread is held by the browser's side as well,
 * until that is collected. Sent where nobody listens, it is nobody's.
 */
export function release(buffer: ArrayBuffer): void {
  const { port1, port2 } = new MessageChannel()
  port2.close()
  port1.postMessage(null, [buffer])
  port1.close()
}
