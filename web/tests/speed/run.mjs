// Runs a TypeScript script of this folder with the page's own toolchain: node tests/speed/run.mjs NAME.

import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL(`./${process.argv[2]}.ts`, import.meta.url)), { configFile: false })
