// The service worker: the page opens without a connection once it was visited.
//
// It cannot hold on to an old version. What has its hash in its name never changes, and is taken from the cache; all
// else, the page itself above all, is asked of the network first, and of the cache only where there is no network.

import type { Loaded } from '../shared/offline.ts'

declare const self: ServiceWorkerGlobalScope
const name = 'ddpm'

const hashed = ({ pathname }: URL) => /\/assets\/[^/]+-[\w-]{8}\.\w+$/.test(pathname)

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  event.respondWith(answer(event, hashed(url)))
})

self.addEventListener('message', (event) => event.waitUntil(keep(event.data as Loaded).catch(() => undefined)))

/** Keeps what was loaded before this worker was there (mostly from the browser's own cache), and drops what a version before had. */
async function keep({ version, used }: Loaded): Promise<void> {
  const cache = await caches.open(name)
  for (const url of used) {
    if (!(await cache.match(url))) await cache.add(url).catch(() => undefined)
  }
  const before = await cache.match('version')
  if ((await before?.text()) === version) return
  for (const { url } of await cache.keys()) {
    if (hashed(new URL(url)) && !used.includes(url)) await cache.delete(url)
  }
  await cache.put('version', new Response(version))
}

async function answer(event: FetchEvent, lasting: boolean): Promise<Response> {
  const { request } = event
  const cache = await opened()
  // Who asks past the browser's cache was given something damaged by it, and would be by this one.
  const first = lasting && request.cache !== 'reload' ? await cache?.match(request) : undefined
  if (first) return first
  let fetched: Response
  try {
    fetched = await fetch(request)
  } catch (offline) {
    const kept = await cache?.match(request, { ignoreSearch: true })
    if (kept) return kept
    throw offline
  }
  // A page in place of a script is what some hosts answer for what they do not have.
  const stray = lasting && fetched.headers.get('Content-Type')?.startsWith('text/html')
  // Where there is no room left, all goes on as without this worker.
  if (cache && fetched.ok && !stray) event.waitUntil(cache.put(request, fetched.clone()).catch(() => undefined))
  return fetched
}

/** The cache, where there may be one. */
function opened(): Promise<Cache | undefined> {
  return caches.open(name).catch(() => undefined)
}
