import { choice, flag, integer, type Prop, type Read, real, seed, word } from './props.ts'

/** T of the forward room. The core's schedules take any T; this one is the paper's. */
export const forwardT = 1000

export const rooms = ['forward', 'generate'] as const
export const samples = ['hills', 'spheres', 'rings'] as const

/** The visitor's own picture: it never leaves the device, so a link can only name it. */
export const own = 'own'

/**
 * Everything that is chosen on the page. The table is the state's type, the
 * URL's grammar and the controls' limits.
 */
export const table = {
  room: choice('room', rooms, 'forward'),

  t: integer('t', 250, 0, forwardT),
  show: choice('show', ['both', 'linear', 'cosine'], 'both'),
  picture: choice('picture', [...samples, own], 'hills'),
  noise: seed('noise', '1'),

  model: word('model', /^[0-9a-f]{12}$/, '12 × 0–9 a–f'),
  sampler: choice('sampler', ['ddim', 'ddpm', 'dpmpp', 'unipc'], 'ddim'),
  steps: integer('steps', 25, 1, 1000),
  spacing: choice('spacing', ['uniform', 'quadratic', 'logsnr'], 'uniform'),
  eta: real('eta', 0, 0, 1),
  variance: word('variance', /^(beta|beta_tilde|0?\.\d{1,16}|[01](\.0*)?)$/, 'beta, beta_tilde, 0–1', 'beta_tilde'),
  clip: flag('clip', true),
  seed: seed('seed', '7'),
  classes: word('classes', /^(none|\d{1,4}(-\d{1,4})?)(,(none|\d{1,4}(-\d{1,4})?)){0,63}$/, '0-9, 3, none'),
  guidance: real('guidance', 2, 0, 20),
  count: integer('count', 10, 1, 64),
  branch: word('branch', /^[1-9]\d{0,5}$/, '1–T'),
} as const

export type Key = keyof typeof table
export type State = { -readonly [K in Key]: (typeof table)[K] extends Prop<infer T> ? T : never }
export type Room = State['room']
export type Picture = State['picture']

/**
 * The properties that together are a recipe, in the order of the core's text.
 * Its keys and forms are the core's; η belongs to DDIM and the variance to DDPM.
 */
function recipeKeys(state: State): readonly Key[] {
  const noise: readonly Key[] =
    state.sampler === 'ddim' ? ['eta'] : state.sampler === 'ddpm' ? ['variance'] : []
  return ['model', 'sampler', 'steps', 'spacing', ...noise, 'clip', 'seed', 'classes', 'guidance', 'count', 'branch']
}

/** A value of a link that was not valid, and what stands in its place. */
export type Fault =
  | { readonly why: 'unknown'; readonly key: string; readonly given: string }
  | {
      readonly why: 'value'
      readonly key: string
      readonly given: string
      readonly used: string
      readonly wanted: string
    }
  | { readonly why: 'model'; readonly given: string; readonly used: string }

const keys = Object.keys(table) as Key[]

export function initial(): State {
  return Object.fromEntries(keys.map((key) => [key, table[key].initial])) as State
}

/** Reads a fragment. Whatever it says, the state that comes out is valid. */
export function parse(fragment: string): { state: State; faults: Fault[] } {
  const state: Record<string, unknown> = initial()
  const faults: Fault[] = []
  const given = new URLSearchParams(fragment.replace(/^#/, ''))
  for (const [key, text] of given) {
    const name = keys.find((name) => table[name].key === key)
    if (name === undefined) {
      faults.push({ why: 'unknown', key, given: text })
      continue
    }
    const { value, wanted } = table[name].parse(text) as Read<unknown>
    state[name] = value
    if (wanted !== undefined) {
      faults.push({ why: 'value', key, given: text, used: formatted(name, state as State), wanted })
    }
  }
  const read = state as State
  // A recipe as the command line prints it says nothing of rooms.
  if (!given.has(table.room.key) && recipeKeys(read).some((name) => given.has(table[name].key))) read.room = 'generate'
  return { state: read, faults }
}

/**
 * Writes the state: what differs from the first values, and the recipe whole
 * where it matters, so that a link keeps its pictures when a default changes.
 */
export function serialise(state: State): string {
  const whole: readonly Key[] = state.room === 'generate' && state.model !== '' ? recipeKeys(state) : []
  return keys
    .filter((key) => key === 'room' || whole.includes(key) || state[key] !== table[key].initial)
    .filter((key) => formatted(key, state) !== '')
    .map((key) => `${table[key].key}=${formatted(key, state)}`)
    .join('&')
}

/** The recipe of the state as text for the core, which validates it and completes it. */
export function recipeText(state: State): string {
  return recipeKeys(state)
    .filter((key) => formatted(key, state) !== '')
    .map((key) => `${table[key].key}=${formatted(key, state)}`)
    .join('&')
}

function formatted(key: Key, state: State): string {
  return (table[key].format as (value: unknown) => string)(state[key])
}
