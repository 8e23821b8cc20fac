import { visit } from './browser.ts'
import type { Options } from './options.ts'
import type { Site } from './site.ts'
import { rate } from './statistics.ts'
import type { Section } from './table.ts'

/** Each layer of ours alone: where the time goes, and how far that is from what the machine can do. */
export async function layers(site: Site, options: Options): Promise<Section[]> {
  const sections: Section[] = []
  for (const name of options.networks.filter((network) => network !== 'digits')) {
    const { page, close } = await visit(site, 'isolated')
    const { ceiling, bandwidth, layers } = await page.evaluate((network) => window.bench.layers(network), name)
    await close()
    const total = layers.reduce((sum, l) => sum + l.count * l.milliseconds, 0)
    sections.push({
      title: `Layers of ${name} in WebAssembly, one thread`,
      head: ['layer', 'count', 'ms', '% of time', 'GFLOP/s', '% of ceiling', 'roofline GFLOP/s'],
      rows: layers
        .toSorted((a, b) => b.count * b.milliseconds - a.count * a.milliseconds)
        .map(({ name, count, multiplyAdds, bytes, milliseconds }) => {
          const share = (100 * count * milliseconds) / total
          if (multiplyAdds === 0) return [name, String(count), milliseconds, share, undefined, undefined, undefined]
          const gflops = rate(multiplyAdds, milliseconds)
          const roofline = Math.min(ceiling, (2 * multiplyAdds * bandwidth) / bytes) / 1e9
          return [name, String(count), milliseconds, share, gflops, (100 * gflops) / (ceiling / 1e9), roofline]
        }),
      note: `Ceiling, multiply-adds in registers alone: ${(ceiling / 1e9).toFixed(1)} GFLOP/s. Memory, copied beyond the caches: ${(bandwidth / 1e9).toFixed(1)} GB/s. The roofline is of the direct form with everything from memory; Winograd multiplies less, and caches give more.`,
    })
  }
  return sections
}
