import { choice, integer } from '../state/props.ts'

export const reverse = {
  pixel: integer('pixel', 260, 0, 4095),
  /** What the walk back begins with: x_T that is all noise, or x_t of the picture that is chosen. */
  walkFrom: choice('walkFrom', ['noise', 'picture'], 'noise'),
  walkSteps: integer('walkSteps', 100, 1, 1000),
} as const
