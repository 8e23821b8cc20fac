import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { launch } from './browser.ts'
import { complaintsOf } from './complaints.ts'
import { fingerprint, finished, panel, slider, tiles } from './look.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Few steps and no sum over steps that grows: what is drawn anywhere is the same to a level. */
export const recipe = 'sampler=ddim&steps=4&seed=5&classes=3,8&guidance=2&count=4'

/** The command line as `make ddpm` builds it, in a folder of its own; the compiler keeps what has not changed. */
export function commandLine(): { ddpm: string; folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'ddpm-'))
  const ddpm = join(folder, 'ddpm')
  execFileSync('go', ['build', '-o', ddpm, './tools/ddpm'], {
    cwd: root,
    env: { GOTOOLCHAIN: 'go1.27.4', GOEXPERIMENT: 'simd', ...process.env },
  })
  return { ddpm, folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The images of a file that `ddpm sample` wrote: bytes, one image after the other. */
export function images(file: string): Buffer[] {
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

/** Expects grey pictures to be those that the command line drew, to a level. */
export function expectDrawn(shown: readonly { data: Buffer }[], drawn: readonly Buffer[]): void {
  expect(shown).toHaveLength(drawn.length)
  for (const [i, tile] of shown.entries()) {
    const red = [...tile.data].filter((_, at) => at % 4 === 0)
    expect(red).toHaveLength(drawn[i]?.length ?? 0)
    for (const [p, v] of red.entries()) expect(Math.abs(v - (drawn[i]?.[p] ?? NaN))).toBeLessThanOrEqual(1)
  }
}

/**
 * What a visitor expects of the page wherever it is hosted: a picture dissolves into noise and comes back, the network
 * draws what the command line draws, and nothing is complained of.
 */
export async function expectHosted(url: string, command: { ddpm: string; folder: string }): Promise<void> {
  const browser = await launch()
  try {
    const page = await browser.newPage({ locale: 'en-US' })
    page.setDefaultTimeout(45_000)
    const complaints = complaintsOf(page)
    await page.goto(`${url}#t=0&picture=spheres`)
    const before = await fingerprint(panel(page, 'linear', 0))
    await slider(page).fill('612')
    expect(await fingerprint(panel(page, 'linear', 612))).not.toBe(before)
    await slider(page).fill('0')
    expect(await fingerprint(panel(page, 'linear', 0))).toBe(before)
    await page.goto(`${url}#room=generate&${recipe}`)
    await finished(page)
    const out = join(command.folder, 'out.safetensors')
    const model = 'weights/digits.safetensors'
    execFileSync(command.ddpm, ['sample', '--model', model, '--recipe', recipe, '--out', out], { cwd: root })
    expectDrawn(await tiles(page, 'x'), images(out))
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
}
