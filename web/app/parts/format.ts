import { text } from '../messages/index.ts'

const superscripts: Record<string, string> = {
  '-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹',
} // prettier-ignore

/** Making a formatter costs more than hundreds of uses of it. */
const formatters = new Map<string, Intl.NumberFormat>()

function formatter(kind: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${text.locale} ${kind}`
  const made = formatters.get(key) ?? new Intl.NumberFormat(text.locale, options)
  formatters.set(key, made)
  return made
}

/** A number with a fixed count of decimals, so that its width does not jump as it changes. */
export function fixed(x: number, decimals: number): string {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false }
  return formatter(`fixed ${decimals}`, options).format(x).replace('-', '−')
}

/** A number as short as it can be written. */
export function decimal(x: number): string {
  return formatter('decimal', { maximumSignificantDigits: 6, useGrouping: false }).format(x).replace('-', '−')
}

export function whole(x: number): string {
  return formatter('whole', { maximumFractionDigits: 0 }).format(x)
}

/** With a decimal below 10%, where it matters. */
export function percent(x: number): string {
  const decimals = x > 0 && x < 0.1 ? 1 : 0
  return formatter(`percent ${decimals}`, { style: 'percent', maximumFractionDigits: decimals }).format(x)
}

/** Three to four digits over any range: 0.195, 2.42, 9999, then 4.04 × 10⁻⁵ and 1.2 × 10⁴. */
export function figure(x: number): string {
  if (x === Infinity) return '∞'
  if (x === 0) return '0'
  const size = Math.abs(x)
  if (size >= 0.001 && size < 10_000) {
    return fixed(x, size < 1 ? 4 : size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0)
  }
  const exponent = Math.floor(Math.log10(size))
  return `${fixed(x / 10 ** exponent, 2)} × ${power(exponent)}`
}

/** 10 raised to a whole number. */
export function power(exponent: number): string {
  return `10${String(exponent).replace(/./g, (sign) => superscripts[sign] ?? sign)}`
}

/** The numbers on an axis: as short as they can be, all with as many decimals. */
export function ticks(splits: readonly number[]): string[] {
  const decimals = Math.max(0, ...splits.map((x) => (String(Number(x.toPrecision(6))).split('.')[1] ?? '').length))
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  return splits.map((x) =>
    formatter(`ticks ${decimals}`, options)
      .format(x + 0)
      .replace('-', '−'),
  )
}

/** A length of time in words that do not flicker: whole seconds, tenths only under one. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 0.95) return text.units.seconds(fixed(Math.max(0.1, seconds), 1))
  const total = Math.round(seconds)
  if (total < 100) return text.units.seconds(String(total))
  return text.units.minutes(String(Math.floor(total / 60)), String(total % 60))
}

/** 1234567 as "1.2 million", smaller numbers whole. */
export function large(x: number): string {
  return x < 1e6 ? whole(x) : text.units.million(fixed(x / 1e6, 1))
}
