import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const compressible = /\.(html|js|css|json|txt|svg|wasm|safetensors)$/

/** Beneath this a compressed form saves no packet. */
const least = 1000

/** Puts a .br and a .gz beside every file that becomes smaller by a twentieth. */
export function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    async writeBundle({ dir }) {
      if (!dir) return
      const names = await readdir(dir, { recursive: true })
      for (const name of names.filter((name) => compressible.test(name)).sort()) await pack(join(dir, name))
    },
  }
}

async function pack(file: string): Promise<void> {
  const whole = await readFile(file)
  if (whole.length < least) return
  const forms = [
    ['.gz', await promisify(gzip)(whole, { level: 9 })],
    [
      '.br',
      await promisify(brotliCompress)(whole, {
        params: {
          // The last level takes a minute for the core, and gains two percent.
          [constants.BROTLI_PARAM_QUALITY]: 9,
          [constants.BROTLI_PARAM_LGWIN]: 24,
          [constants.BROTLI_PARAM_SIZE_HINT]: whole.length,
        },
      }),
    ],
  ] as const
  for (const [ending, packed] of forms) {
    if (packed.length < whole.length * 0.95) await writeFile(file + ending, packed)
  }
}
