/** Gives the browser a turn: what follows is a task of its own, so that a click need not wait for both. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** Resolves once a frame has been painted; soon, where that never is. */
export function frame(): Promise<void> {
  return new Promise((resolve) => {
    if (!('requestAnimationFrame' in globalThis)) return resolve()
    requestAnimationFrame(() => setTimeout(resolve))
    setTimeout(resolve, 100)
  })
}

/**
 * Resolves once a frame has been painted and the page has nothing else to do for it; soon, where that never is, as in
 * a tab in the background; at once, where nothing is painted at all.
 */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (!('requestAnimationFrame' in globalThis)) return resolve()
    requestAnimationFrame(() =>
      setTimeout(() => ('requestIdleCallback' in globalThis ? requestIdleCallback(() => resolve()) : resolve())),
    )
    setTimeout(resolve, 300)
  })
}
