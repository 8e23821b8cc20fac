import { execFileSync } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandLine, expectHosted, root } from './support/hosted.ts'

// The page as `make single` writes it: one file, from disk.

const built = join(root, 'web/single')
let command: ReturnType<typeof commandLine>
beforeAll(() => void (command = commandLine()), 300_000)
afterAll(() => command.remove())

test('the file opens from disk, alone in a folder, noises and draws', async () => {
  const file = join(command.folder, 'anywhere.html')
  await copyFile(join(built, 'ddpm.html'), file)
  await expectHosted(pathToFileURL(file).href, command)
})

test('everything is inside, and the same to the byte when it is built again', async () => {
  expect(await readdir(built)).toEqual(['ddpm.html'])
  const page = await readFile(join(built, 'ddpm.html'), 'utf8')
  expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="(?!data:)/)
  const again = await mkdtemp(join(tmpdir(), 'ddpm-single-'))
  // As the Makefile runs it: tests have an environment of their own.
  const { NODE_ENV: _, VITEST: __, ...env } = process.env
  execFileSync('node_modules/.bin/vite', ['build', '--mode', 'single', '--logLevel', 'error', '--outDir', again], {
    cwd: join(root, 'web'),
    env,
  })
  expect((await readFile(join(again, 'ddpm.html'), 'utf8')) === page).toBe(true)
  await rm(again, { recursive: true })
}, 120_000)
