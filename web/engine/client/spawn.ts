// How a worker is started, wherever its script lies.

/** Scripts of the page's own that only import one of ours, by the URL of ours. */
const imports = new Map<string, string>()

/**
 * Starts a module worker. A browser refuses a script from another origin, as when a page uses ours by a script tag;
 * but a script of the page's own may import it, if that origin allows it (`Access-Control-Allow-Origin`).
 */
export function startWorker(url: string, name: string): Worker {
  const script = new URL(url, location.href)
  // What is inside the page itself (see dist-plugins/single.ts) is no module: a page from disk may not start those.
  if (script.protocol === 'blob:') return new Worker(script, { name })
  if (script.origin === location.origin) return new Worker(script, { type: 'module', name })
  const importing =
    imports.get(script.href) ??
    URL.createObjectURL(new Blob([`import ${JSON.stringify(script.href)}`], { type: 'text/javascript' }))
  imports.set(script.href, importing)
  return new Worker(importing, { type: 'module', name })
}
