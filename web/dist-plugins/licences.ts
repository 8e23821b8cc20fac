import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const modules = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** The packages that were built in, by their folders: workers are bundles of their own, made before the page's. */
const folders = new Set<string>()

type Bundle = Parameters<Extract<NonNullable<Plugin['generateBundle']>, (...args: never) => unknown>>[1]

function collect(bundle: Bundle, root: string): void {
  for (const file of Object.values(bundle)) {
    const sources = file.type === 'chunk' ? file.moduleIds : file.originalFileNames.map((name) => join(root, name))
    for (const source of sources) {
      const folder = modules.exec(source.replace(/^\0/, ''))?.[1]
      if (folder) folders.add(folder)
    }
  }
}

/** Notes what is in a worker, for `licences`. */
export function workerLicences(root: string): Plugin {
  return {
    name: 'worker-licences',
    generateBundle: (_, bundle) => collect(bundle, root),
  }
}

/** Writes licences.txt: what of other people's is in the build, and on what terms. */
export function licences(root: string): Plugin {
  return {
    name: 'licences',
    async generateBundle(_, bundle) {
      collect(bundle, root)
      const parts = await Promise.all([...folders].sort().map(ofPackage))
      // The core has no modules but its own: what is in it besides is Go's runtime and standard library.
      const go = execFileSync('go', ['env', 'GOROOT'], { cwd: root, encoding: 'utf8' }).trim()
      parts.push(
        part('Go, its runtime and standard library', 'BSD-3-Clause', await readFile(join(go, 'LICENSE'), 'utf8')),
      )
      parts.unshift(part('DDPM in the browser', 'MIT', await readFile(join(root, 'LICENSE'), 'utf8')))
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: parts.join('\n') })
    },
  }
}

async function ofPackage(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license?: string
  }
  const file = (await readdir(folder)).filter((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry)).sort()[0]
  if (!license) throw new Error(`${name} does not say on what terms it may be passed on`)
  return part(`${name} ${version}`, license, file ? await readFile(join(folder, file), 'utf8') : '')
}

function part(name: string, terms: string, words: string): string {
  return `${name}\n${terms}\n\n${words.trim()}\n\n${'-'.repeat(80)}\n`
}
