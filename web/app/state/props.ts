/**
 * One property of the page's state: its key in the URL, its first value, and
 * how it is read from and written to text. Reading never fails: what cannot be
 * read gives the nearest valid value, and says what would have been valid.
 */
export interface Prop<T> {
  readonly key: string
  readonly initial: T
  parse(text: string): Read<T>
  format(value: T): string
}

/** A value as read from text; `wanted` says what was expected, where the text was not valid. */
export interface Read<T> {
  readonly value: T
  readonly wanted?: string
}

/** A whole number from `low` to `high`. */
export function integer(key: string, initial: number, low: number, high: number): Prop<number> {
  return number(key, initial, low, high, Math.round)
}

/** Any number from `low` to `high`. */
export function real(key: string, initial: number, low: number, high: number): Prop<number> {
  return number(key, initial, low, high, (x) => x)
}

function number(key: string, initial: number, low: number, high: number, round: (x: number) => number): Prop<number> {
  const wanted = `${low}–${high}`
  return {
    key,
    initial,
    parse(text) {
      const read = readNumber(text)
      if (read === undefined) return { value: initial, wanted }
      const value = Math.min(high, Math.max(low, round(read)))
      return value === read ? { value } : { value, wanted }
    },
    format: plainly,
  }
}

/** Without an exponent, which the core does not read. */
function plainly(x: number): string {
  const text = String(x)
  return text.includes('e') ? x.toFixed(20).replace(/\.?0+$/, '') : text
}

function readNumber(text: string): number | undefined {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined
  const read = Number(text)
  return Number.isFinite(read) ? read : undefined
}

/** One of a few words. */
export function choice<T extends string>(key: string, words: readonly T[], initial: T): Prop<T> {
  return {
    key,
    initial,
    parse(text) {
      const value = words.find((word) => word === text)
      return value === undefined ? { value: initial, wanted: words.join(', ') } : { value }
    },
    format: (value) => value,
  }
}

/** A switch, written 1 or 0. */
export function flag(key: string, initial: boolean): Prop<boolean> {
  return {
    key,
    initial,
    parse(text) {
      if (text === '1' || text === '0') return { value: text === '1' }
      return { value: initial, wanted: '0, 1' }
    },
    format: (value) => (value ? '1' : '0'),
  }
}

/** An unsigned 64-bit seed, kept as decimal digits: a JavaScript number stops being exact at 2^53. */
export function seed(key: string, initial: string): Prop<string> {
  const limit = 2n ** 64n - 1n
  const wanted = `0–${limit}`
  return {
    key,
    initial,
    parse(text) {
      if (!/^\d{1,40}$/.test(text)) return { value: initial, wanted }
      const value = BigInt(text)
      return value > limit ? { value: String(limit), wanted } : { value: String(value) }
    },
    format: (value) => value,
  }
}

/** A short word that only the core can judge, such as a model's hash. */
export function word(key: string, pattern: RegExp, wanted: string, initial = ''): Prop<string> {
  return {
    key,
    initial,
    parse: (text) => (pattern.test(text) ? { value: text } : { value: initial, wanted }),
    format: (value) => value,
  }
}

/** Two whole numbers from 1, the first not above the second, as 1-600; '' for none. */
export function interval(key: string, wanted: string): Prop<string> {
  return {
    key,
    initial: '',
    parse(text) {
      const [, from, to] = /^([1-9]\d{0,4})[-–]([1-9]\d{0,4})$/.exec(text) ?? []
      if (Number(from) <= Number(to)) return { value: `${from}-${to}` }
      return text === '' ? { value: '' } : { value: '', wanted }
    },
    format: (value) => value,
  }
}

/** One of a few words, or '' where none was chosen. */
export function optional<T extends string>(key: string, words: readonly T[]): Prop<T | ''> {
  const { parse } = choice<T | ''>(key, words, '')
  return { key, initial: '', parse, format: (value) => value }
}

/** Any of a few words, with commas or spaces between them; kept in the order of the words. '' is none of them. */
export function list(key: string, words: readonly string[]): Prop<string> {
  return {
    key,
    initial: '',
    parse(text) {
      const given = text.trim().split(/[\s,]+/)
      const value = words.filter((word) => given.includes(word)).join(',')
      return given.every((word) => words.includes(word)) ? { value } : { value, wanted: words.join(', ') }
    },
    format: (value) => value,
  }
}
