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
      head: ['layer', 'count', 'ms', '% of time', 'GFLOP/s', '% of ceiling', 'roofline, ms', '% of roofline'],
      rows: layers
        .toSorted((a, b) => b.count * b.milliseconds - a.count * a.milliseconds)
        .map(({ name, count, multiplyAdds, bytes, milliseconds }) => {
          const arithmetic = (2 * multiplyAdds) / ceiling
          const roofline = 1000 * Math.max(arithmetic, bytes / bandwidth)
          const gflops = multiplyAdds > 0 ? rate(multiplyAdds, milliseconds) : undefined
          const share = multiplyAdds > 0 ? (100 * 1000 * arithmetic) / milliseconds : undefined
          return [
            name,
            String(count),
            milliseconds,
            (100 * count * milliseconds) / total,
            gflops,
            share,
            roofline,
            (100 * roofline) / milliseconds,
          ]
        }),
      note: `Ceiling, multiply-adds in registers alone: ${(ceiling / 1e9).toFixed(1)} GFLOP/s. Memory, copied beyond the caches: ${(bandwidth / 1e9).toFixed(1)} GB/s. The roofline is the longer of the direct form's arithmetic at the ceiling and of each byte moved once from memory: Winograd multiplies less and caches are faster, so a layer may pass it. Beside their bytes norms have exponentials, which it does not count.`,
    })
  }
  return sections
}
