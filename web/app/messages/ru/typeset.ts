/** Words of one letter stay with the next, and a dash with what stands before it. */
const bonds: readonly (readonly [RegExp, string])[] = [
  [/(?<=^|[\s(«])([авикосуя]) (?=\S)/giu, '$1\u00a0'],
  [/(?<=\S) — /gu, '\u00a0— '],
]

/** Messages of whatever shape, set as Russian is: what belongs together is not parted by the end of a line. */
export function typeset<M>(messages: M): M {
  return set(messages) as M
}

function set(part: unknown): unknown {
  if (typeof part === 'string') return bonds.reduce((words, [pattern, bond]) => words.replace(pattern, bond), part)
  if (typeof part === 'function') {
    const message = part as (...given: unknown[]) => unknown
    return (...given: unknown[]) => set(message(...given))
  }
  if (Array.isArray(part)) return part.map(set)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, set(inner)]))
}
