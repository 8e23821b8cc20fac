// A browser of its own with one page, which no debugger watches: the protocol by which tests drive a page has the page's
// process keep a copy of each file that it fetches, and that would count as the page's.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flags, installed } from '../../tests/support/browser.ts'
import type { First } from '../page/main.ts'
import type { Site } from './site.ts'

export interface Fresh extends First {
  /** The most memory that the page's process has held, in bytes; undefined where /proc does not tell. */
  readonly peak: number | undefined
}

/** For how long a browser that has just been started is left to itself, in milliseconds. */
const settling = 1000

/** Opens the page at a query, and gives what it reports. The browser has another page before, while it starts. */
export async function unwatched(site: Site, query: Readonly<Record<string, string>>): Promise<Fresh> {
  const profile = mkdtempSync(join(tmpdir(), 'ddpm-bench-'))
  const url = `${site.url}/isolated/?${new URLSearchParams(query)}`
  const before = `data:text/html,<script>setTimeout(() => location.replace(${JSON.stringify(url)}), ${settling})</script>`
  const arguments_ = ['--headless', ...flags, `--user-data-dir=${profile}`, before]
  const browser = spawn(installed(), arguments_, { stdio: 'ignore' })
  const left = new Promise<void>((resolve) => browser.once('close', () => resolve()))
  const failed = new Promise<never>((_, reject) => {
    browser.once('error', reject)
    browser.once('close', () => reject(new Error('the browser ended before its page had reported')))
  })
  failed.catch(() => undefined)
  try {
    const report = JSON.parse(await Promise.race([site.report(), failed])) as First | { error: string }
    if ('error' in report) throw new Error(`${JSON.stringify(query)}: ${report.error}`)
    return { ...report, peak: peak(browser) }
  } finally {
    browser.kill()
    await left
    await rm(profile, { recursive: true, force: true, maxRetries: 10 }) // its children write on for a moment
  }
}

/** The largest of the processes with pages that descend from the browser's. */
function peak(browser: ChildProcess): number | undefined {
  try {
    const parents = new Map<number, number>()
    const peaks = new Map<number, number>()
    for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8')
        const number = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1])
        parents.set(Number(name), number('PPid'))
        if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--type=renderer')) {
          peaks.set(Number(name), 1024 * number('VmHWM'))
        }
      } catch {
        // It has ended meanwhile.
      }
    }
    const ours = (id: number | undefined): boolean => id !== undefined && (id === browser.pid || ours(parents.get(id)))
    const most = Math.max(...[...peaks].filter(([id]) => ours(id)).map(([, bytes]) => bytes))
    return Number.isFinite(most) ? most : undefined
  } catch {
    return undefined
  }
}
