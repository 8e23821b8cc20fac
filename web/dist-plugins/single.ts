import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const types: Readonly<Record<string, string>> = {
  '.wasm': 'application/wasm',
  '.js': 'text/javascript',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain',
}

/**
 * Runs before the page's own script: every file inside is given an address of its own (`blob:`), which can be fetched,
 * started as a worker and used as a font from disk, where files beside the page cannot.
 */
const unpack = `
const $inside = Object.fromEntries(await Promise.all([...document.querySelectorAll('script[data-file]')].map(async (element) => {
  const packed = Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0))
  element.remove()
  const content = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')))
  return [element.dataset.file, URL.createObjectURL(new Blob([await content.arrayBuffer()], { type: element.dataset.type }))]
})));
`

/** How a bundle names a file of its own: by its place beside the script. */
const named = /new URL\(\s*(["'`])([^"'`]+)\1\s*,\s*(?:``\s*\+\s*|""\s*\+\s*|''\s*\+\s*)?import\.meta\.url\s*\)/g

/** Puts the whole build into one HTML file that opens from disk. */
export function single(name: string): Plugin {
  return {
    name: 'single',
    enforce: 'post',
    config: () => ({
      build: {
        modulePreload: false,
        cssCodeSplit: false,
        rolldownOptions: {
          output: { codeSplitting: false, entryFileNames: 'page.js', assetFileNames: '[name][extname]' },
        },
      },
      worker: { format: 'iife', rolldownOptions: { output: { codeSplitting: false, entryFileNames: '[name].js' } } },
    }),
    generateBundle(_, bundle) {
      const { 'index.html': html, 'page.js': script, ...files } = bundle
      if (html?.type !== 'asset' || script?.type !== 'chunk') this.error('there is no index.html or no script')
      const styles: string[] = []
      const inside: string[] = []
      for (const [file, made] of Object.entries(files)) {
        delete bundle[file]
        const content = Buffer.from(made.type === 'chunk' ? made.code : made.source)
        if (extname(file) === '.css') styles.push(content.toString())
        else {
          const type = types[extname(file)] ?? 'application/octet-stream'
          const packed = gzipSync(content, { level: 9 }).toString('base64')
          inside.push(`<script type="application/gzip" data-file="${file}" data-type="${type}">${packed}</script>`)
        }
      }
      const used = new Set<string>()
      const code = script.code.replace(named, (_whole, _quote, path: string) => {
        const file = path.replace(/^(\.\.?\/)+/, '')
        if (!files[file]) this.error(`the page asks for ${path}, which is not in the build`)
        used.add(file)
        return `new URL($inside[${JSON.stringify(file)}])`
      })
      for (const file of Object.keys(files)) {
        if (extname(file) !== '.css' && !used.has(file)) this.error(`nothing in the page asks for ${file}`)
      }
      // Vite marks where what an import needs would be listed; here it needs nothing.
      const whole = code.replaceAll(/["']?__VITE_PRELOAD__["']?/g, 'void 0')
      const run = `${unpack}${whole}`.replaceAll('</script', '<\\/script')
      const hash = createHash('sha256').update(run).digest('base64')
      const policy = `default-src 'none'; script-src 'sha256-${hash}' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src blob:; font-src blob:; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'`
      const page = String(html.source)
        .replace(
          /(http-equiv="Content-Security-Policy"\s+content=)"[^"]*"/,
          (_whole, before: string) => `${before}"${policy}"`,
        )
        .replaceAll(/\s*<link\s+rel="(?:preload|modulepreload|stylesheet)"[^>]*>/g, '')
        .replace(/\s*<script type="module"[^>]*><\/script>/, () => `\n    <style>${styles.join('\n')}</style>`)
        .replace('</body>', () => `  ${inside.join('\n    ')}\n    <script type="module">${run}</script>\n  </body>`)
      delete bundle['index.html']
      delete bundle['page.js']
      this.emitFile({ type: 'asset', fileName: name, source: page })
    },
  }
}
