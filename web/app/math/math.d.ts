/** MathML, typeset at build time by math/plugin.ts. */
declare module '*.tex' {
  const markup: string
  export default markup
}

/** The address of the font for formulas, made at build time by math/font.ts. */
declare module 'virtual:math-font' {
  const url: string
  export default url
}

/** What is used of subset-font, which brings no types. */
declare module 'subset-font' {
  export default function subsetFont(
    font: Uint8Array,
    characters: string,
    options: { targetFormat: 'woff2' },
  ): Promise<Uint8Array<ArrayBuffer>>
}

/** The state of the sources that the page was built from. */
declare const __STAMP__: string
