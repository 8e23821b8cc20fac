import temml from 'temml'
import type { Plugin } from 'vite'

/**
 * Typesets `.tex` files at build time: `import q from './q.tex'` gives MathML,
 * so the page carries no TeX. `\class{live-a}{0.000}` marks a number that the
 * page fills in (see formula.ts); it needs Temml's trust, which our own files have.
 */
export function mathml(): Plugin {
  return {
    name: 'mathml',
    transform(source, id) {
      if (!id.endsWith('.tex')) return null
      return { code: `export default ${JSON.stringify(typeset(source))};`, map: null, moduleType: 'js' }
    },
  }
}

/** MathML of a formula in TeX. */
export function typeset(tex: string): string {
  return temml.renderToString(tex.trim(), { displayMode: false, trust: true, throwOnError: true })
}
