import { contenders, network } from '../page/contender.ts'
import { visit } from './browser.ts'
import type { Options } from './options.ts'
import type { Site } from './site.ts'
import { advantage, median, rate } from './statistics.ts'
import type { Section } from './table.ts'

/** The most that two outputs may differ, relative to their length. */
const agreement = 1e-4

/** The batches that are measured where none are asked for: the large network's are smaller. */
export const usual = (name: string): readonly number[] => (name === 'base128' ? [1, 4] : [1, 16])

/** All contenders in one page, in turn. Disagreements go to failures. */
export async function throughput(site: Site, options: Options, failures: string[]): Promise<Section> {
  const rows: (string | number | undefined)[][] = []
  for (const name of options.networks) {
    for (const count of options.batches.length > 0 ? options.batches : usual(name)) {
      // More threads than images help nobody here: ours splits a batch, not an image.
      for (const threads of options.threads) rows.push(await row('isolated', name, count, threads))
    }
  }
  const small = options.networks[0]
  if (small && options.threads.includes(2)) rows.push(await row('plain', small, usual(small)[0] as number, 2))

  async function row(kind: 'isolated' | 'plain', name: string, count: number, threads: number) {
    const { page, close } = await visit(site, kind)
    const { bursts, seconds } = options
    const result = await page.evaluate((o) => window.bench.throughput(o), {
      network: network(name),
      count,
      threads,
      bursts,
      seconds,
      names: contenders,
    })
    await close()
    const times = contenders.map((contender) => result.milliseconds[contender] ?? [])
    const rates = times.map((bursts) => rate(result.multiplyAdds * count, median(bursts)))
    const [ours, ...peers] = times as [number[], ...number[][]]
    const off = Math.max(...Object.values(result.disagreement))
    if (!(off <= agreement))
      failures.push(
        `${name}, batch ${count}, ${threads} threads: outputs differ by ${off}; at most ${agreement} is agreement`,
      )
    const cells = [
      `${name}${kind === 'plain' ? ', no isolation headers' : ''}`,
      String(count),
      String(threads),
      ...rates,
      advantage(ours, peers),
      off,
    ]
    console.log(cells.map((cell) => (typeof cell === 'number' ? cell.toPrecision(3) : cell)).join('  '))
    return cells
  }

  return {
    title: 'Throughput in the browser, effective GFLOP/s',
    head: ['network', 'batch', 'threads', ...contenders, 'ours / faster peer', 'outputs differ by'],
    rows,
    note: 'Twice the multiply-adds of the direct form over the time; the median of bursts that the contenders take in turn, in one page; the ratio is of neighbouring bursts. Threads are workers with an engine each for ours, which split the batch.',
  }
}
