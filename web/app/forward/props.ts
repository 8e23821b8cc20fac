import { choice, integer, seed } from '../state/props.ts'
import { bendProp } from './bend.ts'
import { kinds } from './schedules.ts'

/** T of the forward room. The core's schedules take any T; this one is the paper's. */
export const forwardT = 1000

export const samples = ['hills', 'spheres', 'rings'] as const

/** The visitor's own picture: it never leaves the device, so a link can only name it. */
export const own = 'own'

export const forward = {
  t: integer('t', 250, 0, forwardT),
  show: choice('show', ['both', ...kinds], 'both'),
  bend: bendProp('bend'),
  picture: choice('picture', [...samples, own], 'hills'),
  noise: seed('noise', '1'),
} as const
