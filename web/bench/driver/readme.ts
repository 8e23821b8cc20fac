// The README carries the tables of the last full measurement between two comments.

import { markdown, type Section } from './table.ts'

const begin = '<!-- bench-web: written by make bench-web BENCH_WEB=--readme -->'
const end = '<!-- /bench-web -->'

export function sectionsText(sections: readonly Section[]): string {
  return sections
    .map(({ title, head, rows, note }) => `**${title}**\n\n${markdown(head, rows)}\n\n${note}\n`)
    .join('\n')
}

/** The README with these sections between the comments, in place of those of the same title; others stay. */
export function embed(readme: string, machine: string, sections: readonly Section[]): string {
  const from = readme.indexOf(begin)
  const to = readme.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end} to write between`)
  const titled = /^(?=\*\*.*\*\*$)/m
  const before = readme
    .slice(from + begin.length, to)
    .split(titled)
    .filter((block) => block.startsWith('**'))
  const texts = new Map(before.map((block) => [block.split('\n', 1)[0], block.trimEnd()]))
  for (const section of sections) texts.set(`**${section.title}**`, sectionsText([section]).trimEnd())
  const text = [`${machine}.`, ...texts.values()].join('\n\n')
  return `${readme.slice(0, from + begin.length)}\n${text}\n\n${readme.slice(to)}`
}
