import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commandLine, expectHosted } from './support/hosted.ts'
import { serve } from './support/site.ts'

const web = fileURLToPath(new URL('..', import.meta.url))
const dist = join(web, 'dist')

/** The files of a folder with the hash of each. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort()
  const files: Record<string, string> = {}
  for (const name of names) {
    if ((await stat(join(folder, name))).isDirectory()) continue
    files[name] = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex')
  }
  return files
}

test('opens from a sub-path of a static server that sends no headers, noises and draws', async () => {
  const command = commandLine()
  const site = await serve()
  await expectHosted(site.url, command)
  await site.close()
  command.remove()
}, 300_000)

test('the site is the same to the byte when it is built again', async () => {
  const again = await mkdtemp(join(tmpdir(), 'ddpm-dist-'))
  // As the Makefile runs it: tests have an environment of their own.
  const { NODE_ENV: _, VITEST: __, ...env } = process.env
  execFileSync('node_modules/.bin/vite', ['build', '--logLevel', 'error', '--outDir', again], { cwd: web, env })
  expect(await contents(again)).toEqual(await contents(dist))
  await rm(again, { recursive: true })
}, 120_000)

test('the site has all that hosts and servers ask for', async () => {
  const files = Object.keys(await contents(dist))
  for (const name of [
    'index.html',
    'index.html.br',
    'index.html.gz',
    'embed.js',
    'models.json',
    'licences.txt',
    '_headers',
  ]) {
    expect(files).toContain(name)
  }
  const models = JSON.parse(await readFile(join(dist, 'models.json'), 'utf8')) as {
    name: string
    hash: string
    file: string
  }[]
  expect(models[0]?.name).toBe('digits')
  for (const { hash, file } of models) {
    const sum = createHash('sha256').update(await readFile(join(dist, file)))
    expect(sum.digest('hex').slice(0, 12)).toBe(hash)
  }
  // Nothing is asked for by an absolute path: the site may lie anywhere.
  expect(await readFile(join(dist, 'index.html'), 'utf8')).not.toMatch(/(src|href)="\//)
})

test('the licences of all that is bundled are there', async () => {
  const text = await readFile(join(dist, 'licences.txt'), 'utf8')
  const { dependencies } = JSON.parse(await readFile(join(web, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const [name, version] of Object.entries(dependencies)) expect(text).toContain(`${name} ${version}\n`)
  expect(text).toContain('Go, its runtime and standard library')
  expect(text).toContain('Redistribution and use in source and binary forms')
})
