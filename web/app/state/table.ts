import { broken } from '../break/props.ts'
import { edit } from '../edit/props.ts'
import { theory } from '../examples/props.ts'
import { forward } from '../forward/props.ts'
import { generate } from '../generate/props.ts'
import { reverse } from '../reverse/props.ts'
import { type RoomName, roomNames } from '../rooms.ts'
import { page } from './page.ts'
import type { Prop, Read } from './props.ts'
import { recipe, recipeKeys } from './recipe.ts'

/**
 * Everything that is chosen on the page. The table is the state's type, the
 * URL's grammar and the controls' limits. A room's own properties stand in its
 * props.ts and are spread in here; `recipe` is shared by all rooms that sample.
 */
export const table = { ...page, ...forward, ...theory, ...reverse, ...generate, ...edit, ...broken, ...recipe } as const

export type Key = keyof typeof table
export type State = { -readonly [K in Key]: (typeof table)[K] extends Prop<infer T> ? T : never }
export type Picture = State['picture']

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
  /** What only the core can refuse. */
  | { readonly why: 'refused'; readonly key: 'branch' | 'classes'; readonly given: string; readonly used: string }
  | { readonly why: 'model'; readonly given: string; readonly used: string }

const keys = Object.keys(table) as Key[]

/** The rooms that a lecture leaves open, in the order of the story. */
export function openRooms(state: Readonly<State>): readonly RoomName[] {
  const named = state.rooms.split(',')
  return state.rooms === '' ? roomNames : roomNames.filter((name) => named.includes(name))
}

export function initial(): State {
  return Object.fromEntries(keys.map((key) => [key, table[key].initial])) as State
}

/** Reads a fragment. Whatever it says, the state that comes out is valid. `said` are the keys that it had a word on. */
export function parse(fragment: string): { state: State; faults: Fault[]; said: Set<Key> } {
  const said = new Set<Key>()
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
    said.add(name)
    if (wanted !== undefined) {
      faults.push({ why: 'value', key, given: text, used: formatted(name, state as State), wanted })
    }
  }
  const read = state as State
  // A recipe as the command line prints it says nothing of rooms.
  if (!given.has(table.room.key) && recipeKeys(read.sampler).some((name) => given.has(table[name].key)))
    read.room = 'generate'
  const open = openRooms(read)
  const [room = read.room] = open
  if (!open.includes(read.room)) {
    if (given.has(table.room.key)) {
      faults.push({ why: 'value', key: 'room', given: read.room, used: room, wanted: open.join(', ') })
    }
    read.room = room
  }
  return { state: read, faults, said }
}

/**
 * Writes the state: what differs from the first values, and the recipe whole
 * where it matters, so that a link keeps its pictures when a default changes.
 */
export function serialise(state: State): string {
  const whole: readonly Key[] = state.room === 'generate' && state.model !== '' ? recipeKeys(state.sampler) : []
  return keys
    .filter((key) => key === 'room' || whole.includes(key) || state[key] !== table[key].initial)
    .filter((key) => formatted(key, state) !== '')
    .map((key) => `${table[key].key}=${formatted(key, state)}`)
    .join('&')
}

/** The recipe of the state as text for the core, which validates it and completes it. */
export function recipeText(state: State): string {
  return recipeKeys(state.sampler)
    .filter((key) => formatted(key, state) !== '')
    .map((key) => `${table[key].key}=${formatted(key, state)}`)
    .join('&')
}

function formatted(key: Key, state: State): string {
  return (table[key].format as (value: unknown) => string)(state[key])
}

/** The properties as HTML has them: attributes of a room that stands by itself. */
export const attributeNames: readonly string[] = keys
  .filter((key) => key !== 'room' && key !== 'rooms')
  .map((key) => table[key].key.toLowerCase())

/** The state that a room's attributes say, as `parse` reads it. */
export function attributesText(element: Element): string {
  const given = new URLSearchParams({ room: element.localName.replace(/^ddpm-/, '') })
  for (const key of keys) {
    const value = key === 'room' || key === 'rooms' ? null : element.getAttribute(table[key].key)
    if (value !== null) given.set(table[key].key, value)
  }
  return given.toString()
}
