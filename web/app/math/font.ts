import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import subsetFont from 'subset-font'
import type { Plugin } from 'vite'
import { typeset } from './plugin.ts'

const name = 'virtual:math-font'
const whole = '@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2'

/** What live numbers are written with, and what is drawn without being written. */
const always = '0123456789.,−×·∞⁻√ '

/**
 * A font for formulas, cut down at build time to the characters that they use: few devices have one, and without its
 * MATH table a browser can only guess where roots and indices go. `import url from 'virtual:math-font'`.
 */
export function mathFont(): Plugin {
  let building = false
  return {
    name: 'math-font',
    configResolved: ({ command }) => void (building = command === 'build'),
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      if (id !== `\0${name}`) return null
      if (!building) return `export { default } from '${whole}?url'`
      const font = await readFile(createRequire(import.meta.url).resolve(whole))
      const source = await subsetFont(font, await characters(), { targetFormat: 'woff2' })
      const reference = this.emitFile({ type: 'asset', name: 'math.woff2', source })
      return `export default import.meta.ROLLUP_FILE_URL_${reference}`
    },
  }
}

/** Every character of the page's formulas. Browsers set a single letter in italics, which is a character of its own. */
async function characters(): Promise<string> {
  const app = fileURLToPath(new URL('..', import.meta.url))
  const files = (await readdir(app, { recursive: true })).filter((file) => file.endsWith('.tex'))
  const formulas = await Promise.all(files.map((file) => readFile(`${app}/${file}`, 'utf8')))
  const used = new Set(always + formulas.map((tex) => typeset(tex).replaceAll(/<[^>]*>/g, '')).join(''))
  return [...used].flatMap((letter) => [letter, italic(letter)]).join('')
}

/** Mathematical italics of a letter (Unicode 1D434 ff.), the letter itself where there are none. */
function italic(letter: string): string {
  if (letter === 'h') return 'ℎ'
  for (const [first, last, to] of [
    ['A', 'Z', 0x1d434],
    ['a', 'z', 0x1d44e],
    ['Α', 'Ω', 0x1d6e2],
    ['α', 'ω', 0x1d6fc],
  ] as const) {
    const offset = letter.charCodeAt(0) - first.charCodeAt(0)
    if (letter >= first && letter <= last) return String.fromCodePoint(to + offset)
  }
  return letter
}
