import { optional } from '../state/props.ts'

export const generate = {
  /** The sampler that draws from the same noise beside; '' is none. */
  compare: optional('compare', ['ddim', 'ddpm', 'dpmpp', 'unipc']),
} as const
