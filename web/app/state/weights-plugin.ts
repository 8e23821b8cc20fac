import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Plugin } from 'vite'
import type { Shipped } from './shipped.ts'

const id = 'virtual:weights'

/**
 * Lists the checkpoints of a folder: `import weights from 'virtual:weights'`. Each is a file of its own, fetched when
 * it is asked for, but its name and hash are known at once, so that a link finds its model.
 */
export function weights(folder: string): Plugin {
  return {
    name: 'weights',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    async load(source) {
      if (source !== `\0${id}`) return null
      // The page can be built, and its rooms that need no weights used, where there are none.
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.safetensors'))
      // The digits are met first.
      names.sort((a, b) => Number(b.startsWith('digits.')) - Number(a.startsWith('digits.')) || a.localeCompare(b))
      const files = names.map((name) => join(folder, name))
      for (const file of files) this.addWatchFile(file)
      const entries = await Promise.all(
        files.map(async (file, i) => `{ ...${JSON.stringify(describe(await readFile(file), file))}, url: url${i} }`),
      )
      const imports = files.map((file, i) => `import url${i} from ${JSON.stringify(`${file}?url`)}`)
      return { code: `${imports.join('\n')}\nexport default [${entries.join(',')}]`, moduleType: 'js' }
    },
  }
}

function describe(bytes: Buffer, file: string): Omit<Shipped, 'url'> {
  const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE()))
  const { __metadata__: card } = JSON.parse(header.toString()) as { __metadata__?: Record<string, string> }
  if (card?.['format'] !== 'ddpm')
    throw new Error(`${file} is not a checkpoint that the page can open: it has no card.`)
  const config = JSON.parse(card['config'] ?? '{}') as { image_size: number; in_channels: number }
  return {
    file: basename(file),
    hash: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
    name: card['name'] || basename(file, '.safetensors'),
    bytes: bytes.length,
    size: config.image_size,
    channels: config.in_channels,
    recipe: card['recipe'] ?? '',
  }
}
