// Latest wins: a slider asks faster than pictures can be made, and only its newest place matters.

interface Lane<T> {
  next: { work: () => Promise<T>; resolve(value: T | undefined): void; reject(error: unknown): void } | undefined
}

export class Lanes<T> {
  readonly #lanes = new Map<string, Lane<T>>()

  /**
   * Does the work once the lane's work before it is done. Work that is still waiting when newer arrives
   * is dropped: its promise resolves to undefined.
   */
  latest(name: string, work: () => Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const busy = this.#lanes.get(name)
      if (busy) {
        busy.next?.resolve(undefined)
        busy.next = { work, resolve, reject }
        return
      }
      const lane: Lane<T> = { next: { work, resolve, reject } }
      this.#lanes.set(name, lane)
      void this.#drain(name, lane)
    })
  }

  async #drain(name: string, lane: Lane<T>): Promise<void> {
    while (lane.next) {
      const { work, resolve, reject } = lane.next
      lane.next = undefined
      try {
        resolve(await work())
      } catch (error) {
        reject(error)
      }
    }
    this.#lanes.delete(name)
  }
}
