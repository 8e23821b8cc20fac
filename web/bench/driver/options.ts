import { parseArgs } from 'node:util'

export const parts = ['throughput', 'startup', 'memory', 'download', 'layers'] as const
export type Part = (typeof parts)[number]

export interface Options {
  readonly networks: readonly string[]
  /** Batches of each network; empty for the usual ones. */
  readonly batches: readonly number[]
  readonly threads: readonly number[]
  readonly bursts: number
  readonly seconds: number
  readonly parts: readonly Part[]
  /** Write the tables into README.md too. */
  readonly readme: boolean
}

export const help = `make bench-web, or in web/bench: npm run bench -- OPTIONS

  --parts ${parts.join(',')}
  --networks base32,base64,digits,base128
  --batches 1,16     (default: 1 and 16, for base128 1 and 4)
  --threads 1,2
  --bursts 3         of each contender, in turn
  --seconds 2        a burst
  --readme           write the tables into README.md too

A quick look at one row, some 20 seconds:

  npm run bench -- --parts throughput --networks base32 --batches 1 --threads 1 --bursts 1
`

export function options(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      parts: { type: 'string', default: parts.join(',') },
      networks: { type: 'string', default: 'base32,base64,digits,base128' },
      batches: { type: 'string', default: '' },
      threads: { type: 'string', default: '1,2' },
      bursts: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      readme: { type: 'boolean', default: false },
    },
  })
  const list = (text: string) => text.split(',').filter((item) => item !== '')
  const unknown = list(values.parts).find((part) => !parts.includes(part as Part))
  if (unknown) throw new Error(`--parts has ${unknown}; want some of ${parts.join(', ')}`)
  return {
    parts: list(values.parts) as Part[],
    networks: list(values.networks),
    batches: list(values.batches).map(positive),
    threads: list(values.threads).map(positive),
    bursts: positive(values.bursts),
    seconds: positive(values.seconds),
    readme: values.readme,
  }
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${text}: want a number above 0`)
  return value
}
