import type uPlot from 'uplot'

let plot: typeof uPlot | undefined
let coming: Promise<void> | undefined

/** What draws the plots, once it is here: the words of a room do not wait for it. */
export function plotter(): typeof uPlot | undefined {
  return plot
}

/** Fetches it. What did not arrive is asked for again by the next plot. */
export function fetchPlotter(): Promise<void> {
  coming ??= import('uplot').then(
    (module) => void (plot = module.default),
    () => (coming = undefined),
  )
  return coming
}
