import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Plugin } from 'vite'

/**
 * Writes models.json, by which servers find the checkpoint that a recipe names: [{ name, hash, file }], the digits
 * first, which are meant where a recipe names none.
 */
export function models(): Plugin {
  return {
    name: 'models',
    generateBundle(_, bundle) {
      const list = Object.values(bundle).flatMap((file) => {
        const original =
          file.type === 'asset' ? file.originalFileNames.find((name) => name.endsWith('.safetensors')) : ''
        if (file.type !== 'asset' || !original) return []
        const hash = createHash('sha256').update(file.source).digest('hex').slice(0, 12)
        return [{ name: basename(original, '.safetensors'), hash, file: file.fileName }]
      })
      list.sort((a, b) => Number(b.name === 'digits') - Number(a.name === 'digits') || a.name.localeCompare(b.name))
      this.emitFile({ type: 'asset', fileName: 'models.json', source: `${JSON.stringify(list, null, 2)}\n` })
    },
  }
}
