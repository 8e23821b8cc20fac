import { type ContenderName, contenders } from '../page/contender.ts'
import type { Options } from './options.ts'
import type { Site } from './site.ts'
import { median } from './statistics.ts'
import type { Cell, Section } from './table.ts'
import { usual } from './throughput.ts'
import { type Fresh, unwatched } from './unwatched.ts'

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
      const peaks = contenders.map((): number[] => [])
      for (let i = 0; i < options.bursts; i++) {
        for (const [at, contender] of contenders.entries()) {
          const { peak } = await once(site, contender, name, count, 10)
          if (peak !== undefined) peaks[at]?.push(peak / 1e6)
        }
      }
      memory.push([name, String(count), ...peaks.map((all) => (all.length > 0 ? median(all) : undefined))])
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
      note: 'The most that the page’s process has held at once (VmHWM in /proc), in a fresh browser that no debugger watches, one thread, after ten evaluations; the median of as many as there are bursts.',
    })
  }
  return sections
}

function once(site: Site, contender: ContenderName, network: string, count: number, runs: number): Promise<Fresh> {
  return unwatched(site, { contender, network, count: String(count), runs: String(runs) })
}
