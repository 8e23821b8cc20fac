import { describe, expect, test } from 'vitest'
import { roomNames } from '../rooms.ts'
import { page } from './page.ts'
import type { Prop } from './props.ts'
import { recipe } from './recipe.ts'
import { attributeNames, attributesText, initial, openRooms, parse, recipeText, serialise, table } from './table.ts'

describe('the state in the URL', () => {
  test('comes back as it was written', () => {
    const state = {
      ...initial(),
      room: 'generate' as const,
      t: 612,
      show: 'cosine' as const,
      noise: '18446744073709551615',
      model: '0123456789ab',
      sampler: 'ddpm' as const,
      variance: 'beta' as const,
      steps: 250,
      classes: '3,8,none',
      clip: false,
    }
    expect(parse(`#${serialise(state)}`)).toMatchObject({ state, faults: [] })
  })

  test('has numbers without an exponent, which the core does not read', () => {
    const { state } = parse('room=generate&model=0123456789ab&eta=1e-7&guidance=1e-30')
    expect(serialise(state)).toContain('eta=0.0000001&')
    expect(serialise(state)).toContain('guidance=0&')
  })

  test('says nothing of what was never changed', () => {
    expect(serialise(initial())).toBe('room=forward')
  })

  test('holds a recipe whole once there is a model, so that it survives a change of the defaults', () => {
    const state = { ...initial(), room: 'generate' as const, model: '0123456789ab', classes: '0-9' }
    expect(serialise(state)).toBe(`room=generate&${recipeText(state)}`)
    expect(recipeText(state)).toBe(
      'model=0123456789ab&sampler=ddim&steps=25&spacing=uniform&eta=0&clip=1&seed=7&classes=0-9&guidance=2&count=10',
    )
  })

  test('opens the generate room for a recipe alone, as the command line prints it', () => {
    expect(parse('#sampler=ddpm&steps=9').state).toMatchObject({ room: 'generate', sampler: 'ddpm', steps: 9 })
    expect(parse('#room=forward&steps=9').state.room).toBe('forward')
    expect(parse('#t=9').state.room).toBe('forward')
  })

  test('takes every sampler and spacing of the core, and a variance between β̃ and β', () => {
    for (const text of [
      'sampler=dpmpp',
      'sampler=unipc',
      'spacing=logsnr',
      'spacing=uniform:100',
      'sampler=ddpm&variance=0.35',
      'sampler=ddpm&branch=600',
      'guidance=2&interval=1-600',
    ]) {
      const { state, faults } = parse(text)
      expect(faults).toEqual([])
      expect(recipeText(state)).toContain(text.split('&').at(-1))
    }
    expect(parse('variance=1.5').faults).toMatchObject([{ used: 'beta_tilde' }])
  })

  test('gives η to DDIM and DPM-Solver++ and a variance to DDPM, as the core demands', () => {
    expect(recipeText({ ...initial(), sampler: 'unipc' })).not.toMatch(/eta=|variance=/)
    for (const sampler of ['ddim', 'dpmpp'] as const) {
      const noisy = recipeText({ ...initial(), sampler, eta: 0.5 })
      expect(noisy).toContain('eta=0.5')
      expect(noisy).not.toContain('variance=')
    }
    const ddpm = recipeText({ ...initial(), sampler: 'ddpm' })
    expect(ddpm).toContain('variance=')
    expect(ddpm).not.toContain('eta=')
  })
})

describe('a lecture', () => {
  test('has the rooms that it names, in the order of the story', () => {
    const { state, faults } = parse('rooms=generate,forward&hide=footer,bar')
    expect(faults).toEqual([])
    expect(openRooms(state)).toEqual(['forward', 'generate'])
    expect(serialise(state)).toBe('room=forward&rooms=forward,generate&hide=bar,footer')
    expect(openRooms(initial())).toEqual(roomNames)
  })

  test('opens with a room that it has, and says so if the link asks for another', () => {
    expect(parse('rooms=generate')).toMatchObject({ state: { room: 'generate' }, faults: [] })
    expect(parse('rooms=generate&room=forward')).toMatchObject({
      state: { room: 'generate' },
      faults: [{ key: 'room', given: 'forward', used: 'generate', wanted: 'generate' }],
    })
  })

  test('keeps what it knows of a list, and says what it does not', () => {
    expect(parse('hide=footer,walls')).toMatchObject({
      state: { hide: 'footer' },
      faults: [{ key: 'hide', given: 'footer,walls', used: 'footer' }],
    })
    expect(openRooms(parse('rooms=cellar').state)).toEqual(roomNames)
  })
})

test('a room by itself reads its attributes, whatever their case', () => {
  const attributes: Record<string, string> = { t: '300', picture: 'rings', id: 'mine', rooms: 'generate' }
  const element = { localName: 'ddpm-forward', getAttribute: (name: string) => attributes[name] ?? null }
  const { state, faults } = parse(attributesText(element as unknown as Element))
  expect(faults).toEqual([])
  expect(state).toEqual({ ...initial(), room: 'forward', t: 300, picture: 'rings' })
  expect(attributeNames).toContain('show')
  expect(attributeNames.filter((name) => name !== name.toLowerCase())).toEqual([])
})

describe('a bad value', () => {
  test.each([
    ['t=5000', 't', 1000],
    ['t=-3', 't', 0],
    ['t=12.6', 't', 13],
    ['t=abc', 't', 250],
    ['count=0', 'count', 1],
    ['count=1e9', 'count', 64],
    ['guidance=NaN', 'guidance', 2],
    ['guidance=-1', 'guidance', 0],
    ['eta=1.5', 'eta', 1],
    ['seed=-1', 'seed', '7'],
    ['seed=99999999999999999999', 'seed', '18446744073709551615'],
    ['clip=yes', 'clip', true],
    ['interval=600-1', 'interval', ''],
    ['spacing=uniform:0', 'spacing', 'uniform'],
    ['interval=0-9', 'interval', ''],
    ['classes=3;4', 'classes', ''],
    ['model=ABC', 'model', ''],
    ['room=cellar', 'room', 'forward'],
    ['sampler=', 'sampler', 'ddim'],
  ] as const)('%s is told, and the nearest valid one used', (text, key, value) => {
    const { state, faults } = parse(text)
    expect(state[key]).toBe(value)
    expect(faults).toMatchObject([{ why: 'value', key, given: text.slice(key.length + 1) }])
  })

  test('of an unknown key is told and left out', () => {
    expect(parse('#t=3&colour=red')).toMatchObject({
      state: { ...initial(), t: 3 },
      faults: [{ why: 'unknown', key: 'colour', given: 'red' }],
    })
  })
})

test.each(Object.values(table).map(({ key }) => key))('%s says so of what it cannot be, and stays valid', (key) => {
  const { state, faults } = parse(`${key}=~nonsense~`)
  expect(faults.filter(({ why }) => why === 'value')).toMatchObject([{ key, given: '~nonsense~' }])
  expect(parse(serialise(state)).faults).toEqual([])
})

test('every group of properties is in the table, and no key is in two of them', () => {
  type Group = Record<string, Prop<unknown>>
  const rooms = import.meta.glob<Record<string, unknown>>('../*/props.ts', { eager: true })
  const own = Object.values(rooms).flatMap((module) => Object.values(module).filter(isGroup))
  expect(own.length).toBeGreaterThan(0)
  const all = [page, recipe, ...own].flatMap((group) => Object.entries(group as unknown as Group))
  expect(all.map(([name]) => name).toSorted()).toEqual(Object.keys(table).toSorted())
  const keys = all.map(([, { key }]) => key)
  expect(new Set(keys).size).toBe(keys.length)
})

function isGroup(exported: unknown): exported is Record<string, Prop<unknown>> {
  return (
    typeof exported === 'object' &&
    exported !== null &&
    Object.values(exported).every((prop) => typeof prop === 'object' && prop !== null && 'parse' in prop)
  )
}
