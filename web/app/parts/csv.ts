/** Numbers in rows under named columns, in full precision and with a point: for programs, in any language. */
export interface Numbers {
  readonly columns: readonly string[]
  readonly rows: Iterable<readonly (number | string)[]>
}

/** Writes numbers as CSV (RFC 4180). */
export function csv({ columns, rows }: Numbers): Blob {
  const lines = [columns, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`)
  return new Blob(lines, { type: 'text/csv' })
}

function cell(value: number | string): string {
  const written = String(value)
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written
}
