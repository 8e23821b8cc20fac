/**
 * Why an engine could not do what it was asked.
 *
 * - `unsupported`: this browser has no WebAssembly (or it is switched off).
 * - `missing`: a file could not be fetched: no connection, blocked, or not there.
 * - `corrupt`: a file was fetched and is not what it should be.
 * - `invalid`: the engine understood the request and refused it; the message says what would be right.
 * - `crashed`: the engine died at work. It has been replaced; the same call may be tried again.
 */
export type EngineErrorKind = 'unsupported' | 'missing' | 'corrupt' | 'invalid' | 'crashed'

/** Which file or part an error is about. */
export type EngineErrorSubject = 'engine' | 'model' | 'recipe' | 'picture' | 'schedule' | 'worker'

/** The one error type that leaves the engine's client, besides the `AbortError` of a signal. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly kind: EngineErrorKind
  readonly subject: EngineErrorSubject

  constructor(kind: EngineErrorKind, subject: EngineErrorSubject, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.subject = subject
  }
}
