import type { Mistake } from '../../shared/engine.ts'
import type { State } from '../state/table.ts'

/** A network by its name, and settings. */
export interface Setting extends Pick<State, 'mistakeSteps' | 'guidance'> {
  readonly network: string
}

/**
 * Where what a mistake does is plain to see, found by looking. Digits are black and white, so that contrast run away
 * does not show in them, and colours show it; what a small step hides shows in a large one.
 */
export const plainest: Readonly<Record<Mistake, Setting>> = {
  range: { network: 'digits', mistakeSteps: 25, guidance: 2 },
  clip: { network: 'avatars', mistakeSteps: 3, guidance: 10 },
  last: { network: 'digits', mistakeSteps: 6, guidance: 2 },
  time: { network: 'digits', mistakeSteps: 5, guidance: 2 },
  schedule: { network: 'digits', mistakeSteps: 25, guidance: 2 },
  root: { network: 'avatars', mistakeSteps: 10, guidance: 2 },
}

/** Whether the settings are nobody's choice: those that the page begins with, or those of some mistake. */
export function untouched({ mistakeSteps, guidance }: Readonly<State>): boolean {
  return Object.values(plainest).some((one) => one.mistakeSteps === mistakeSteps && one.guidance === guidance)
}
