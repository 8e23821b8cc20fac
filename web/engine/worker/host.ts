// The worker's side of the protocol: takes requests from a port and has the core do them.

import type { EngineErrorKind, EngineErrorSubject } from '../../shared/errors.ts'
import type { CallName, Calls, Reply, Request } from '../../shared/protocol.ts'
import { Arrival } from './arrival.ts'
import { Core, CoreError } from './core.ts'
import { RunLoop } from './runloop.ts'

/** What a host needs of a worker's global scope or of a MessagePort. */
export interface HostPort {
  postMessage(message: Reply, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent<Request>) => void) | null
}

/** What a refusal of each call is about, and whether it is the file's fault or the request's. */
const refusals: Readonly<Record<CallName, readonly [EngineErrorKind, EngineErrorSubject]>> = {
  start: ['corrupt', 'engine'],
  load: ['corrupt', 'model'],
  piece: ['corrupt', 'model'],
  end: ['corrupt', 'model'],
  fit: ['invalid', 'picture'],
  parseRecipe: ['invalid', 'recipe'],
  run: ['invalid', 'recipe'],
  cancel: ['invalid', 'recipe'],
  setPicture: ['invalid', 'picture'],
  noise: ['invalid', 'schedule'],
  values: ['invalid', 'picture'],
  schedule: ['invalid', 'schedule'],
  setChain: ['invalid', 'picture'],
  walk: ['invalid', 'schedule'],
  setExamples: ['invalid', 'picture'],
  explain: ['invalid', 'model'],
  weights: ['invalid', 'model'],
  beginBound: ['invalid', 'model'],
  nextTerm: ['invalid', 'model'],
  predict: ['invalid', 'model'],
}

/** Calls that wait for nothing. */
const atOnce: ReadonlySet<CallName> = new Set(['start', 'piece', 'end'])

/** Serves one engine on a port until it crashes. */
export function serve(port: HostPort, open: (module: WebAssembly.Module) => Promise<Core> = Core.open): void {
  let core: Core | undefined
  /** What later calls wait for, in order: code that becomes an instance, a file that becomes a model. */
  let settling: Promise<unknown> | undefined
  /** By the id of their `load`; what comes for another is for one that was refused. */
  const arrivals = new Map<number, Arrival>()
  let dead = false
  const loop = new RunLoop((id, step, transfer) => port.postMessage({ type: 'step', id, step }, transfer))

  const handlers: {
    [K in CallName]: (args: Calls[K]['args'], id: number) => Promise<Calls[K]['result']> | Calls[K]['result']
  } = {
    start: async ({ module }) => {
      const opening = open(module)
      settling = opening
      core = await opening
      return null
    },
    load: (_, id) => {
      const loading = started().load(arrivals.get(id) as Arrival)
      settling = loading.catch(() => undefined)
      return loading
    },
    piece: ({ load, bytes }) => {
      arrivals.get(load)?.add(bytes)
      return null
    },
    end: ({ load, hash }) => {
      arrivals.get(load)?.end(hash)
      return null
    },
    fit: ({ data, width, height, digit }) => started().fit(data, width, height, digit),
    parseRecipe: ({ text }) => started().parseRecipe(text),
    run: (args, id) => loop.run(started(), id, args),
    cancel: ({ run }) => {
      loop.cancel(run)
      return null
    },
    setPicture: ({ data, width, height }) => {
      started().setPicture(data, width, height)
      return null
    },
    noise: ({ schedule, T, t, seed, into }) => started().noise(schedule, T, t, seed, into),
    values: ({ which }) => started().values(which),
    schedule: ({ name, T }) => started().schedule(name, T),
    setChain: ({ data, width, height }) => {
      started().setChain(data, width, height)
      return null
    },
    walk: (request) => started().walk(request),
    setExamples: ({ rgba, count }) => {
      started().setExamples(rgba, count)
      return null
    },
    explain: (request) => started().explain(request),
    weights: ({ variance }) => started().weights(variance),
    beginBound: (request) => {
      started().beginBound(request)
      return null
    },
    nextTerm: () => started().nextTerm(),
    predict: ({ x, t, classIndex }) => started().predict(x, t, classIndex),
  }

  function started(): Core {
    if (!core) throw new Error('engine: a call before start')
    return core
  }

  async function answer(request: Request): Promise<void> {
    const { id, call } = request
    if (call === 'load') arrivals.set(id, new Arrival(request.args))
    try {
      if (!atOnce.has(call)) await settled()
      const handler = handlers[call] as (args: unknown, id: number) => unknown
      const value = await handler(request.args, id)
      if (!dead) port.postMessage({ type: 'result', id, value }, transferables(value))
    } catch (error) {
      if (dead) return
      if (error instanceof CoreError || call === 'start') {
        const [kind, subject] = refusals[call]
        const message = error instanceof Error ? error.message : String(error)
        port.postMessage({ type: 'error', id, error: { kind, subject, message } }, [])
        return
      }
      // A trap leaves the instance in no known state, though its calls would still return values.
      dead = true
      const message = core ? core.lastWords(error) : String(error)
      port.postMessage({ type: 'crash', message }, [])
    } finally {
      arrivals.delete(id)
    }
  }

  /** What one waits for may have been waiting itself. */
  async function settled(): Promise<void> {
    for (let last: unknown = null; last !== settling;) await (last = settling)
  }

  port.onmessage = (event) => {
    if (!dead) void answer(event.data)
  }
}

/** The buffers in a result, to be moved rather than copied. */
function transferables(value: unknown): Transferable[] {
  if (value instanceof ArrayBuffer) return [value]
  return ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : []
}
