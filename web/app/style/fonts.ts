// Makes the fonts known when it is imported, and fetches those of the visitor's script before the first letter is
// shown. They are bundled, so that no other origin is asked. `optional` never swaps a face in after the first paint,
// and so never shifts the layout.

import interCyrillic from '@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2?url'
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import serifCyrillic from '@fontsource-variable/source-serif-4/files/source-serif-4-cyrillic-wght-normal.woff2?url'
import serif from '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2?url'
import math from 'virtual:math-font'
import type { Language } from '../messages/index.ts'

const cyrillic = 'U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116'
const latin = 'U+0000-0300, U+0302-036F, U+1E00-1EFF, U+2000-2115, U+2117-22FF'

const readsCyrillic = navigator.languages.some((language) => /^(ru|uk|be|bg|sr|mk|kk|ky)\b/.test(language))
const cyrillics: FontFace[] = []
/** Resolves when what formulas are set in is there, or cannot be had. */
let formulas: Promise<unknown> = Promise.resolve()
for (const [family, weight, unicodeRange, url] of [
  ['Inter Variable', '100 900', latin, inter],
  ['Inter Variable', '100 900', cyrillic, interCyrillic],
  ['Source Serif 4 Variable', '200 900', latin, serif],
  ['Source Serif 4 Variable', '200 900', cyrillic, serifCyrillic],
  ['STIX Two Math', '400', 'U+0-10FFFF', math],
] as const) {
  const face = new FontFace(family, `url(${url})`, { weight, unicodeRange, display: 'optional' })
  document.fonts.add(face)
  if (unicodeRange === cyrillic) cyrillics.push(face)
  // Without it the page has the system's fonts.
  if (unicodeRange === cyrillic && !readsCyrillic) continue
  const arrived = face.load().catch(() => undefined)
  if (url === math) formulas = arrived
}

/** Resolves when a room's formulas can be shown: Firefox and Safari would leave them in another face for good. */
export function lettersOfFormulas(): Promise<unknown> {
  return formulas
}

/** Resolves when what a language is written with is there, or cannot be had: once it is shown it would be too late. */
export async function lettersOf(language: Language): Promise<void> {
  if (language === 'ru') await Promise.allSettled(cyrillics.map((face) => face.load()))
}
