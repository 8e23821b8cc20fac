// A run over several workers: each takes a share of the images, and the page sees whole steps.
// What it returns at its end are the values of each share, where it keeps any.

import type { Recipe, RunOptions, RunStep, Values } from '../../shared/engine.ts'
import type { Beginning, StepEvent } from '../../shared/protocol.ts'
import { Queue } from '../../shared/queue.ts'
import { Collector } from './collector.ts'
import type { Link } from './link.ts'
import type { Member } from './member.ts'

export async function* runOn(
  team: readonly Member[],
  recipe: Recipe,
  options: RunOptions,
  signal: AbortSignal,
  beginning: Beginning | undefined,
): AsyncGenerator<RunStep, Values[]> {
  const planes = options.planes ?? ['x', 'x0']
  const links = await Promise.all(team.map((member) => member.link()))
  signal.throwIfAborted()
  const collector = new Collector(recipe.count, () => performance.now())
  const steps = new Queue<RunStep>()
  const onStep = (part: StepEvent) => {
    const step = collector.add(part)
    options.onProgress?.(collector.progress())
    if (step) steps.push(step)
  }

  const running: { link: Link; id: number }[] = []
  const cancel = () => {
    steps.fail(signal.reason, true)
    for (const { link, id } of running) link.call('cancel', { run: id }).catch(() => undefined)
  }
  signal.addEventListener('abort', cancel, { once: true })

  const shares = links.map((link, i) => {
    const first = Math.floor((recipe.count * i) / links.length)
    const count = Math.floor((recipe.count * (i + 1)) / links.length) - first
    return link.call(
      'run',
      {
        recipe: recipe.text,
        first,
        count,
        planes,
        beginning,
        together: recipe.branch > 0,
        beside: options.beside ?? false,
      },
      { onStep, onId: (id) => running.push({ link, id }) },
    )
  })
  const over = Promise.all(shares)
  over.then(
    () => steps.end(),
    (error) => steps.fail(error),
  )

  try {
    for (let step = await steps.next(); step; step = await steps.next()) yield step
    return (await over).flatMap(({ values }) => values ?? [])
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}
