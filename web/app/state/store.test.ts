import { expect, test } from 'vitest'
import { Store } from './store.ts'

test('a value is the link’s until the visitor chooses another, and the next link’s again', () => {
  const store = new Store('pick=9&pixel=~')
  expect([store.isGiven('pick'), store.isGiven('pixel'), store.isGiven('step')]).toEqual([true, true, false])
  store.set({ pick: 2 }, 'push')
  expect([store.isGiven('pick'), store.isGiven('pixel')]).toEqual([false, true])
  store.read('pick=4')
  expect([store.isGiven('pick'), store.isGiven('pixel')]).toEqual([true, false])
})
