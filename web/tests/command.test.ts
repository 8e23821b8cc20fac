import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
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

/** Runs the command line that a room shows, and holds what it draws beside what the room shows. */
async function drawsTheSame(page: Page, room: string): Promise<void> {
  const command = (await page.locator(`ddpm-${room} ddpm-about code`).innerHTML())
    .replace(/<!--.*?-->/g, '')
    .replaceAll('&amp;', '&')
    .trim()
  // Words, of which quoted ones have no quotes in them; files are in the test's folder.
  const words = [...command.matchAll(/'([^']+)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  expect(words[0]).toBe('ddpm')
  expect(existsSync(join(root, words[words.indexOf('--model') + 1] ?? ''))).toBe(true)
  const out = join(folder, 'out.safetensors')
  const given = words.slice(1).map((word) => (/^\w+\.png$/.test(word) ? join(folder, word) : word))
  execFileSync(join(folder, 'ddpm'), [...given.slice(0, -1), out], { cwd: root })

  const drawn = images(out)
  const shown = await tiles(page, 'x')
  expect(shown).toHaveLength(drawn.length)
  for (const [i, tile] of shown.entries()) {
    const red = [...tile.data].filter((_, at) => at % 4 === 0)
    expect(red).toHaveLength(drawn[i]?.length ?? 0)
    for (const [p, v] of red.entries()) expect(Math.abs(v - (drawn[i]?.[p] ?? NaN))).toBeLessThanOrEqual(1)
  }
}

test.each([
  'sampler=ddim&steps=10&seed=18446744073709551615&classes=0-9&guidance=2&count=4',
  'sampler=ddpm&steps=8&seed=3&classes=7,none&guidance=1&count=3',
  'sampler=unipc&steps=6&seed=3&classes=2&guidance=1.5&count=2',
])('the page’s command line draws its pictures, to a level: %s', async (recipe) => {
  const { page } = await visit(`room=generate&${recipe}`, { weights: 'shipped' })
  await finished(page)
  await drawsTheSame(page, 'generate')
})

test.each([
  'task=vary&editT=400&editClass=8',
  'task=fill&editWalks=2',
  'task=blend&editT=500',
  'task=blend&way=circle',
])('the edit room’s command line draws its pictures from its files, to a level: %s', async (edit) => {
  const { page } = await visit(`room=edit&editSteps=8&seed=3&guidance=1.5&${edit}`, {
    weights: 'shipped',
    acceptDownloads: true,
  })
  const room = page.locator('ddpm-edit')
  await room.locator('.progress', { hasText: / steps? in / }).waitFor()
  await room.getByText('The same pictures on the command line').click()
  for (const button of await room.locator('.inputs button').all()) {
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    await download.saveAs(join(folder, download.suggestedFilename()))
  }
  await drawsTheSame(page, 'edit')
})
