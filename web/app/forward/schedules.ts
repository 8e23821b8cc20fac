import type { ScheduleName } from '../../shared/engine.ts'

/** The room's schedules: two of the papers', and the one that the visitor bends. */
export const kinds = ['linear', 'cosine', 'bent'] as const
export type Kind = (typeof kinds)[number]

/** What the core calls it. */
export function nameOf(kind: Kind, bend: string): ScheduleName {
  return kind === 'bent' ? `logsnr:${bend}` : kind
}

/** The schedules whose pictures are shown. */
export function shown(show: Kind | 'both'): readonly Kind[] {
  return show === 'both' ? ['linear', 'cosine'] : [show]
}
