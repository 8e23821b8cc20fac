// Measures ours beside the peers and writes the tables: on the terminal, as results.json and as results.md.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { build } from 'vite'
import { version } from './browser.ts'
import { downloads } from './download.ts'
import { layers } from './layers.ts'
import { help, options } from './options.ts'
import { embed, sectionsText } from './readme.ts'
import { here, serve } from './site.ts'
import { fresh } from './startup.ts'
import { plain, type Section } from './table.ts'
import { throughput } from './throughput.ts'

if (process.argv.includes('--help')) {
  console.log(help)
  process.exit(0)
}
const chosen = options(process.argv.slice(2))
await build({
  configFile: false,
  root: here('../page'),
  base: './',
  logLevel: 'warn',
  build: {
    outDir: here('../dist'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5000,
    // tfjs hands its threads the source text of a function: where the compressor has resolved a `typeof` in it by what
    // stands around the function, the threads fail and tfjs waits for them for ever.
    rolldownOptions: { output: { minify: { compress: false } } },
  },
  worker: { format: 'es' },
})
const site = await serve()
const sections: Section[] = []
const failures: string[] = []
try {
  const add = (section: Section) => {
    sections.push(section)
    console.log(`\n${section.title}\n${plain(section.head, section.rows)}\n${section.note}`)
  }
  if (chosen.parts.includes('throughput')) add(await throughput(site, chosen, failures))
  if (chosen.parts.includes('startup') || chosen.parts.includes('memory')) {
    for (const section of await fresh(site, chosen)) add(section)
  }
  if (chosen.parts.includes('download')) add(downloads())
  if (chosen.parts.includes('layers')) for (const section of await layers(site, chosen)) add(section)
} finally {
  await site.close()
}
const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Chromium ${await version()}`
write(here('../build/results.json'), `${JSON.stringify({ machine, options: chosen, failures, sections }, null, 2)}\n`)
write(here('../build/results.md'), `${machine}.\n\n${sectionsText(sections)}`)
console.log(`\nwritten: ${here('../build/results.json')}, ${here('../build/results.md')}`)
if (failures.length > 0) {
  console.error(`\n${failures.join('\n')}`)
  process.exit(1)
}
if (chosen.readme) {
  // Layers are for who improves them; a reader wants the comparison.
  const compared = sections.filter(({ title }) => !title.startsWith('Layers'))
  const readme = here('../../../README.md')
  write(readme, embed(readFileSync(readme, 'utf8'), machine, compared))
}

function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
