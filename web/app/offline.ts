import type { Loaded } from '../shared/offline.ts'

/**
 * Lets the page open without a connection once it was visited: see offline/sw.ts. It is an extra, and begins when all
 * else is done; where it cannot be had, nothing is lost.
 */
export async function keepForOffline(version: string): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register(new URL(/* @vite-ignore */ '../sw.js', version))
    const { active } = await navigator.serviceWorker.ready
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
    const page = location.href.replace(/#.*/, '')
    const used = [page, ...loaded].filter((url) => url.startsWith(location.origin))
    active?.postMessage({ version, used } satisfies Loaded)
  } catch {
    // storage is switched off, or the page is not on a secure origin
  }
}
