import { type ContenderName, contenders } from '../page/contender.ts'
import { visit } from './browser.ts'
import type { Options } from './options.ts'
import type { Site } from './site.ts'
import { median } from './statistics.ts'
import type { Cell, Section } from './table.ts'
import { usual } from './throughput.ts'

/** What a fresh page of each contender takes: the time to its first ε, and the most memory that it holds. */
export async function fresh(site: Site, options: Options): Promise<Section[]> {
  const startup: Cell[][] = []
  const memory: Cell[][] = []
  for (const name of options.networks) {
    if (options.parts.includes('startup')) {
      const starts = contenders.map((): number[] => [])
      for (let i = 0; i < options.bursts; i++) {
        for (const [at, contender] of contenders.entries()) {
          starts[at]?.push((await once(site, contender, name, 1, 1)).milliseconds)
        }
      }
      const times = starts.map(median)
      const [ours, ...peers] = times as [number, ...number[]]
      startup.push([name, ...times, Math.min(...peers) / ours])
    }
    if (!options.parts.includes('memory')) continue
    for (const count of usual(name)) {
      const peaks: Cell[] = []
      for (const contender of contenders) {
        const { peak } = await once(site, contender, name, count, 10)
        peaks.push(peak === undefined ? undefined : peak / 1e6)
      }
      memory.push([name, String(count), ...peaks])
    }
  }
  const sections: Section[] = []
  if (startup.length > 0) {
    sections.push({
      title: 'From navigation to the first ε, ms',
      head: ['network', ...contenders, 'faster peer / ours'],
      rows: startup,
      note: 'A fresh browser each time, one thread; the files come from a server on the same machine. Ours is the page’s own client and worker. The median of as many starts as there are bursts, in turn.',
    })
  }
  if (memory.length > 0) {
    sections.push({
      title: 'Peak memory of the page’s process, MB',
      head: ['network', 'batch', ...contenders],
      rows: memory,
      note: 'The most that the renderer’s process has held at once (VmHWM in /proc), in a fresh browser, one thread, after ten evaluations.',
    })
  }
  return sections
}

async function once(site: Site, contender: ContenderName, network: string, count: number, runs: number) {
  const { page, peak, close } = await visit(site, 'isolated', {
    contender,
    network,
    count: String(count),
    runs: String(runs),
  })
  try {
    const measured = await page.evaluate(() => window.bench.first)
    if (!measured) throw new Error(`${contender} measured nothing`)
    return { milliseconds: measured.milliseconds, peak: await peak() }
  } finally {
    await close()
  }
}
