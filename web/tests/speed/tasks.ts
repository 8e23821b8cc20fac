// What the page's own thread was busy with, from Chromium's trace: the same that DevTools draws.

import type { CDPSession } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: {
    readonly name?: string
    readonly data?: { readonly functionName?: string; readonly url?: string; readonly type?: string }
    readonly fileName?: string
  }
}

/** A task of the page's thread: until it ends, nothing is heard or shown. */
export interface Task {
  /** In which it was computing: what it waited for a processor is what else the machine does. */
  readonly milliseconds: number
  /** What took its time, the longest first. */
  readonly parts: readonly string[]
}

const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline']

/** Traces while `act` goes on; gives the longest task of the page's thread. */
export async function longestTask(session: CDPSession, act: () => Promise<unknown>): Promise<Task> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: unknown[] }) => events.push(...(value as TraceEvent[]))
  session.on('Tracing.dataCollected', collect as never)
  await session.send('Tracing.start', { transferMode: 'ReportEvents', categories: categories.join() } as never)
  await act()
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  session.off('Tracing.dataCollected', collect as never)
  return longest(events)
}

function longest(events: readonly TraceEvent[]): Task {
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const pages = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
  )
  const timed = events.filter((event) => event.ph === 'X' && pages.has(thread(event)))
  const tasks = timed.filter(({ name }) => name === 'RunTask').sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
  const [task] = tasks
  if (!task) throw new Error('The trace has no tasks of the page: Chromium names them otherwise now.')
  const { ts, dur = 0, tdur = dur } = task
  const inside = timed.filter(
    (event) => event !== task && thread(event) === thread(task) && event.ts >= ts && event.ts < ts + dur,
  )
  return { milliseconds: tdur / 1000, parts: parts(inside) }
}

/** Sums the time of each kind of event, less that of the events within it. */
function parts(inside: readonly TraceEvent[]): string[] {
  const own = new Map<string, number>()
  const open: { name: string; end: number }[] = []
  const add = (name: string, time: number) => own.set(name, (own.get(name) ?? 0) + time)
  for (const event of [...inside].sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    const { ts, dur = 0 } = event
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= ts) open.pop()
    const around = open.at(-1)
    if (around) add(around.name, -dur)
    const name = nameOf(event)
    add(name, dur)
    open.push({ name, end: ts + dur })
  }
  return [...own]
    .sort(([, a], [, b]) => b - a)
    .filter(([, time]) => time >= 1000)
    .slice(0, 4)
    .map(([name, time]) => `${name} ${Math.round(time / 1000)}`)
}

/** The event, with the function or file that it is about. */
function nameOf({ name, args }: TraceEvent): string {
  const { functionName, url, type } = args.data ?? {}
  const file = (url ?? args.fileName ?? '')
    .split('/')
    .at(-1)
    ?.replace(/-[\w-]{8}\.js$/, '')
  return [name, functionName ?? type, file].filter(Boolean).join(' ')
}
