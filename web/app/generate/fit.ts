import type { ModelInfo } from '../../shared/engine.ts'
import type { Fault, State } from '../state/table.ts'

/** Fits the state to the network that is there, and says what a link asked of it in vain. */
export function fit(state: Readonly<State>, model: ModelInfo): { patch: Partial<State>; faults: Fault[] } {
  const faults: Fault[] = []
  const patch: Partial<State> = {}
  if (state.model !== model.hash) {
    patch.model = model.hash
    if (state.model !== '') faults.push({ why: 'model', given: state.model, used: model.name || model.hash })
  }
  if (state.steps > model.timesteps) {
    patch.steps = model.timesteps
    const used = String(model.timesteps)
    faults.push({ why: 'value', key: 'steps', given: String(state.steps), used, wanted: `1–${used}` })
  }
  const all = allClasses(model)
  if (state.classes === '') patch.classes = all
  else if (highest(state.classes) >= model.classes.length) {
    patch.classes = all
    faults.push({ why: 'value', key: 'classes', given: state.classes, used: all, wanted: all })
  }
  return { patch, faults }
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
