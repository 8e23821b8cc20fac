#!/usr/bin/env -S node --no-warnings --stack-size=4000
// Runs a program built for GOOS=wasip1 under Node: `go test -exec wasm/node.mjs`.
// wazero, which runs the tests, compiles less well than a browser's engine; Node
// has Chromium's, so benchmarks under it say what a page would do.
import { readFileSync } from 'node:fs'
import { WASI } from 'node:wasi'

const [program, ...args] = process.argv.slice(2)
const wasi = new WASI({
  version: 'preview1',
  args: [program, ...args],
  env: { ...process.env, PWD: process.cwd() },
  preopens: { '/': '/' },
})
const module = await WebAssembly.compile(readFileSync(program))
process.exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()))
