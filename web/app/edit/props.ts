import { choice, flag, integer, word } from '../state/props.ts'

export const edit = {
  task: choice('task', ['vary', 'fill', 'blend'], 'vary'),
  /** The t that pictures are noised to. */
  editT: integer('editT', 500, 1, 100_000),
  /** What the pictures are drawn as. */
  editClass: word('editClass', /^(none|\d{1,4})$/, 'none, 0, 1, 2…', 'none'),
  editSteps: integer('editSteps', 25, 2, 1000),
  /** How often inpainting walks each part of the way. */
  editWalks: integer('editWalks', 4, 1, 20),
  /** The way between two pictures. */
  way: choice('way', ['line', 'circle'], 'line'),
  /** Whether a drawing is placed as the training digits are. */
  place: flag('place', true),
} as const
