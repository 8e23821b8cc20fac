// Lighthouse on every room of the built page, as a phone and as a desktop: `make lighthouse`. Prints its four scores
// and what a first visit fetches, and fails where a score is below 95.
//
// LIGHTHOUSE="room=bound room=edit" looks at these states only; CHROME is the browser, as in the tests.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { launch } from 'chrome-launcher'
import lighthouse, { desktopConfig } from 'lighthouse'

const least = 95
const categories = ['performance', 'accessibility', 'best-practices', 'seo']
const dist = fileURLToPath(new URL('../dist', import.meta.url))
const rooms = (await readFile(new URL('../app/rooms.ts', import.meta.url), 'utf8')).matchAll(/room\('(\w+)'/g)
const states = process.env.LIGHTHOUSE?.split(' ') ?? [...rooms].map(([, name]) => `room=${name}`)

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** As GitHub Pages answers: compressed, kept for ten minutes. */
async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost')
  const name = pathname.endsWith('/') ? `${pathname}index.html` : pathname
  try {
    const body = await readFile(dist + name)
    const type = types[extname(name)] ?? 'application/octet-stream'
    const packed = extname(name) === '.woff2' ? body : gzipSync(body)
    const headers = { 'Content-Type': type, 'Cache-Control': 'max-age=600', 'Content-Length': packed.length }
    if (packed !== body) headers['Content-Encoding'] = 'gzip'
    response.writeHead(200, headers).end(packed)
  } catch {
    response.writeHead(404).end()
  }
}
const server = createServer((request, response) => void answer(request, response))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const chromePath =
  process.env.CHROME ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))
const chrome = await launch({ chromePath, chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu'] })

let failed = false
console.log(`${'state'.padEnd(24)}device   ${categories.join('  ')}  LCP s  TBT ms  longest task ms  CLS    KB fetched`)
try {
  for (const state of states) {
    for (const device of ['phone', 'desktop']) {
      const url = `http://127.0.0.1:${server.address().port}/#${state}`
      const config = device === 'desktop' ? desktopConfig : undefined
      const { lhr } = await lighthouse(
        url,
        { port: chrome.port, onlyCategories: categories, logLevel: 'error' },
        config,
      )
      const scores = categories.map((name) => Math.round(lhr.categories[name].score * 100))
      const value = (audit) => lhr.audits[audit].numericValue
      // Of the page's thread; on the phone, a processor a quarter as fast is reckoned with. Shorter ones are not listed.
      const longest = Math.max(0, ...(lhr.audits['long-tasks'].details?.items ?? []).map(({ duration }) => duration))
      console.log(
        [
          state.padEnd(24) +
            device.padEnd(9) +
            scores.map((score, i) => String(score).padStart(categories[i].length)).join('  '),
          (value('largest-contentful-paint') / 1000).toFixed(2).padStart(7),
          value('total-blocking-time').toFixed(0).padStart(8),
          longest.toFixed(0).padStart(17),
          value('cumulative-layout-shift').toFixed(3).padStart(7),
          (value('total-byte-weight') / 1024).toFixed(0).padStart(7),
        ].join(''),
      )
      for (const [i, name] of categories.entries()) {
        if (scores[i] >= least) continue
        failed = true
        for (const { id, weight } of lhr.categories[name].auditRefs) {
          const { score, title, displayValue = '' } = lhr.audits[id]
          if (weight > 0 && score !== null && score < 0.95)
            console.log(`    ${name}: ${score} ${title} ${displayValue}`)
        }
      }
    }
  }
} finally {
  chrome.kill()
  server.close()
}
process.exitCode = failed ? 1 : 0
