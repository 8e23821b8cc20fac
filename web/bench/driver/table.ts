// Tables for a terminal and, from the same rows, for Markdown.

export type Cell = string | number | undefined

/** A part of the results: rows under a head, and what has to be known to read them. */
export interface Section {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly note: string
}

/** Numbers with three digits, and a dash where nothing was measured. */
function text(cell: Cell): string {
  if (cell === undefined) return '–'
  if (typeof cell === 'string') return cell
  if (cell !== 0 && Math.abs(cell) < 1e-3) return cell.toExponential(1)
  return Math.abs(cell) >= 100 ? cell.toFixed(0) : cell.toPrecision(3)
}

export function plain(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const all = [head, ...rows.map((row) => row.map(text))]
  const widths = head.map((_, i) => Math.max(...all.map((row) => [...(row[i] ?? '')].length)))
  const pad = (cell: string, i: number) => {
    const space = ' '.repeat((widths[i] as number) - [...cell].length)
    return i === 0 ? cell + space : space + cell
  }
  return all.map((row) => row.map(pad).join('  ')).join('\n')
}

export function markdown(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map((row) => line(row.map(text)))].join('\n')
}
