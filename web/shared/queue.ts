/** Values from callbacks, awaited in order. After `end` or `fail` what has come is still handed out. */
export class Queue<T> {
  readonly #values: T[] = []
  #waiting: (() => void) | undefined
  #over: { error?: unknown } | undefined

  push(value: T): void {
    this.#values.push(value)
    this.#waiting?.()
  }

  end(): void {
    this.#over ??= {}
    this.#waiting?.()
  }

  /** Ends it with an error. With `now`, what has not been handed out is dropped. */
  fail(error: unknown, now = false): void {
    this.#over ??= { error }
    if (now) this.#values.length = 0
    this.#waiting?.()
  }

  /** The next value, or undefined at the end. */
  async next(): Promise<T | undefined> {
    while (this.#values.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve
      })
    }
    const value = this.#values.shift()
    if (value === undefined && this.#over && 'error' in this.#over) throw this.#over.error
    return value
  }
}
