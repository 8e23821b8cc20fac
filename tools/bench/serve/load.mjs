// Loads `ddpm serve` on loopback with more and more connections, and prints a table: how many requests a second it
// answers, how long they take, and what becomes of those beyond. `make bench-serve` runs it.
//
//	node tools/bench/serve/load.mjs --ddpm tools/bin/ddpm-site [--seconds 5] [--readme README.md]

import autocannon from 'autocannon'
import { spawn } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: { ddpm: { type: 'string' }, seconds: { type: 'string', default: '5' }, readme: { type: 'string' } },
})
if (!options.ddpm) throw new Error('--ddpm names the binary with the page inside: make serve builds it')

const recipe = 'sampler=ddim&steps=5&guidance=2&classes=0-3&count=4&seed='
let seed = 1000

/** Starts the server; every client is this one, so the limit of a client's rate is lifted, and no other. */
async function start() {
  const server = spawn(options.ddpm, ['serve', '--addr', '127.0.0.1:0', '--rate', '1000000', '--burst', '1000000'])
  const url = await new Promise((resolve, reject) => {
    let said = ''
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (data) => {
        said += data
        const [, address] = /serving on (\S+)/.exec(said) ?? []
        if (address) resolve(address)
      })
    }
    server.on('exit', () => reject(new Error(said)))
  })
  return { url, server }
}

const { url, server } = await start()
const [script] = /assets\/index-[^"]+\.js/.exec(await (await fetch(url)).text())
await fetch(`${url}/r/${recipe}1.png`)

const kinds = [
  ['the page', [1, 16, 128, 512], () => ({ path: '/' })],
  ['a hashed script', [16, 128], () => ({ path: `/${script}` })],
  ['a picture that was drawn', [16, 128, 512], () => ({ path: `/r/${recipe}1.png` })],
  ['pictures that were not', [1, 16, 128], () => ({ path: `/r/${recipe}${seed++}.png` })],
]

const rows = []
for (const [name, loads, request] of kinds) {
  for (const connections of loads) {
    const result = await autocannon({
      url,
      connections,
      duration: Number(options.seconds),
      timeout: 60,
      requests: [{ method: 'GET', headers: { 'accept-encoding': 'gzip, br' }, setupRequest: (r) => ({ ...r, ...request() }) }],
    })
    const { statusCodeStats: codes, latency, duration, errors, timeouts } = result
    const of = (code) => codes[code]?.count ?? 0
    const answered = Object.values(codes).reduce((sum, { count }) => sum + count, 0)
    rows.push([
      name,
      connections,
      (of(200) / duration).toFixed(of(200) > 100 * duration ? 0 : 1),
      latency.p50,
      latency.p99,
      of(503),
      errors + timeouts + answered - of(200) - of(503),
    ])
    console.log(rows.at(-1).join('\t'))
  }
}
server.kill('SIGINT')

const table = [
  `${cpus()[0].model.trim()}, ${cpus().length} cores, which the load shares with the server; ${options.seconds} s a row. Times are of all answers, refusals too.`,
  '',
  '| asked for | connections | answered a second | p50 ms | p99 ms | told to come back (503) | lost or wrong |',
  '|---|---:|---:|---:|---:|---:|---:|',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n')
console.log(`\n${table}`)
if (options.readme) {
  const text = readFileSync(options.readme, 'utf8')
  const between = /(<!-- bench-serve: [^>]*-->\n)[\s\S]*?(\n<!-- \/bench-serve -->)/
  if (!between.test(text)) throw new Error(`${options.readme} has no place for the table: <!-- bench-serve: … --> to <!-- /bench-serve -->`)
  writeFileSync(`${options.readme}.new`, text.replace(between, (_, begin, end) => `${begin}${table}${end}`))
  renameSync(`${options.readme}.new`, options.readme)
}
