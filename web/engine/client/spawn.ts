// How a worker is started, wherever its script lies.

/** Scripts of the page's own that only import one of ours, by the URL of ours. */
const imports = new Map<string, string>()

/**
 * Starts a module worker. A browser refuses a script from another origin, as when a page uses ours by a script tag;
 * but a script of the page's own may import it, if that origin allows it (`Access-Control-Allow-Origin`).
 */
export function startWorker(url: string, name: string): Worker {
  const script = new URL(url, location.href)
  if (script.origin === location.origin) return new Worker(script, { type: 'module', name })
  const own =
    imports.get(script.href) ??
    URL.createObjectURL(new Blob([`import ${JSON.stringify(script.href)}`], { type: 'text/javascript' }))
  imports.set(script.href, own)
  return new Worker(own, { type: 'module', name })
}
