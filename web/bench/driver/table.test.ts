import { describe, expect, it } from 'vitest'
import { options } from './options.ts'
import { embed } from './readme.ts'
import { advantage, median, rate } from './statistics.ts'
import { markdown, plain } from './table.ts'

describe('statistics', () => {
  it('takes the middle, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 100])).toBe(3)
  })

  it('compares with the faster peer, burst by burst', () => {
    expect(
      advantage(
        [1, 10, 2],
        [
          [3, 30, 6],
          [2, 20, 8],
        ],
      ),
    ).toBe(2)
    expect(advantage([1], [[2], []])).toBeNaN()
  })

  it('counts a multiply-add as two operations', () => {
    expect(rate(184e6, 10)).toBeCloseTo(36.8)
  })
})

describe('tables', () => {
  const head = ['network', 'rate', 'off']
  const rows = [
    ['base32', 41.25, 1.5e-6],
    ['base128', 1234.4, undefined],
  ]

  it('align numbers on the right', () => {
    expect(plain(head, rows).split('\n')).toEqual([
      'network  rate     off', //
      'base32   41.3  1.5e-6',
      'base128  1234       –',
    ])
  })

  it('are the same in Markdown', () => {
    expect(markdown(head, rows).split('\n')).toEqual([
      '| network | rate | off |',
      '|---|---:|---:|',
      '| base32 | 41.3 | 1.5e-6 |',
      '| base128 | 1234 | – |',
    ])
  })
})

describe('options', () => {
  it('have the whole measurement as their default', () => {
    const { networks, threads, parts, batches } = options([])
    expect({ networks, threads, parts, batches }).toEqual({
      networks: ['base32', 'base64', 'digits', 'base128'],
      threads: [1, 2],
      parts: ['throughput', 'startup', 'memory', 'download', 'layers'],
      batches: [],
    })
  })

  it('say what is wrong', () => {
    expect(() => options(['--parts', 'speed'])).toThrow('--parts has speed; want some of throughput')
    expect(() => options(['--threads', 'two'])).toThrow('two: want a number above 0')
    expect(() => options(['--network', 'base32'])).toThrow()
  })
})

describe('the README', () => {
  const begin = '<!-- bench-web: written by make bench-web BENCH_WEB=--readme -->'

  it('has the new tables in place of the old, and the rest as it was', () => {
    const section = (title: string, value: string) => ({ title, head: ['a'], rows: [[value]], note: 'N.' })
    const once = embed(`before\n${begin}\n<!-- /bench-web -->\nafter`, 'M', [section('A', 'old'), section('B', 'kept')])
    const twice = embed(once, 'M', [section('A', 'new')])
    expect(twice).toBe(
      `before\n${begin}\nM.\n\n**A**\n\n| a |\n|---|\n| new |\n\nN.\n\n**B**\n\n| a |\n|---|\n| kept |\n\nN.\n\n<!-- /bench-web -->\nafter`,
    )
  })

  it('is refused without the place for them', () => {
    expect(() => embed('# DDPM', 'M', [])).toThrow('has no <!-- bench-web')
  })
})
