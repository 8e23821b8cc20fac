// The ten WASI imports that a Go reactor needs, of which only four are ever called with an effect.
// There are no files, arguments or environment (that was read when the module was started, see wasm/prestart); what
// Go writes on stderr (a panic's text) is kept.

const SUCCESS = 0
const BAD_FILE = 8

/** Thrown into the module by proc_exit: Go's runtime has given up. */
export class Exit extends Error {
  override readonly name = 'Exit'
}

export class WASI {
  /** The last of what was written on stdout and stderr. */
  log = ''
  #memory: WebAssembly.Memory | undefined

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory
  }

  readonly imports: WebAssembly.ModuleImports = {
    sched_yield: () => SUCCESS,
    proc_exit: (code: number) => {
      throw new Exit(`exit ${code}`)
    },
    args_sizes_get: (count: number, size: number) => this.#nothing(count, size),
    args_get: () => SUCCESS,
    environ_sizes_get: (count: number, size: number) => this.#nothing(count, size),
    environ_get: () => SUCCESS,
    clock_time_get: (clock: number, _precision: bigint, out: number) => {
      const milliseconds = clock === 0 ? Date.now() : performance.now()
      this.#view().setBigUint64(out, BigInt(Math.round(milliseconds * 1e6)), true)
      return SUCCESS
    },
    random_get: (pointer: number, length: number) => {
      // getRandomValues takes at most 65536 bytes at once.
      for (let done = 0; done < length; done += 65536) {
        const n = Math.min(65536, length - done)
        crypto.getRandomValues(new Uint8Array(this.#buffer(), pointer + done, n))
      }
      return SUCCESS
    },
    fd_write: (fd: number, vectors: number, count: number, written: number) => {
      if (fd !== 1 && fd !== 2) return BAD_FILE
      const view = this.#view()
      let total = 0
      for (let i = 0; i < count; i++) {
        const pointer = view.getUint32(vectors + 8 * i, true)
        const length = view.getUint32(vectors + 8 * i + 4, true)
        this.log += new TextDecoder().decode(new Uint8Array(this.#buffer(), pointer, length).slice())
        total += length
      }
      this.log = this.log.slice(-4096)
      view.setUint32(written, total, true)
      return SUCCESS
    },
    // Reached when every goroutine sleeps. Claiming that the first event has come makes Go look again at the clock.
    poll_oneoff: (subscriptions: number, events: number, count: number, written: number) => {
      const view = this.#view()
      const n = Math.min(count, 1)
      if (n === 1) {
        new Uint8Array(this.#buffer(), events, 32).fill(0)
        view.setBigUint64(events, view.getBigUint64(subscriptions, true), true)
      }
      view.setUint32(written, n, true)
      return SUCCESS
    },
  }

  // Views are made afresh each time: memory growth detaches the ones before.
  #buffer(): ArrayBuffer {
    return (this.#memory as WebAssembly.Memory).buffer
  }

  #view(): DataView {
    return new DataView(this.#buffer())
  }

  #nothing(count: number, size: number): number {
    const view = this.#view()
    view.setUint32(count, 0, true)
    view.setUint32(size, 0, true)
    return SUCCESS
  }
}
