import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandLine, expectDrawn, images, root } from './support/hosted.ts'
import { finished, tiles } from './support/look.ts'
import { useBrowser, visit } from './support/visit.ts'

useBrowser()

let command: ReturnType<typeof commandLine>
beforeAll(() => void (command = commandLine()), 300_000)
afterAll(() => command.remove())

/** Runs the command line that a room shows, and holds what it draws beside what the room shows. */
async function drawsTheSame(page: Page, room: string): Promise<void> {
  const said = (await page.locator(`ddpm-${room} ddpm-about code`).innerHTML())
    .replace(/<!--.*?-->/g, '')
    .replaceAll('&amp;', '&')
    .trim()
  // Words, of which quoted ones have no quotes in them; files are in the test's folder.
  const words = [...said.matchAll(/'([^']+)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  expect(words[0]).toBe('ddpm')
  expect(existsSync(join(root, words[words.indexOf('--model') + 1] ?? ''))).toBe(true)
  const out = join(command.folder, 'out.safetensors')
  const given = words.slice(1).map((word) => (/^\w+\.png$/.test(word) ? join(command.folder, word) : word))
  execFileSync(command.ddpm, [...given.slice(0, -1), out], { cwd: root })

  expectDrawn(await tiles(page, 'x'), images(out))
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
    await download.saveAs(join(command.folder, download.suggestedFilename()))
  }
  await drawsTheSame(page, 'edit')
})
