import { expect, test } from 'vitest'
import type { StepEvent } from '../../shared/protocol.ts'
import { rgba } from '../../shared/pictures.ts'
import { Collector } from '../client/collector.ts'

/** Images first … first+count−1, all pixels being the image's number plus ten times the step. */
function part(index: number, first: number, count: number): StepEvent {
  const bytes = Uint8Array.from({ length: count * 4 }, (_, i) => first + Math.floor(i / 4) + 10 * index)
  return {
    index,
    of: 2,
    t: 3 - index,
    sigma: 0.5,
    first,
    count,
    pictures: { x: { count, width: 2, height: 2, channels: 1, bytes } },
  }
}

test('a step is whole when its last part has come, in whatever order', () => {
  let now = 100
  const c = new Collector(5, () => now)
  expect(c.progress()).toEqual({ share: 0, elapsed: 0, remaining: Infinity })
  now = 110
  expect(c.add(part(1, 3, 2))).toBeUndefined()
  expect(c.progress()).toEqual({ share: 0.2, elapsed: 10, remaining: 40 })
  expect(c.add(part(2, 3, 2))).toBeUndefined() // this worker is ahead
  now = 120
  const first = c.add(part(1, 0, 3))
  expect(first).toMatchObject({ index: 1, of: 2, t: 2, sigma: 0.5, elapsed: 20 })
  expect([...(first?.pictures.x?.bytes ?? [])].filter((_, i) => i % 4 === 0)).toEqual([10, 11, 12, 13, 14])
  const second = c.add(part(2, 0, 3))
  expect(second).toMatchObject({ index: 2, t: 1, remaining: 0 })
  expect(second?.pictures.x).toMatchObject({ count: 5, width: 2, height: 2 })
})

test('bytes become RGBA, grey or in colour', () => {
  const grey = { count: 2, width: 1, height: 1, channels: 1, bytes: Uint8Array.of(7, 9) }
  expect([...rgba(grey, 1).data]).toEqual([9, 9, 9, 255])
  const colour = { count: 1, width: 2, height: 1, channels: 3, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6) }
  expect([...rgba(colour, 0).data]).toEqual([1, 2, 3, 255, 4, 5, 6, 255])
})
