// The README carries the tables of the last full measurement between two comments.

import { markdown, type Section } from './table.ts'

const begin = '<!-- bench-web: written by make bench-web BENCH_WEB=--readme -->'
const end = '<!-- /bench-web -->'

export function sectionsText(sections: readonly Section[]): string {
  return sections
    .map(({ title, head, rows, note }) => `**${title}**\n\n${markdown(head, rows)}\n\n${note}\n`)
    .join('\n')
}

/** The README with text in place of what stood between the comments. */
export function embed(readme: string, text: string): string {
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end} to write between`)
  return `${readme.slice(0, from + begin.length)}\n${text}\n${readme.slice(to)}`
}
