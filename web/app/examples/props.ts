import { choice, flag, integer } from '../state/props.ts'

/** What the rooms on the theory look at: a picture of the model's size, a step of the chain, and what p_θ is. */
export const theory = {
  pick: integer('pick', 3, 0, 63),
  step: integer('step', 80, 2, 1000),
  sigma: choice('sigma', ['beta_tilde', 'beta'], 'beta_tilde'),
  told: flag('told', true),
} as const
