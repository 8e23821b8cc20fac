import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { mathFont } from './app/math/font.ts'
import { mathml } from './app/math/plugin.ts'
import { weights } from './app/state/weights-plugin.ts'
import { compress } from './dist-plugins/compress.ts'
import { headers } from './dist-plugins/headers.ts'
import { licences, workerLicences } from './dist-plugins/licences.ts'
import { models } from './dist-plugins/models.ts'
import { single } from './dist-plugins/single.ts'
import { stamp } from './dist-plugins/stamp.ts'

// The page's entry is the repository's index.html, so the root is one level up; everything of
// the web's own, node_modules and caches included, stays in this folder.
const root = fileURLToPath(new URL('..', import.meta.url))

/** The sample page that uses embed.js, as anyone's page would: it is not built, only put beside it. */
function sample(): Plugin {
  const file = fileURLToPath(new URL('embed.html', import.meta.url))
  return {
    name: 'sample',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'embed.html', source: await readFile(file, 'utf8') })
    },
  }
}

// `vite build --mode single` writes one file in place of a site.
export default defineConfig(({ mode }) => ({
  root,
  base: './', // the page works from any sub-path
  publicDir: false,
  plugins: [
    mathml(),
    mathFont(),
    weights(process.env['WEIGHTS'] ?? fileURLToPath(new URL('../weights', import.meta.url))),
    licences(root),
    ...(mode === 'single' ? [single('ddpm.html')] : [sample(), models(), headers(), compress()]),
  ],
  define: { __STAMP__: JSON.stringify(stamp(root)) },
  cacheDir: 'web/node_modules/.vite',
  build: {
    outDir: mode === 'single' ? 'web/single' : 'web/dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      input:
        mode === 'single' ? 'index.html' : { index: 'index.html', embed: 'web/app/embed.ts', sw: 'web/offline/sw.ts' },
      // Other pages name the embed's script, and browsers the service worker's, so their names must stay.
      output: {
        // What rooms share is one file with what the page begins with, and what drawing rooms share another: a dozen
        // small ones take the browser longer to ask for than to run.
        codeSplitting: {
          groups: [
            {
              name: 'page',
              test: /\/node_modules\/(@lit|lit|lit-html|lit-element)\/|\/web\/app\/(parts|state|style|math\/formula|messages\/(en|index|plural))|\/web\/engine\/client\/|\/web\/shared\//,
              minShareCount: 2,
            },
            { name: 'drawing', test: /\/web\/app\/(math\/.*\.tex|generate|examples|draw|forward)\//, minShareCount: 2 },
          ],
        },
        entryFileNames: ({ name }) => (name === 'embed' || name === 'sw' ? `${name}.js` : 'assets/[name]-[hash].js'),
      },
    },
  },
  worker: { format: 'es', plugins: () => [workerLicences(root)] },
  server: { watch: { ignored: ['**/runs/**', '**/core/**', '**/tools/**'] } },
  test: {
    projects: [
      {
        extends: true,
        // A busy machine may take long over a few evaluations without SIMD; a hang is still found.
        test: {
          name: 'unit',
          environment: 'node',
          include: ['web/{app,engine,shared,bench/driver}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          environment: 'node',
          include: ['web/tests/**/*.test.ts'],
          // One browser at a time: two would share the cores and prove nothing more.
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 60_000,
          // What is awaited is seen at once on a machine of its own; on one that is shared it may take its time.
          expect: { poll: { timeout: 30_000 } },
          // A browser is many processes. One that the system ended, or let wait, says nothing of the page; what the
          // page does wrong, it does wrong again. Vitest reports what needed a second try.
          retry: 1,
        },
      },
    ],
  },
}))
