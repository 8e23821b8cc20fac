import type { ModelInfo } from '../../shared/engine.ts'
import { spacingOf, spacingText } from '../state/recipe.ts'
import type { Shipped } from '../state/shipped.ts'
import { type Fault, type Key, parse, type State, table } from '../state/table.ts'

/** What a file may say of a recipe for its network. */
const own = ['sampler', 'steps', 'spacing', 'eta', 'variance', 'clip', 'guidance', 'interval'] as const

/**
 * A network and what is usual for it, as its file says, where the link (`isGiven`) or the visitor asked for nothing else.
 * Known before the network is there: what is shown while it comes need not change then.
 */
export function usual(
  state: Readonly<State>,
  file: Pick<Shipped, 'hash' | 'recipe'>,
  isGiven: (key: Key) => boolean,
): Partial<State> {
  const patch: Partial<State> = { model: file.hash }
  const { state: said } = parse(file.recipe)
  const asked = (key: (typeof own)[number]) => isGiven(key) || state[key] !== table[key].initial
  for (const key of own) {
    // Where guidance acts is part of what it is, and η of what the sampler is: another's say nothing of one that was asked for.
    const whole = key === 'interval' ? 'guidance' : key === 'eta' ? 'sampler' : key
    if (!asked(key) && !asked(whole)) Object.assign(patch, { [key]: said[key] })
  }
  return patch
}

/**
 * Fits the state to the network that is there, and says what a link asked of it in vain. Where nothing was asked, what is
 * usual for it holds.
 */
export function fit(
  state: Readonly<State>,
  model: ModelInfo,
  isGiven: (key: Key) => boolean,
): { patch: Partial<State>; faults: Fault[] } {
  const faults: Fault[] = []
  const patch: Partial<State> = {}
  if (state.model !== model.hash) {
    Object.assign(patch, usual(state, model, isGiven))
    if (state.model !== '' && isGiven('model')) {
      faults.push({ why: 'model', given: state.model, used: model.name || model.hash })
    }
  }
  const { steps, classes } = { ...state, ...patch }
  if (steps > model.timesteps) {
    patch.steps = model.timesteps
    const used = String(model.timesteps)
    faults.push({ why: 'value', key: 'steps', given: String(steps), used, wanted: `1–${used}` })
  }
  const spacing = spacingOf({ ...state, ...patch }.spacing)
  if (Number(spacing.end) >= model.timesteps) {
    patch.spacing = spacing.way
    const given = spacingText(spacing)
    faults.push({
      why: 'value',
      key: 'spacing',
      given,
      used: spacing.way,
      wanted: `${spacing.way}:1–${model.timesteps - 1}`,
    })
  }
  if (Number(state.branch) > model.timesteps) {
    patch.branch = ''
    faults.push({ why: 'value', key: 'branch', given: state.branch, used: '', wanted: `1–${model.timesteps}` })
  }
  if (Number.parseInt({ ...state, ...patch }.interval) > model.timesteps) {
    patch.interval = ''
    const wanted = `1-${model.timesteps}`
    faults.push({ why: 'value', key: 'interval', given: state.interval, used: '', wanted })
  }
  const all = allClasses(model)
  if (classes === '') patch.classes = all
  else if (highest(classes) >= model.classes.length) {
    patch.classes = all
    faults.push({ why: 'value', key: 'classes', given: classes, used: all, wanted: all })
  }
  return { patch, faults }
}

/** What a network's file may say, as the page has it before there is a network. */
export function initialRecipe(): Pick<State, (typeof own)[number]> {
  return Object.fromEntries(own.map((key) => [key, table[key].initial])) as Pick<State, (typeof own)[number]>
}

/** Whether the classes are the ten digits, which have words of their own. */
export function isDigits(model: ModelInfo | undefined): boolean {
  return !model || (model.classes.length === 10 && model.classes.every((label, i) => label === String(i)))
}

/** Every class in turn, as a recipe says it. */
export function allClasses(model: ModelInfo): string {
  const count = model.classes.length
  if (count === 0) return 'none'
  return count === 1 ? '0' : `0-${count - 1}`
}

/** The highest class index that a list such as "0-3,7,none" names; −1 if none. */
function highest(list: string): number {
  const indices = list.match(/\d+/g) ?? []
  return Math.max(-1, ...indices.map(Number))
}
