// What the worker costs in processor time, which is what Cloudflare's plans limit (10 ms a request on the free one):
// workerd's own, from /proc, over many requests. `make bench-edge` runs it.

import { readdirSync, readFileSync } from 'node:fs'
import { workerd } from '../support/workerd.ts'

const limit = 10

/** Processor time of the workerd processes that a process group has, in ms. */
function spent(group: number): number {
  let ticks = 0
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, name, rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? []
      const fields = rest.split(' ')
      if (name === 'workerd' && Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      // a process that has ended meanwhile
    }
  }
  return ticks * 10 // the kernel counts in hundredths of a second
}

const four = 'sampler=ddim&steps=5&guidance=2&classes=0-3&count=4&seed='
const one = 'sampler=ddim&steps=2&guidance=1&classes=3&count=1&seed='
const kinds: readonly (readonly [string, number, (i: number) => string])[] = [
  ['a file of the page', 200, () => '/'],
  ['/healthz: Go alone', 30, () => '/healthz'],
  ['a shared page, never asked for before', 30, (i) => `/r/${one}${i}`],
  ['the same shared page again', 200, () => `/r/${one}0`],
  ['a picture: one digit, two steps (0.4 billion multiply-adds)', 20, (i) => `/r/${one}${i}.png`],
  ['a picture: four digits, five steps, guidance (7.4 billion)', 10, (i) => `/r/${four}${i}.png`],
  ['the same picture again', 200, () => `/r/${four}0.png`],
]

/** With BUDGET at 0. */
const withoutGo: typeof kinds = [['with `BUDGET` at 0: a shared link', 200, (i) => `/r/${one}${i}`]]

/** Runs the worker, and prints a row for each kind of request. */
async function measure(rows: typeof kinds, ...options: string[]): Promise<void> {
  const site = await workerd(...options)
  try {
    const ask = async (path: string) => {
      const response = await fetch(site.url + path, { redirect: 'manual' })
      await response.arrayBuffer()
      if (response.status >= 400) throw new Error(`${path}: ${response.status}`)
    }
    // The module is compiled once, for all requests.
    for (let i = 0; i < 5; i++) await ask(`/r/${one}${1000 + i}`)
    for (const [name, count, path] of rows) {
      const before = spent(site.pid)
      for (let i = 0; i < count; i++) await ask(path(i))
      const each = (spent(site.pid) - before) / count
      const short = (x: number) => x.toFixed(x < 9.95 ? 1 : 0)
      console.log(`| ${name} | ${short(each)} | ${short(each / limit)} times |`)
    }
  } finally {
    await site.close()
  }
}

console.log('| request | processor ms | of the free plan’s 10 |\n|---|---:|---:|')
await measure(kinds)
await measure(withoutGo, '--var', 'BUDGET:0')
