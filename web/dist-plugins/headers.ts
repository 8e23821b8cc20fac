import type { Plugin } from 'vite'

/**
 * Writes _headers, which Cloudflare and Netlify read: what may be kept for ever, and the policy that wasm/site sends
 * too. Other hosts ignore it, and the page has its policy in itself.
 */
export function headers(): Plugin {
  const all = [
    "Content-Security-Policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
    'Permissions-Policy: camera=(), geolocation=(), microphone=()',
    'Access-Control-Allow-Origin: *',
  ]
  const rules = { '/*': all, '/assets/*': ['Cache-Control: public, max-age=31536000, immutable'] }
  const source = Object.entries(rules)
    .map(([path, lines]) => [path, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n')
  return {
    name: 'headers',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: `${source}\n` })
    },
  }
}
