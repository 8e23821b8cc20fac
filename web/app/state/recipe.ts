import { choice, flag, integer, interval, real, seed, word } from './props.ts'

/** The properties that together are a recipe. Their keys and forms are the core's; every room that samples shares them. */
export const recipe = {
  model: word('model', /^[0-9a-f]{12}$/, '12 × 0–9 a–f'),
  sampler: choice('sampler', ['ddim', 'ddpm', 'dpmpp', 'unipc'], 'ddim'),
  steps: integer('steps', 25, 1, 1000),
  spacing: word(
    'spacing',
    /^(uniform|quadratic|logsnr)(:[1-9]\d{0,4})?$/,
    'uniform, quadratic, logsnr, uniform:100',
    'uniform',
  ),
  eta: real('eta', 0, 0, 1),
  variance: word('variance', /^(beta|beta_tilde|0?\.\d{1,16}|[01](\.0*)?)$/, 'beta, beta_tilde, 0–1', 'beta_tilde'),
  clip: flag('clip', true),
  seed: seed('seed', '7'),
  classes: word('classes', /^(none|\d{1,4}(-\d{1,4})?)(,(none|\d{1,4}(-\d{1,4})?)){0,63}$/, '0-9, 3, none'),
  guidance: real('guidance', 2, 0, 20),
  interval: interval('interval', '1-600'),
  count: integer('count', 10, 1, 64),
  branch: word('branch', /^[1-9]\d{0,5}$/, '1–T'),
} as const

/** Which steps a run takes, and the t of the last one, '' where that is the way's affair. */
export interface Spacing {
  readonly way: string
  readonly end: string
}

export function spacingOf(text: string): Spacing {
  const [way = '', end = ''] = text.split(':')
  return { way, end }
}

export function spacingText({ way, end }: Spacing): string {
  return end === '' ? way : `${way}:${end}`
}

export type Sampler = 'ddim' | 'ddpm' | 'dpmpp' | 'unipc'

/** Whether a sampler adds as much noise as η says. */
export function hasEta(sampler: Sampler): boolean {
  return sampler === 'ddim' || sampler === 'dpmpp'
}

/** The keys of a recipe in the order of the core's text: η belongs to DDIM and DPM-Solver++, the variance to DDPM. */
export function recipeKeys(sampler: Sampler): readonly (keyof typeof recipe)[] {
  const noise = hasEta(sampler) ? (['eta'] as const) : sampler === 'ddpm' ? (['variance'] as const) : []
  return [
    'model',
    'sampler',
    'steps',
    'spacing',
    ...noise,
    'clip',
    'seed',
    'classes',
    'guidance',
    'interval',
    'count',
    'branch',
  ]
}
