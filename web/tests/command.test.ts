import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { finished, tiles } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''

// The command line as `make ddpm` builds it; the compiler keeps what has not changed.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ddpm-'))
  execFileSync('go', ['build', '-o', join(folder, 'ddpm'), './tools/ddpm'], {
    cwd: root,
    env: { GOTOOLCHAIN: 'go1.27.4', GOEXPERIMENT: 'simd', ...process.env },
  })
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The images of a file that `ddpm sample` wrote: bytes, one image after the other. */
function images(file: string): Buffer[] {
  const bytes = readFileSync(file)
  const begin = 8 + Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, begin).toString()) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >
  const { shape, data_offsets: at } = header['images']!
  const [count = 0, ...rest] = shape
  const each = rest.reduce((product, n) => product * n, 1)
  return Array.from({ length: count }, (_, i) =>
    bytes.subarray(begin + at[0] + i * each, begin + at[0] + (i + 1) * each),
  )
}

test.each([
  'sampler=ddim&steps=10&seed=18446744073709551615&classes=0-9&guidance=2&count=4',
  'sampler=ddpm&steps=8&seed=3&classes=7,none&guidance=1&count=3',
  'sampler=unipc&steps=6&seed=3&classes=2&guidance=1.5&count=2',
])('the page’s command line draws its pictures, to a level: %s', async (recipe) => {
  const { page } = await visit(`room=generate&${recipe}`, { weights: 'shipped' })
  await finished(page)
  const command = (await page.locator('ddpm-about code').innerHTML())
    .replace(/<!--.*?-->/g, '')
    .replaceAll('&amp;', '&')
  const [, model = '', text = ''] =
    /^ddpm sample --model (\S+) --recipe '([^']+)' --out grid\.png$/.exec(command.trim()) ?? []
  expect(existsSync(join(root, model))).toBe(true)
  const out = join(folder, 'out.safetensors')
  execFileSync(join(folder, 'ddpm'), ['sample', '--model', model, '--recipe', text, '--out', out], { cwd: root })

  const drawn = images(out)
  const shown = await tiles(page, 'x')
  expect(shown).toHaveLength(drawn.length)
  for (const [i, tile] of shown.entries()) {
    const red = [...tile.data].filter((_, at) => at % 4 === 0)
    expect(red).toHaveLength(drawn[i]?.length ?? 0)
    for (const [p, v] of red.entries()) expect(Math.abs(v - (drawn[i]?.[p] ?? NaN))).toBeLessThanOrEqual(1)
  }
})
