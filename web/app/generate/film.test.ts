import { describe, expect, test } from 'vitest'
import type { RunStep } from '../../shared/engine.ts'
import { Film } from './film.ts'

function step(index: number, of: number, size = 100): RunStep {
  const pictures = { count: 1, width: size, height: 1, channels: 1, bytes: new Uint8Array(size) }
  return { index, of, t: of - index + 1, sigma: 0, pictures: { x: pictures, x0: pictures }, elapsed: 0, remaining: 0 }
}

function filmOf(steps: number, budget: number): Film {
  const film = new Film(budget)
  for (let index = 1; index <= steps; index++) film.add(step(index, steps))
  return film
}

describe('a film', () => {
  test('keeps every step that its budget allows', () => {
    expect(filmOf(10, 10 * 200).frames.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test.each([11, 37, 999, 1000])('of %i steps stays within its budget, evenly spread, with both ends', (steps) => {
    const { frames } = filmOf(steps, 10 * 200)
    expect(frames.length).toBeLessThanOrEqual(10)
    expect(frames[0]?.index).toBe(1)
    expect(frames.at(-1)?.index).toBe(steps)
    const gaps = frames.slice(2, -1).map(({ index }, i) => index - (frames[i + 1]?.index ?? 0))
    expect(new Set(gaps).size).toBeLessThanOrEqual(1)
  })

  test('knows at which t a step left x', () => {
    const film = filmOf(3, 1000)
    expect(film.frames.map((frame) => film.leaves(frame))).toEqual([2, 1, 0])
    const unfinished = new Film(1000)
    unfinished.add(step(1, 3))
    expect(unfinished.frames.map((frame) => unfinished.leaves(frame))).toEqual([undefined])
  })

  test('finds the kept step nearest to one that was let go', () => {
    const film = filmOf(1000, 10 * 200)
    for (const frame of film.frames) expect(film.near(frame.index)).toBe(frame)
    expect(film.near(1000)).toBe(film.last)
    expect(new Film().near(3)).toBeUndefined()
  })
})
