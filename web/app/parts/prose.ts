import { html, type TemplateResult } from 'lit'

/** A letter, perhaps with a hat or a tilde on it, and what stands below it: x_t, μ_θ, L_{t−1}, x₀. */
const symbol = /(\p{L}\p{M}*)(?:_(?:\{([^}]+)\}|(\p{L}\p{M}*|\d))|₀)/gu

/** A text whose symbols are set as such: "x_{t−1}" becomes an x with a small t−1 below. Equations stay on a line. */
export function prose(said: string): TemplateResult {
  const words = said.replaceAll(' = ', '\u00a0=\u00a0')
  const parts: (string | TemplateResult)[] = []
  let from = 0
  for (const match of words.matchAll(symbol)) {
    const [whole, letter, group, single] = match
    parts.push(words.slice(from, match.index), html`<i>${letter}</i><sub>${group ?? single ?? '0'}</sub>`)
    from = match.index + whole.length
  }
  parts.push(words.slice(from))
  return html`${parts}`
}

/** The same for those who hear it: "x_{t−1}" is read as "x t−1". */
export function spoken(words: string): string {
  return words.replace(
    symbol,
    (_, letter: string, group?: string, single?: string) => `${letter} ${group ?? single ?? '0'}`,
  )
}
