// What stands before Go on Cloudflare. Each request that Go answers has an instance of its own, which takes time to
// start and tens of megabytes of an isolate's 128: so what it answered once comes from the Cache API from then on, a
// few instances are all there are at a time, and requests for what is being drawn wait for that.
import go from './build/worker.mjs'

/** How many instances of Go an isolate has at a time. */
const most = 2
/** How long a request waits for its turn before it is told to come back, and when an instance is given up, in ms. */
const patience = 25_000
/** What Go does in this isolate, by its address, and when each began. */
const running = new Map()

export default {
  async fetch(request, env, ctx) {
    const { pathname, href } = new URL(request.url)
    try {
      decodeURIComponent(pathname)
    } catch {
      return say(400, 'That is no address: a % in it is not followed by two hexadecimal digits of UTF-8.')
    }
    const drawn = pathname.startsWith('/r/')
    // What is a file, Cloudflare has answered for already.
    if (!drawn && pathname !== '/healthz') return say(404, 'There is nothing at this address; the page is at /.')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refused = say(405, `${request.method} is not done here; GET and HEAD are.`)
      refused.headers.set('Allow', 'GET, HEAD')
      return refused
    }
    const address = href.replace(/[?#].*/, '')
    if (parseFloat(env.BUDGET) === 0) return withoutGo(pathname)
    // Another version of the site has other pages, and other weights for a recipe that does not name its own.
    const key = drawn ? `${address}?${env.CF_VERSION_METADATA?.id ?? ''}` : undefined
    try {
      let looked = false
      for (const began = Date.now(); Date.now() - began < patience; await pause()) {
        if (running.has(address)) {
          looked = false // there will be something to find when that has ended
          continue
        }
        const cached = key && !looked && (await find(key, request))
        if (cached) return cached
        looked = true
        if (enter(address)) return await keep(ctx, address, () => answer(key, address, request, env, ctx))
      }
      const busy = say(503, 'Too many pictures are being drawn; try again in some seconds.')
      busy.headers.set('Retry-After', '5')
      return busy
    } catch (error) {
      console.error(error)
      return say(500, 'Something went wrong here; the page at / draws everything on your own device.')
    }
  },
}

/**
 * What a plan without the processor time that Go takes can answer (BUDGET is 0): a shared link leads to the page, which
 * opens at the recipe and draws it itself, and says what is wrong with it.
 */
function withoutGo(pathname) {
  if (pathname === '/healthz') return say(200, 'ok')
  const page = `/#room=generate&${pathname.slice('/r/'.length).replace(/\.png$/, '')}`
  if (pathname.endsWith('.png'))
    return say(404, `This site draws no pictures; the page itself draws this one at ${page}`)
  const leading = say(302, 'The page opens at this recipe.')
  leading.headers.set('Location', page)
  return leading
}

/** Go's answer, put into the cache. */
async function answer(key, address, request, env, ctx) {
  if (!key) return go.fetch(request, env, ctx)
  const answered = await go.fetch(new Request(address), env, ctx)
  const body = await answered.arrayBuffer()
  if (answered.status < 500) {
    // How long others may keep it is not how long it may be kept here.
    const kept = new Response(body, answered)
    kept.headers.set('X-Cache-Control', answered.headers.get('Cache-Control'))
    kept.headers.set('Cache-Control', 'public, max-age=86400')
    await caches.default.put(key, kept)
  }
  // The cache answers ranges and conditions; where there is none, as on workers.dev, the whole is the answer.
  return (await find(key, request)) ?? bodiless(request, new Response(body, answered))
}

/** What the cache has for a request: all of it, a range, or that it was not modified. */
async function find(key, request) {
  const headers = new Headers()
  for (const name of ['Range', 'If-None-Match', 'If-Modified-Since']) {
    const value = request.headers.get(name)
    if (value) headers.set(name, value)
  }
  const cached = await caches.default.match(new Request(key, { headers }))
  if (!cached) return undefined
  const found = bodiless(request, cached)
  found.headers.set('Cache-Control', found.headers.get('X-Cache-Control') ?? 'no-store')
  found.headers.delete('X-Cache-Control')
  return found
}

/** Takes a place for what does not run already, if there is one. What has not ended in a long time never will. */
function enter(address) {
  for (const [other, began] of running) if (Date.now() - began > patience) running.delete(other)
  if (running.has(address) || running.size >= most) return false
  running.set(address, Date.now())
  return true
}

/** Runs to its end even if whoever asked has gone, and then lets the next one in. */
function keep(ctx, address, run) {
  const ended = run().finally(() => running.delete(address))
  ctx.waitUntil(ended.catch(() => undefined))
  return ended
}

/** Promises of other requests must not be awaited on Cloudflare, so whoever waits looks again and again. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve, 50))
}

/** A response whose headers can be changed, without its body where only the head was asked for. */
function bodiless(request, response) {
  return new Response(request.method === 'HEAD' ? null : response.body, response)
}

function say(status, text) {
  return new Response(`${text}\n`, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
